/** The parts of an answer that a state asks for together, such as a day and a time, and which of them were told. English. */
import { kindsNamedIn, withoutQuotes, type FactKind } from '../facts/kinds.ts';
import type { Question } from '../reading/questions.ts';
import type { ReadState } from '../reading/states.ts';

/** The parts that a state asks for, and the index of the exit that waits for all of them. */
export interface Parts {
  exit: number;
  kinds: readonly FactKind[];
}

/** Words by which an exit waits for all parts: "Both are known". */
const ALL_OF_THEM = /\b(?:both|all|everything|each)\b/i;

/** Returns the kinds that a text names, a day and a time as two of them. */
function kindsIn(text: string): FactKind[] {
  const kinds = kindsNamedIn(text);
  const hasDay = kinds.some(({ name }) => name === 'day');
  return kinds.flatMap((kind) => {
    if (kind.name === 'day and time' && DAY_WITH_TIME.test(text))
      return [...kindsNamedIn('day'), ...kindsNamedIn('the time')];
    // The time beside a day is that of the clock.
    return kind.name === 'time' && hasDay ? kindsNamedIn('the time') : [kind];
  });
}

const DAY_WITH_TIME = /\b(?:days?|dates?) and (?:the |at (?:what|which) |a )?times?\b/i;

/** Returns true if a text names kinds of which one is enough: "a phone number or an address". */
function namesAlternatives(text: string, kinds: readonly FactKind[]): boolean {
  const rest = kinds.reduce((left, { named }) => left.split(named).join(' '), withoutQuotes(text));
  return /\bor\b/i.test(rest);
}

/** Returns the parts that a state asks for; null where it asks for one thing, or where one of several is enough. */
export function partsOf({ exits }: ReadState, question: Question): Parts | null {
  const exit = exits.findIndex(({ ways: [way] }) => way?.awaits === true);
  const text = exits[exit]?.ways[0]?.text ?? '';
  const named = kindsIn(text);
  const kinds = named.length > 1 || !ALL_OF_THEM.test(text) ? named : kindsIn(question.text);
  if (kinds.length < 2 || namesAlternatives(text, kinds)) return null;
  // A name in two parts is asked for part by part, and a matter is any words.
  return kinds.some(({ name }) => name === 'full name' || name === 'matter') ? null : { exit, kinds };
}

/** Kinds that are told in the words of an answer only. Anywhere else such words may be something else. */
const LOOSE: readonly string[] = [
  'name',
  'number',
  'code',
  'label',
  'clock',
  'amount',
  'house number',
  'frequency',
];
/** Kinds of time, for which users say that any will do. */
const OF_TIME: readonly string[] = ['day', 'clock', 'half of the day', 'month'];
const ANY_TIME =
  /\b(?:any ?time|whenever|either|flexible|(?:do not|don't|doesn't) (?:mind|care|matter)|no preference|all the same|up to you|you (?:choose|decide|pick)|as soon as|the (?:earliest|sooner|first))\b/i;

/** Returns the parts that an answer tells. */
export function toldInAnswer(text: string, { kinds }: Parts): FactKind[] {
  const found = kinds.map((kind) => kind.find(text));
  return kinds.filter((kind, index) => {
    if (found[index] != null || (OF_TIME.includes(kind.name) && ANY_TIME.test(text))) return true;
    // What is one part is no other one: the digits of a phone number are no number of people.
    const rest = found.reduce<string>((left, each) => (each === null ? left : left.replace(each, ' ')), text);
    return LOOSE.includes(kind.name) && /[\p{L}\d]/u.test(rest) && kind.findInAnswer(rest) !== null;
  });
}

/** The boundary between two questions of one sentence: "Which day suits you, and at what time?" */
const NEXT_QUESTION =
  /,? (?:and|or) (?=(?:(?:on|at|in|for|from|to|by|under) )?(?:which|what|how|when|where|who|would|will|is|are|do|does|should|can|could)\b)/i;
/** Words that ask for a part where the graph has none. */
const ASKED: Readonly<Record<string, string>> = {
  day: 'And on which day?',
  clock: 'And at what time?',
  'half of the day': 'And would that be in the morning or in the afternoon?',
  number: 'And how many?',
  frequency: 'And how often?',
  month: 'And in which month?',
};

/** Returns the question for one part, in the words of the question for all of them where these can be divided. */
export function questionFor({ named, name }: FactKind, question: Question, description: string): string {
  const plain = question.text.replace(/[?.!\s]{1,5}$/, '');
  const parts = plain.split(NEXT_QUESTION);
  const own = parts.length > 1 ? parts.find((part) => kindsNamedIn(part)[0]?.name === name) : undefined;
  if (own !== undefined) return `And ${own.charAt(0).toLowerCase()}${own.slice(1)}?`;
  const word = named.exec(description)?.[0] ?? named.exec(plain)?.[0] ?? name;
  return ASKED[name] ?? `And what is the ${word.toLowerCase()}?`;
}
