/**
 * Evidence by the wishes that services of every kind know: "I can't make it" takes the exit "An appointment is to be
 * cancelled". English.
 */
import type { Evidence } from '../evidence.ts';
import type { Message } from '../language/message.ts';
import { isOfQuestions, wishesIn, type Wish } from '../language/wishes.ts';
import type { ReadDescription } from '../reading/states.ts';

/** A question for a fact. "How do I send it back?" is a wish. */
const ASKS_FOR_FACT =
  /^\W*(?:(?:and|but|so|ok|okay|oh|hi|hello|hey|sorry|yes|well|until|by|from|since)[\s,.!]+){0,3}(?:when|where|why|who|whose|which|what|how (?!(?:do|can|could|would|about) ))\b/i;

/** Returns true if a message only asks for a fact. */
export function asksForFact({ questions, statements }: Message): boolean {
  return (
    statements.length === 0 && questions.length > 0 && questions.every(({ text }) => ASKS_FOR_FACT.test(text))
  );
}

/** Returns the wishes of a message. */
function wishesOf(message: Message): readonly Wish[] {
  const clauses = [...message.statements, ...message.questions.flatMap((question) => question.clauses)];
  const found = [...wishesIn(clauses)];
  return asksForFact(message) ? found.filter(isOfQuestions) : found;
}

/** The evidence of a wish that one exit alone describes. */
const WISHED = 0.85;

/**
 * Returns the evidence of the wish of a message for exits that describe different wishes. `exits` has the descriptions of
 * each exit. No evidence where fewer than two exits can be told apart by their wishes.
 */
export function wishEvidence(
  exits: readonly (readonly Pick<ReadDescription, 'wishes'>[])[],
  message: Message,
): Evidence[] {
  const none = exits.map(() => 0);
  const described = exits.map((ways) => new Set(ways.flatMap(({ wishes }) => [...wishes])));
  const own = described.map((wishes, index) =>
    [...wishes].filter((wish) => !described.some((other, at) => at !== index && other.has(wish))),
  );
  if (own.filter(({ length }) => length > 0).length < 2) return none;
  const wished = wishesOf(message);
  const meant = own.flatMap((wishes, index) => (wishes.some((wish) => wished.includes(wish)) ? [index] : []));
  const [exit] = meant;
  return meant.length === 1 && exit !== undefined
    ? none.map((_each, index) => (index === exit ? WISHED : 0))
    : none;
}

/** Returns evidence in which the wish of a message counts before its words. */
export function withWishes(evidence: readonly Evidence[], wished: readonly Evidence[]): Evidence[] {
  if (!wished.some((each) => each > 0)) return [...evidence];
  return evidence.map((own, index) => {
    const wish = wished[index] ?? 0;
    return wish > 0 ? Math.max(own, wish) : Math.min(own, LEFT_BESIDE_WISH);
  });
}

/** The most evidence of words for another exit than that of the wish. */
const LEFT_BESIDE_WISH = 0.5;
