/**
 * The value in an answer, without the sentence around it: "I live in Porto" is "Porto", "the title is Emma" is "Emma".
 * English.
 */
import { trimEndOf } from '../../../text.ts';

/** Words before a value that tell nothing. */
const INTERJECTION =
  /^(?:(?:um+|uh+|er+|h+m+|well|so|oh|ah|ok(?:ay)?|yes|yeah|yep|yup|sure|of course|certainly|alright|all right|gladly|hi|hello|hey|sorry|please|maybe|perhaps|probably|just|only|then|actually|no problem|here (?:it|you) (?:is|are|go)|let me see|let['’]?s see|i (?:think|guess|believe|suppose|meant?)|i(?:['’]d| would) say|i (?:do not|don['’]t) know|not sure|no(?=[,.!;:])|nope|and)(?=[\s,.:;!–-])[\s,.:;!–-]+(?:but )?)+/i;
/** Words behind a value that tell nothing. */
const BEHIND =
  /(?<![\s,])[\s,]{1,3}(?:please|pls|thanks|thank you|thx|cheers|if possible|maybe|perhaps|i (?:think|guess|believe|suppose)|for me|for us|then|instead|now|(?:would|will|should) (?:be (?:nice|great|good|fine|perfect|lovely|ok|okay|best|enough|wonderful)|work|suit me|suit us|do)(?: for (?:me|us))?|works(?: (?:best|well|fine))?(?: for (?:me|us))?|(?:is|are) (?:fine|good|ok|okay|great|perfect|best|right)(?: (?:for|with) (?:me|us))?|sounds (?:good|great)|suits (?:me|us)|it is|is (?:my|our|the|its) [a-z]{2,15}(?: [a-z]{2,15})?)$/i;
/** A clause behind a value that tells more about it: "a dog, he is three years old". */
const MORE =
  /[,;.–-] ?(?:(?:because|since|as|but|and (?=i\b|we\b|it\b|he\b|she\b)|that) |(?=(?:i|we|he|she|it|they|there)(?:['’]| )))/i;

const CALLED = /^(?:called|named|titled|known as) /i;
const REQUEST =
  /^(?:(?:can|could|may|might|shall) (?:i|we|you) (?:please )?(?:also )?(?:have|get|take|try|do|order|book|borrow|make|use)(?: me| us)? (?:(?:it|that|them) (?:in )?)?|do you (?:have|sell|offer|carry) |have you got |(?:how|what) about )/i;
const ORDER =
  /^(?:make|do|put|take|write|use|note|book|try|say|choose|send|give|bring|let['’]s (?:say|take|do|make|go|have)|let (?:us|me) (?:have|take|say))(?: (?:it|that|this|them|me|us|down|with))*(?: (?:to|as|under|for|in|on))? (?=\S)/i;
const SAYS =
  /^(?:it|that|this|he|she|they|these|mine|ours|(?:on|at) the \w+ it)(?:['’]s|['’]d be| is| are| was| were| would be| should be| must be| will be| should say| shall say| says?| reads?| shows?| weighs?| costs?)(?: (?:just|now|currently|probably|about|at|for|the one))? (?=\S)/i;
/** A thing and what it is or says: "my city is Leeds", "the back says KD12". */
const NAMED =
  /^(?:my|our|the|his|her|its|their|this|that) ((?:[\w'’-]+ ){1,4}?)(is|are|was|would be|should be|must be|will be|says|reads|shows|goes)(?: (?:just|now|called|named))? (?=\S)/i;
const READS = /^(?:says|reads|shows)$/i;
const GENERIC = /\b(?:names?|numbers?|codes?|titles?|answers?|one|favou?rite|choice)\b/i;

const SUBJECTS = new Set(['i', 'we', 'you', 'he', 'she', 'they']);
const BE = new Set(['am', 'are', 'is', 'was', 'were', 'be', 'been']);
const MODALS = new Set('would will can could should shall may might must do did does'.split(' '));
const HAVE = new Set(['have', 'has', 'had']);
const ADVERBS = new Set(
  'really just only currently now already actually also still probably always usually rather please kindly both all'.split(
    ' ',
  ),
);
const PREPOSITIONS = new Set('in at on to from for with under of by near into about as like'.split(' '));
const OBJECTS = new Set('it them one that this you me us mine'.split(' '));
const DETERMINERS = new Set('a an the my our some any no two three'.split(' '));
const CONTRACTIONS: readonly [RegExp, string][] = [
  [/^(i)['’]m\b/i, '$1 am'],
  [/^(i|we|you|they)['’]ve\b/i, '$1 have'],
  [/^(i|we|you|they|he|she)['’]ll\b/i, '$1 will'],
  [/^(i|we|you|they|he|she)['’]d\b/i, '$1 would'],
  [/^(we|you|they)['’]re\b/i, '$1 are'],
  [/^(he|she)['’]s\b/i, '$1 is'],
];

/** Returns the index behind adverbs. */
function behindAdverbs(words: readonly string[], from: number): number {
  let at = from;
  while (ADVERBS.has(words[at]?.toLowerCase() ?? '')) at += 1;
  return at;
}

/** Returns the index behind the verb of a sentence that begins with a pronoun; -1 without one, or with a denial. */
function behindVerb(words: readonly string[]): number {
  if (!SUBJECTS.has(words[0]?.toLowerCase() ?? '')) return -1;
  const at = behindAdverbs(words, 1);
  const verb = words[at]?.toLowerCase() ?? '';
  const next = behindAdverbs(words, at + 1);
  const second = words[next]?.toLowerCase() ?? '';
  if (/^(?:not|never)$|n['’]t$/.test(verb) || second === 'not' || second === 'never') return -1;
  if (BE.has(verb)) return /^[a-z]{2,}ing$/.test(words[next] ?? '') ? next + 1 : next;
  if (MODALS.has(verb)) return next + 1;
  if (HAVE.has(verb)) return second === 'got' ? next + 1 : next;
  return /^[a-z]{2,}$/.test(words[at] ?? '') ? next : -1;
}

/** Returns what stands behind a pronoun, its verb and a preposition: "I'm looking for Dune"; null without a verb. */
function objectOf(text: string): string | null {
  const plain = CONTRACTIONS.reduce((all, [from, to]) => all.replace(from, to), text);
  const words = plain.split(' ');
  let at = behindVerb(words);
  if (at === -1) return null;
  const isVerb = (index: number) =>
    /^[a-z]{2,12}$/.test(words[index] ?? '') &&
    !DETERMINERS.has(words[index] ?? '') &&
    words[index + 1] !== undefined;
  while (words[at] === 'to' && isVerb(at + 1)) at += 2;
  const behindObject = at + (OBJECTS.has(words[at] ?? '') ? 1 : 0);
  if (words[behindObject] !== undefined) at = behindObject;
  if (PREPOSITIONS.has(words[at] ?? '') && words[at + 1] !== undefined) at += 1;
  const rest = words.slice(at).join(' ');
  return rest === '' ? null : rest;
}

/** Returns a text without the sentence around its value; the text itself where there is no sentence. */
function withoutFrame(text: string, nouns: ReadonlySet<string>, stemOf: (word: string) => string): string {
  const named = NAMED.exec(text);
  if (named !== null) {
    const [all, thing = '', verb = ''] = named;
    const isAsked = thing.split(' ').some((word) => word !== '' && nouns.has(stemOf(word.toLowerCase())));
    const rest = text.slice(all.length);
    if (isAsked || READS.test(verb) || GENERIC.test(thing) || /^[\p{Lu}\d]/u.test(rest)) return rest;
  }
  for (const frame of [SAYS, REQUEST, CALLED, ORDER]) {
    const found = frame.exec(text)?.[0];
    if (found !== undefined && found.length < text.length) return text.slice(found.length);
  }
  return objectOf(text) ?? text;
}

/** "Not red, blue", "blue, not red", "blue instead of red". */
function withoutRuledOut(text: string): string {
  return text
    .replace(/^not [^,;]{1,40}[,;] ?(?:but )?/i, '')
    .replace(/,? (?:not|instead of|rather than) [^,;]{1,40}$/i, '');
}

/** A name in capitals, such as a title: its words are no sentence. */
const TITLE =
  /^(?!I\b|We\b|It\b|My\b)\p{Lu}[\p{L}'’]*(?: (?:of|and|the|in|on|to|a|an|for|\p{Lu}[\p{L}'’]*)){1,8}$/u;
const MAX_FRAMES = 4;
/** Answers are longer than this where they are no single value. */
const MAX_LENGTH = 160;

/** A preposition before a value: "to Lyon", "in black". */
const LEADING = /^(?:in|to|from|at|on|for|about|with|of) (?=\S)/;
const MAX_WORDS_BEHIND = 5;

function tidy(text: string): string {
  let left = trimEndOf(text.trim(), '.!?,;:');
  for (let round = 0; round < MAX_FRAMES; round += 1) {
    const next = trimEndOf(left.replace(BEHIND, ''), '.!?,;:');
    if (next === '' || next === left) break;
    left = next;
  }
  return left;
}

/**
 * Returns the value in an answer. `nouns` are the stems of what is asked for; `stemOf` makes the stem of a word. A long
 * answer is no single value, and is returned as it is.
 */
export function valuePhrase(
  answer: string,
  nouns: ReadonlySet<string>,
  stemOf: (word: string) => string,
): string {
  const plain = answer.replaceAll(/\s+/g, ' ').trim();
  if (plain.length > MAX_LENGTH) return plain;
  let left = tidy(plain);
  for (let round = 0; round < MAX_FRAMES; round += 1) {
    if (TITLE.test(left)) break;
    const next = tidy(withoutRuledOut(withoutFrame(left.replace(INTERJECTION, ''), nouns, stemOf)));
    if (next === '' || next === left) break;
    left = next;
  }
  const end = left.search(MORE);
  const value = end > 0 ? tidy(left.slice(0, end)) : left;
  return (
    (value.split(' ').length <= MAX_WORDS_BEHIND ? value.replace(LEADING, '') : value) ||
    trimEndOf(plain, '.!?,;:')
  );
}
