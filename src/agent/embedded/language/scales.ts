/**
 * Everyday English words by meaning. Each line of `SCALES` has two poles: "tight" and "firm" are one pole, "loose" and
 * "wobbly" the other, so that "it isn't loose" answers whether something is tight. A line of `SYNONYMS` has one.
 */
import { stemOf } from './stems.ts';

/** A line that begins with "+" also tells what is well (its first pole) from what is not, one with "-" only what is not. */
const SCALES = `
+ tight firm snug secure taut fastened clamped clicked sturdy | loose wobbly shaky slack rattling undone wiggle wobble
tight firm stuck | move budge wiggle turn shift drift
+ lit light on alight illuminated glowing bright | unlit off dark black dead
bright brilliant glaring clear vivid | dim faint pale weak
+ strong powerful forceful full good | weak feeble poor faint low bad
open opened ajar | closed shut off
unlocked | locked
+ plugged connected attached linked joined inserted in on | unplugged disconnected detached separate out off removed
- full filled stuffed packed crammed topped fullof | empty drained vacant blank bare
+ charged full loaded | discharged flat drained dead empty
hot warm boiling overheated overheating scorching | cold cool icy chilly
wet damp soaked moist soaking water leak leaking drip | dry dried
+ clean spotless shiny | dirty filthy grimy dusty stained rusty fullof
+ free clear straight open unobstructed | blocked clogged jammed stuck obstructed kinked bent squashed fullof
+ straight | bent dented dent warped crooked curved kinked
loud noisy | quiet silent noiseless mute
noise sound hear loud | silence silent quiet
fast quick rapid speedy | slow sluggish
new recent fresh young replaced swapped changed latest newest current modern | old oldest ancient aged outdated previous
newer younger | older
hard firm | soft squishy
big large huge largest biggest | small little tiny smallest
high tall raised up hard above | low down lowered soft flat below
long lengthy slow forever ages | short brief quick fast immediate immediately instantly
blink flash flicker pulse | off dark
+ finish complete done succeed | interrupt abort hung fail halt
many lots several multiple numerous | few single one
all every everything everywhere everybody each whole entire | none nothing nowhere nobody
one only single sole just alone | both all everything every everybody each whole entire everywhere
always constantly continuously permanently ever | never rarely
always constantly continuously permanently constant | sometimes occasionally intermittently only
steady solid constant stable | blink flash flicker pulse
+ smooth even regular level | uneven rough bumpy irregular
+ steady solid stable firm level | wobble shake rock dance shaky unsteady
+ good nice well fine okay ok alright new replaced normal perfect proper healthy intact whole undamaged right | bad damaged broken wrong faulty defective torn cracked worn burnt burn frayed ruined ripped bust poor hole rip tear corroded rusty snapped shattered smashed blown
+ right correct true accurate | wrong incorrect false mistaken
+ works run function operate go turn on respond react | fail broken crash dead stop off frozen hung unresponsive
+ start boot launch begin fire catch | quit halt stall
continue keep persist remain run | stop cease disappear vanish quit gone away die
easy simple effortless | difficult hard tough stiff
+ safe protected | danger dangerous unsafe hazardous
inside indoors home within | outside outdoors out away
+ present visible | absent missing gone
present there visible here show displayed appear | absent missing gone invisible hidden blank
left | right
locked lock bolted | unlocked open
top upper above | bottom lower below underneath beneath under
front | rear back
early earlier | late later
accept keep retain | reject return
increase rise grow higher | decrease drop fall lower sink
+ enabled active activated on | disabled inactive deactivated off
same equal identical even share | different unequal other another
own mine ours our | foreign other another neighbour
hurt pain ache sore | painless
+ alive | dead
day daytime morning noon | evening night
drain | remain
straight | pull drift veer swerve side sideways crooked
vertical upright | horizontal
stay stand remain hold | drop fall slip
automatic | manual
`;

/** Kinds of noises. Each is a noise, and none is another one: a squeal is no rumble. */
const NOISES =
  'hum buzz rattle squeal grinding squeak rumble click hiss knock beep crackle pop whine whistle gurgle thud ticking clunk bang';

