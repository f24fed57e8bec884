/** Evidence that a yes or a no to the question of a state gives for exits that describe an answer in words. */
import type { Evidence } from '../evidence.ts';
import { relation } from '../language/scales.ts';
import { deniesThing, relatednessOf } from '../polarity.ts';
import type { Message } from '../language/message.ts';
import type { Question } from '../reading/questions.ts';
import type { ReadDescription, ReadExit } from '../reading/states.ts';
import type { Hearing } from './hearing.ts';
import { isAside } from '../reading/described-kinds.ts';
import { WEIGHTS } from '../weights.ts';

/**
 * Returns how an exit in words is related to the question: above 0 if a yes means it, below 0 if a no does. One part
 * that a no means makes the result negative.
 */
function relatedTo(asked: readonly string[], { weighted, acts }: ReadDescription): Evidence {
  if (acts.has('yes') || acts.has('no')) return 0;
  const found = weighted.map(({ words, negated }) =>
    relatednessOf({ stems: words.map(([stem]) => stem), negated }, asked),
  );
  const least = Math.min(0, ...found);
  return least < 0 ? least : Math.max(0, ...found);
}

/** A yes or a no means an exit that tells the answer in words: to "Are they tight?" a no means "They are loose". */
export function impliedEvidence(
  exits: readonly ReadExit[],
  { message, question, polarity }: Hearing,
): Evidence[] {
  const none = exits.map(() => 0);
  if (Math.abs(polarity) < WEIGHTS.leastPolarity) return none;
  if (Math.abs(polarity) < WEIGHTS.clearPolarity && meetsSubjectOnly(exits, question, message)) return none;
  const ways = exits.map(({ ways: [way] }) => (way === undefined || way.awaits ? null : way));
  const asked = askedWords(exits, question);
  const related = ways.map((way) =>
    way === null || (isAside(way) && !way.acts.has('human')) ? 0 : relatedTo(asked, way),
  );
  // "Okay, a cut" agrees to nothing: it names one of the options.
  const names = message.acknowledges && message.statements.some(({ stems }) => stems.length > 0);
  if (names && question.options.length > 1) return none;
  // Neither a yes nor a no tells which of two is meant.
  if (question.options.length > 2 && !question.consent) return none;
  if (question.options.length > 1 && related.filter((each) => each > WEIGHTS.leastRelated).length > 1)
    return none;
  const implied = implications(withoutAddition(ways, related, asked), question, polarity);
  const isBareNo = message.bare && message.explicit === -1;
  if (implied.some((each) => each > 0))
    return implied.map((each, index) =>
      each > 0 && isBareNo && ways[index]?.acts.has('withdrawal') === true
        ? Math.max(each, WEIGHTS.declined)
        : each,
    );
  // "No" to "Shall I send you the form?" means "The guest does not want the form".
  const declined = ways.map((way) =>
    way?.acts.has('withdrawal') === true ? relatedTo(question.stems, way) : 0,
  );
  return implications(declined, question, polarity).map((each, index) =>
    each === 0 ? (implied[index] ?? 0) : each,
  );
}

/** Particles that can tell two exits apart: "the plug is in", "the plug is out". */
const PARTICLES = ['in', 'on', 'up', 'off', 'out', 'down'];

/**
 * Returns the words that a question asks for, with its particles where an exit is told by one: "Is the plug in the
 * socket?" asks whether it is in.
 */
function askedWords(exits: readonly ReadExit[], { stems, text }: Question): string[] {
  const words = text.toLowerCase().split(/[^a-z]+/);
  const told = PARTICLES.filter(
    (particle) =>
      words.includes(particle) &&
      exits.some(({ ways: [way] }) =>
        way?.weighted.some((each) => each.words.some(([stem]) => stem === particle)),
      ),
  );
  return [...new Set([...stems, ...told])];
}

/**
 * Turns the relation of an exit that adds something to what is asked, where another exit says exactly what is asked: a
 * yes to "Can you hear the pump?" means "the pump can be heard", and not "the pump can be heard at night only".
 */
function withoutAddition(
  ways: readonly (ReadDescription | null)[],
  related: readonly Evidence[],
  asked: readonly string[],
): Evidence[] {
  const adds = ways.map((way, index) => (related[index] ?? 0) > 0 && way !== null && !isCovered(way, asked));
  const says = related.filter((each, index) => each > 0 && adds[index] === false).length;
  const others = adds.filter(Boolean).length;
  if (says !== 1 || others === 0) return [...related];
  return related.map((each, index) => (adds[index] === true ? (others === 1 ? -each : 0) : each));
}

/** Returns true if all that tells a description from the others is asked. */
function isCovered({ weighted }: ReadDescription, asked: readonly string[]): boolean {
  return weighted.some(
    ({ words, negated }) =>
      !negated &&
      words.every(([stem, weight]) => weight < 1 || asked.some((word) => relation(word, stem) === 1)),
  );
}

/**
 * Returns true if the words of the question that a message meets stand in several exits: in "the cable is red", "cable"
 * tells the subject of "Is the cable tight?" and no answer.
 */
function meetsSubjectOnly(
  exits: readonly ReadExit[],
  { stems: asked }: Question,
  { statements }: Message,
): boolean {
  const met = statements.flatMap(({ stems }) => stems.filter((stem) => asked.includes(stem)));
  const shared = new Set(
    exits.flatMap(({ ways: [way] }) =>
      (way?.weighted ?? []).flatMap(({ words }) =>
        words.filter(([, weight]) => weight < 1).map(([stem]) => stem),
      ),
    ),
  );
  const denies = statements.some((clause) => deniesThing(clause, asked));
  return !denies && met.length > 0 && met.every((stem) => shared.has(stem));
}

function implications(
  related: readonly Evidence[],
  { proposition }: Question,
  polarity: Evidence,
): Evidence[] {
  const most = Math.max(...related.map(Math.abs));
  const implied = related.map((each) => {
    if (Math.abs(each) < Math.max(WEIGHTS.leastRelated, most * WEIGHTS.relatedShare)) return 0;
    // A question without a yes can only be answered by a no: "I haven't got one."
    if (proposition === null && (polarity > 0 || each > 0)) return 0;
    return Math.sign(each) * polarity * Math.min(0.95, 0.3 + Math.abs(each) * 0.8);
  });
  const best = Math.max(...implied);
  const isTie = implied.filter((each) => each > best - 0.05).length > 1;
  return best > 0 && isTie ? related.map(() => 0) : implied;
}
