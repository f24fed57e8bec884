/** The exits of a state as its question lists them: "to book, to move or to cancel one" names three exits. */
import type { WeightedProposition } from '../evidence.ts';
import { valueOfNumber } from '../facts/number-words.ts';
import { clausesOf } from '../language/clauses.ts';
import { relation } from '../language/scales.ts';
import { stemOf } from '../language/stems.ts';
import { wishesIn, type Wish } from '../language/wishes.ts';
import { isPolar } from './described-kinds.ts';
import type { Question } from './questions.ts';
import { withHintWords, type Profile } from './profiles.ts';
import type { Description } from './descriptions.ts';

/** A description of an exit, as far as it is looked at here. */
type Way = Pick<Description, 'acts' | 'awaits' | 'otherwise' | 'wishes'> & {
  weighted: readonly WeightedProposition[];
};

/** An option of a question: its stems and the wishes that no other option has. */
interface Option {
  stems: readonly string[];
  wishes: ReadonlySet<Wish>;
}

/** Exits as a question lists them: the words by which it names each, and their order in it. */
export interface Listed {
  /** For each exit, the option that names it; null without one. */
  named: readonly (Option | null)[];
  /** Indexes of the exits in the order in which the question names them; empty where it does not name all. */
  order: readonly number[];
}

function readOptions(options: readonly string[]): Option[] {
  const read = options.map((option) => {
    const clauses = clausesOf(option);
    // "Not at all" names nothing by its words.
    const stems = clauses.some(({ negated }) => negated) ? [] : clauses.flatMap((clause) => clause.stems);
    return { stems, wishes: wishesIn(clauses) };
  });
  return read.map(({ stems, wishes }, index) => {
    const others = read.filter((_each, at) => at !== index);
    return {
      stems: stems.filter((stem) => !others.some((other) => other.stems.includes(stem))),
      wishes: new Set([...wishes].filter((wish) => !others.some((other) => other.wishes.has(wish)))),
    };
  });
}

/** Returns the stems by which a description differs from those of the other exits. */
function tellingStems({ weighted }: Way): string[] {
  return weighted
    .filter(({ negated }) => !negated)
    .flatMap(({ words }) => words.filter(([, weight]) => weight === 1).map(([stem]) => stem));
}

const meansOne = (stems: readonly string[], stem: string): boolean =>
  stems.some((each) => relation(each, stem) === 1);

const sharesWord = ({ stems }: Option, way: Way): boolean =>
  tellingStems(way).some((stem) => meansOne(stems, stem));

const sharesWish = ({ wishes }: Option, way: Way): boolean =>
  [...wishes].some((wish) => way.wishes.has(wish));

/** Returns true if numbers grow. */
const grows = (numbers: readonly number[]): boolean =>
  numbers.every((each, at) => at === 0 || each > (numbers[at - 1] ?? 0));

/** Returns true if a description only denies: "feels no pain" is none of "in the arm or in the leg". */
function onlyDenies(way: Way | undefined): boolean {
  return way !== undefined && way.weighted.length > 0 && way.weighted.every(({ negated }) => negated);
}

/**
 * Returns, for each option, the place of the exit that it names among `ways`, or -1; null where words speak against it.
 * Where there are as many options as exits, an option without a word of an exit names the one that is left, or the exits
 * that are left in their order if all others stand in order.
 */
function assign(options: readonly Option[], ways: readonly Way[]): number[] | null {
  if (options.length < 2) return null;
  const found = options.map((option) =>
    ways.flatMap((way, place) => (sharesWord(option, way) || sharesWish(option, way) ? [place] : [])),
  );
  const taken = found.flat();
  if (taken.length === 0 || new Set(taken).size < taken.length) return null;
  if (found.some(({ length }) => length > 1)) return null;
  const sure = found.map(([place = -1]) => place);
  const left = ways.map((_way, place) => place).filter((place) => !taken.includes(place));
  const isFull = options.length === ways.length;
  if (!isFull || left.length === 0 || left.some((place) => onlyDenies(ways[place]))) return sure;
  const rest = [...left];
  const assigned = sure.map((place) => (place === -1 ? (rest.shift() ?? -1) : place));
  return left.length > 1 && !grows(assigned) ? sure : assigned;
}

/** Returns the place in a text of the first word that one of the stems means; -1 without one. */
function placeIn(words: readonly string[], stems: readonly string[]): number {
  return words.findIndex((word) => meansOne(stems, word));
}

/** The most stems by which an option names an exit: its last ones. */
const MAX_NAMING = 2;

/**
 * Returns the option that names an exit in other words than its own: without words of other exits and without numbers.
 * Null where the words of the exit say it already.
 */