const SYNONYMS = `
blink flash flicker pulse
display screen panel
lamp light bulb
light gleam shine glow
move shift budge
car vehicle automobile
computer laptop pc notebook
phone mobile telephone cellphone
smell odour odor stink
crack split tear rip torn
repair mend fix
buy purchase order
price charge fee expensive pay cost
appointment visit
table reservation room seat
book reserve schedule
cancel abort revoke off
move reschedule change postpone
medicine medication pill tablet drug prescription
refill again
fetch collect pick
ending end cancel terminate quit
parcel package delivery deliver
deliver bring ship send
send return give
money refund owe
person human people somebody someone anybody anyone friend
start run
child kid son daughter
parent mother father
order parcel package
bill invoice
arrive come came
fuel petrol gas diesel
turn spin rotate revolve crank whir
fast spin
click clack
sound noise
leak drip puddle wet floor
eat feed
outside outdoors window terrace
size fit
mail email message text letter
error fail
damage break broke broken
cable cord lead wire usb
wifi wireless wlan
clean cleaned wash
restart reboot
`;

type Pole = number;

/** Words for trouble. A question about one of them asks for something that should not be the case. */
const TROUBLES =
  'streak smoke error leak crack noise damage rust dent smell vibration jam alarm warning fault problem issue trouble rattle squeak stain hole puddle tear low lint dust dirt debris mold corrosion sludge spot fingerprint smudge scratch smear gap bump slip skid squeal stall overheat misfire vibrate stutter lag clog tangle snag fray peel warp sag drip knock scrape stripe below swollen swell bulge deform unusual abnormal lose interrupt';

/** What is known of stems. */
interface Lexicon {
  /** The poles of each stem: `+n` and `-n` are the two poles of scale `n`. A line of synonyms is a scale of one pole. */
  poles: Map<string, Pole[]>;
  /**
   * The worth of each stem: +1 if it tells that something is well, -1 if it tells the opposite, 0 if it can tell both.
   */
  worth: Map<string, number>;
  troubles: ReadonlySet<string>;
}

function value({ worth }: Lexicon, stem: string, side: number): void {
  const known = worth.get(stem);
  worth.set(stem, known === undefined || known === side ? side : 0);
}

function register(lexicon: Lexicon, line: number, scale: string): void {
  const { poles } = lexicon;
  const valued = scale.startsWith('+') ? [0, 1] : scale.startsWith('-') ? [1] : [];
  for (const [side, words] of scale.replace(/^[+-]/, '').split('|').entries()) {
    for (const word of words.trim().split(/\s+/)) {
      const pole = side === 0 ? line : -line;
      const stem = stemOf(word);
      poles.set(stem, [...new Set([...(poles.get(stem) ?? []), pole])]);
      if (valued.includes(side)) value(lexicon, stem, side === 0 ? 1 : -1);
    }
  }
}

let loaded: Lexicon | undefined;

/** Returns what the lines tell. The first call reads them, so that the start of an isolate does not. */
function lexicon(): Lexicon {
  if (loaded !== undefined) return loaded;
  loaded = { poles: new Map(), worth: new Map(), troubles: new Set(TROUBLES.split(' ').map(stemOf)) };
  const noises = NOISES.split(' ').map((kind) => `${kind} noise sound loud | silence silent quiet nothing`);
  for (const [line, text] of [
    ...SCALES.trim().split('\n'),
    ...SYNONYMS.trim().split('\n'),
    ...noises,
  ].entries())
    register(loaded, line + 1, text);
  return loaded;
}

/** Two words of one family share at least this many letters at their beginning, and end in at most so many others. */
const MIN_FAMILY = 5;
const MAX_ENDING = 3;
/**
 * The shortest stem, in letters, that is of one family with the same stem and one of `ENDINGS`: "rust" and "rusty".
 */
const MIN_ROOT = 4;
const ENDINGS = new Set(['i', 'y', 'er', 'en']);

/**
 * Returns true if two stems are of one family that the stemmer keeps apart: "allergic" and "allergy", "start" and
 * "starter".
 */
