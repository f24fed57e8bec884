import { stemmer } from 'stemmer';

/** Words whose stem would be that of another word: "one" would be "on", "evening" "even". */
const WHOLE = new Set([
  'one',
  'ones',
  'evening',
  'evenings',
  'news',
  'wonderful',
  'does',
  'this',
  'was',
  'us',
]);

/** Irregular forms of verbs and nouns, each line with the base first. Forms that are also other common words are left out. */
const IRREGULAR = `
bring brought
build built
buy bought
catch caught
choose chose chosen
come came
die dies died dying
drink drank drunk
drive drove driven
eat ate eaten
fall fell fallen
fight fought
fly flew flown
grow grew grown
hide hid hidden
hold held
keep kept
pay paid
ride rode ridden
ring rang rung
run ran
sell sold
send sent
shake shook shaken
sing sang sung
sink sank sunk
sleep slept
speak spoke spoken
steal stole stolen
swim swam swum
take took taken
teach taught
throw threw thrown
undo undone
write wrote written
bite bitten
forget forgotten
tooth teeth
foot feet
man men
woman women
swell swelled swollen
child children
mouse mice
knife knives
shelf shelves
leaf leaves
half halves
`;

const BASE = new Map(
  IRREGULAR.trim()
    .split('\n')
    .flatMap((line) => {
      const [verb = '', ...forms] = line.split(' ');
      return forms.map((form) => [form, verb] as const);
    }),
);

/** The shortest word, in letters, that loses the ending of an adverb. */
const MIN_ADVERB = 6;

/** The stem of a word in lower case. */
export function stemOf(word: string): string {
  if (WHOLE.has(word)) return word.replace(/s$/, '');
  const base = BASE.get(word);
  if (base !== undefined) return stemmer(base);
  // "Firmly" is "firm".
  return stemmer(word.length >= MIN_ADVERB && word.endsWith('ly') ? word.slice(0, -2) : word);
}
