/** Evidence that clauses give for what a description says is the case, or is wanted. English. */
import { evidenceOf, strongest, type Evidence } from '../evidence.ts';
import type { Clause } from '../language/clauses.ts';
import type { Message } from '../language/message.ts';
import type { ReadDescription } from '../reading/states.ts';
import { topicWordsOf } from '../reading/topics.ts';
import { asksToGet } from '../language/requests.ts';
import { thingEvidence } from './things.ts';
import { strongestFor, type Hearing } from './hearing.ts';

/** Returns the evidence of clauses for the propositions of a description. */
export function matterEvidence({ weighted }: ReadDescription, clauses: readonly Clause[]): Evidence {
  return strongest(
    clauses
      .map((clause) => weighted.map((proposition) => evidenceOf(clause, proposition)))
      .map((each) => strongestFor(each)),
  );
}

/** Returns the evidence of clauses that are like an example. */
export function exampleEvidence({ weightedExamples }: ReadDescription, clauses: readonly Clause[]): Evidence {
  const found = clauses.flatMap((clause) => weightedExamples.map((example) => evidenceOf(clause, example)));
  return Math.max(0, ...found) * 0.9;
}

/**
 * Returns the evidence for the matter of a description. For a description of a question, negation does not count: "The
 * parcel has not come" can ask where the parcel is.
 */
export function matterOf(way: ReadDescription, spoken: readonly Clause[], { questions }: Message): Evidence {
  const matter = matterEvidence(way, spoken);
  if (way.subjectOnly)
    return spoken.some(({ words }) => NOT_ABOUT.test(words.join(' '))) ? matter : Math.abs(matter);
  if (!way.acts.has('asks')) return matter;
  const asked = { words: [], stems: topicWordsOf(questions), negated: false, background: false };
  const topic = Math.max(0, ...way.topics.map((each) => Math.abs(evidenceOf(asked, each))));
  return Math.max(Math.abs(matter), topic);
}

const NOT_ABOUT = /\b(?:not|nothing|neither|isn t) (?:\w+ )?(?:about|to do with|a|an|the|my)\b/;

/** Returns true if a clause has at least two stems of a proposition, or exactly its stems. */
export function isWhole({ weighted }: ReadDescription, clauses: readonly Clause[]): boolean {
  return clauses.some(({ stems }) =>
    weighted.some(({ words }) => {
      const said = words.filter(([stem]) => stems.includes(stem)).length;
      return said > 1 || (said === words.length && said === stems.length);
    }),
  );
}

/** Returns the evidence of denials for what a description says is not wanted: "don't call me". */
export function deniedMatter(way: ReadDescription, { statements }: Message): Evidence {
  const isDenied = way.weighted.some(({ negated }) => negated);
  const verbs = way.propositions.flatMap(({ verb }) => (verb === undefined ? [] : [verb]));
  const clauses = statements.filter(
    ({ negated, stems }) => negated === isDenied && (isDenied || verbs.some((verb) => stems.includes(verb))),
  );
  return Math.max(0, matterEvidence(way, clauses));
}

/** Returns the clauses that can speak for a description: those of questions too, where it describes a wish. */
export function spokenFor(way: ReadDescription, { message, question }: Hearing): readonly Clause[] {
  const { statements, questions } = message;
  const asked =
    way.request || way.awaits || way.subjectOnly
      ? questions
      : question.proposition === null || question.options.length > 1
        ? questions.filter(({ text }) => asksToGet(text))
        : [];
  return [...statements, ...asked.flatMap(({ clauses }) => clauses)];
}

/** Returns the evidence of clauses for the option by which the question names an exit, and for the thing that it names. */
export function namedEvidence(way: ReadDescription, clauses: readonly Clause[]): Evidence {
  const byName = clauses.flatMap((clause) => way.named.map((name) => evidenceOf(clause, name)));
  return Math.max(strongestFor(byName), thingEvidence(way, clauses));
}
