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

/** The shortest word, in letters, that loses the ending of an adverb. */
const MIN_ADVERB = 6;

/** The stem of a word in lower case. */
export function stemOf(word: string): string {
  if (WHOLE.has(word)) return word.replace(/s$/, '');
  // "Firmly" is "firm".
  return stemmer(word.length >= MIN_ADVERB && word.endsWith('ly') ? word.slice(0, -2) : word);
}