function namingOption(option: Option | undefined, way: Way, ways: readonly Way[]): Option | null {
  if (option === undefined || sharesWord(option, way)) return null;
  const taken = ways
    .filter((other) => other !== way)
    .flatMap(({ weighted }) => weighted.flatMap(({ words }) => words));
  const stems = option.stems
    .slice(-MAX_NAMING)
    .filter((stem) => valueOfNumber(stem) === null && !taken.some(([other]) => relation(stem, other) === 1));
  return { stems, wishes: option.wishes };
}

/** Reads what a question with its options tells about the exits of its state. `text` is the whole action that asks. */
export function listedExits(
  exits: readonly { ways: readonly Way[] }[],
  options: readonly string[],
  text: string,
): Listed {
  const candidates = candidatesOf(exits);
  const read = readOptions(options);
  const ways = candidates.map(({ way }) => way);
  const assigned = assign(read, ways) ?? [];
  const named = exits.map((_exit, index) => {
    const place = candidates.findIndex((candidate) => candidate.index === index);
    const way = ways[place];
    return way === undefined ? null : namingOption(read[assigned.indexOf(place)], way, ways);
  });
  const words = clausesOf(text.replaceAll(/["“”]/g, ' ')).flatMap((clause) => clause.words.map(stemOf));
  const places = candidates.map(({ way, index }) => ({
    index,
    place: placeIn(words, [...tellingStems(way), ...(named[index]?.stems ?? [])]),
  }));
  const isOrdered =
    places.every(({ place }) => place !== -1) &&
    new Set(places.map(({ place }) => place)).size === places.length;
  return {
    named,
    order: isOrdered ? places.sort((a, b) => a.place - b.place).map(({ index }) => index) : [],
  };
}

/** An exit with the words of its option, and its profiles for the comparison by meaning. */
interface Exit<Read> {
  ways: readonly Read[];
  profiles: readonly Profile[];
}

/** Returns the exits with the words by which the question names each. */
export function withNames<
  Read extends Way & { named: readonly WeightedProposition[]; ofThings: boolean },
  Each extends Exit<Read>,
>(exits: readonly Each[], { named }: Listed, question: Question): Each[] {
  const ofThings = choosesAmongThings(exits, question);
  return exits.map((exit, index) => {
    const [own, ...beyond] = exit.ways;
    const option = named[index] ?? null;
    if (own === undefined) return exit;
    const asked = { ...own, ofThings, weighted: withoutAskedVerb(own.weighted, question) };
    if (option === null) return { ...exit, ways: [asked, ...beyond] };
    const words = { words: option.stems.map((stem) => [stem, 1] as const), negated: false, loose: true };
    const wishes = new Set([...own.wishes, ...option.wishes]);
    return {
      ...exit,
      ways: [{ ...asked, wishes, named: [words] }, ...beyond],
      profiles: exit.profiles.map((profile) => withHintWords(profile, [words])),
    };
  });
}

/** The fewest exits that are things to choose among. Two can be a yes and a no. */
const FEWEST_THINGS = 3;

function choosesAmongThings(
  exits: readonly { ways: readonly Way[] }[],
  { proposition, options }: Question,
): boolean {
  const isChoice = proposition === null || options.length >= FEWEST_THINGS;
  return isChoice && candidatesOf(exits).length >= FEWEST_THINGS;
}

/**
 * Returns propositions without the verb that the question asks about, or beside which an option names the thing: to "How
 * would you like to pay?", "by card" says enough for "wants to pay by card".
 */
function withoutAskedVerb(
  weighted: readonly WeightedProposition[],
  { stems, options }: Question,
): readonly WeightedProposition[] {
  const optionStems = options.flatMap((option) => clausesOf(option).flatMap((clause) => clause.stems));
  return weighted.map((each) => {
    const { verb, words } = each;
    if (verb === undefined) return each;
    const isNamed = words.some(
      ([stem, weight]) => stem !== verb && weight === 1 && meansOne(optionStems, stem),
    );
    const isAsked = options.length === 0 && stems.includes(verb);
    return isNamed || isAsked ? { ...each, verb: undefined } : each;
  });
}

/** Returns the exits that an answer can choose, with their indexes. */
function candidatesOf<Read extends Way>(
  exits: readonly { ways: readonly Read[] }[],
): { way: Read; index: number }[] {
  return exits.flatMap(({ ways: [way] }, index) =>
    way === undefined || way.awaits || way.otherwise || isPolar(way) || way.acts.has('farewell')
      ? []
      : [{ way, index }],
  );
}