export function isDerived(a: string, b: string): boolean {
  // Stems are compared in pairs, hundreds in a turn. Most differ in their first letter.
  if (a.charCodeAt(0) !== b.charCodeAt(0)) return false;
  const short = a.length < b.length ? a : b;
  const long = short === a ? b : a;
  if (short.length < MIN_ROOT) return false;
  if (long.startsWith(short) && ENDINGS.has(long.slice(short.length))) return true;
  const shared = Math.max(MIN_FAMILY, long.length - MAX_ENDING);
  return short.length >= shared && long.startsWith(short.slice(0, shared));
}

/**
 * Prefixes that deny a stem, and the least letters of that stem. With fewer, it is another word: "install" does not
 * deny "stall".
 */
const DENYING: readonly [prefix: string, least: number][] = [
  ['un', 3],
  ['dis', 4],
  ['non', 4],
  ['in', 6],
  ['im', 6],
  ['ir', 6],
];

function isOppositeByPrefix(denied: string, stem: string): boolean {
  const added = denied.length - stem.length;
  // The prefixes have two or three letters.
  if (added < 2 || added > 3 || !denied.endsWith(stem)) return false;
  return DENYING.some(
    ([prefix, least]) => prefix.length === added && stem.length >= least && denied.startsWith(prefix),
  );
}

/** Returns true if a stem is a word of a scale or has synonyms. */
export function isScaled(stem: string): boolean {
  return lexicon().poles.has(stem);
}

/** The ending of a comparative or a superlative, as a stem keeps it: "quieter", "oldest". */
const COMPARED = /(?:i?er|est)$/;

function polesOf(stem: string): readonly number[] | undefined {
  const { poles } = lexicon();
  const own = poles.get(stem);
  if (own !== undefined) return own;
  const isCompared = stem.endsWith('er') || stem.endsWith('est');
  return isCompared ? poles.get(stem.replace(COMPARED, '')) : undefined;
}

/** Colours. A thing of one colour is not of another one. */
const COLOURS = new Set(
  'red green blue yellow orange white black purple pink brown grey gray amber violet'.split(' ').map(stemOf),
);

/** Returns the relation of two stems: +1 for the same meaning, -1 for opposite meanings, 0 for neither. */
export function relation(a: string, b: string): 1 | 0 | -1 {
  if (a === b || isDerived(a, b)) return 1;
  if (isOppositeByPrefix(a, b) || isOppositeByPrefix(b, a)) return -1;
  if (COLOURS.has(a) && COLOURS.has(b)) return -1;
  const ofA = polesOf(a);
  const ofB = ofA === undefined ? undefined : polesOf(b);
  if (ofA === undefined || ofB === undefined) return 0;
  if (ofA.some((pole) => ofB.includes(pole))) return 1;
  return ofA.some((pole) => ofB.includes(-pole)) ? -1 : 0;
}

/** Stems of verbs that end a trouble: "Is your problem solved?" asks for what is well. */
const ENDS_TROUBLE = new Set(
  'solve resolve fix repair sort cure mend settle remove disappear vanish go stop end'.split(' ').map(stemOf),
);

/** Returns true if stems name a trouble that is not told to be over. */
export function namesTrouble(stems: readonly string[]): boolean {
  return stems.some((stem) => lexicon().troubles.has(stem)) && !endsTrouble(stems);
}

/** Returns true if stems tell that a trouble is over. */
export function endsTrouble(stems: readonly string[]): boolean {
  return stems.some((stem) => ENDS_TROUBLE.has(stem)) && stems.some((stem) => lexicon().troubles.has(stem));
}

/** Returns -1 if one of the stems tells that something is not well, else +1 if one tells that it is well, else 0. */
export function worthOf(stems: readonly string[]): -1 | 0 | 1 {
  const { worth } = lexicon();
  const found = stems.map((stem) => worth.get(stem) ?? 0);
  if (found.some((each) => each < 0)) return -1;
  return found.some((each) => each > 0) ? 1 : 0;
}
