/**
 * Reads what a message told before the question for it, where the exits describe it: "an upright, tuned last winter" answers
 * "When was it tuned?" with its exits "within the past two years" and "longer ago". English.
 */
import type { Situation } from '../../reasoner.ts';
import { isQuantifier } from '../evidence.ts';
import { callsTool } from '../exits.ts';
import { asksConsent, questionIn } from '../reading/questions.ts';
import type { Message } from '../language/message.ts';
import { relation } from '../language/scales.ts';
import type { Clause } from '../language/clauses.ts';
import { isAside, isPolar } from '../reading/described-kinds.ts';
import { readState } from '../reading/states.ts';
import { rolesOf } from '../reading/roles.ts';
import { askedState } from '../recollection.ts';
import { isInquiry } from '../signals.ts';
import { accountEvidence } from './account-evidence.ts';
import { greatest, type Moment } from './moment.ts';

/** The least evidence of a message for the exit that it tells before it is asked. */
const LEAST = 0.6;
/** The least distance of another exit. */
const MARGIN = 0.25;

/** Returns the clauses of a message that tell or propose something. */
function clausesIn({ statements, questions }: Message): Clause[] {
  const proposals = questions.filter(({ text }) => !isInquiry(text));
  return [...statements, ...proposals.flatMap(({ clauses }) => clauses)].filter(
    ({ background, words }) => !background && !WISHES.test(words.join(' ')),
  );
}

/** A wish, which tells of nothing that is the case: "I want to row". */
const WISHES = /\b(?:want|wish|hope|plan|need|(?:would|'d) (?:like|love|prefer)|going|have) to\b/;

/** Returns the stems of the questions that the user has answered, and of their exits: what the answers were about. */
function answeredStems(situation: Situation): ReadonlySet<string> {
  const stems = Object.keys(situation.position.answers).flatMap((name) => {
    const asked = askedState(situation, name);
    if (asked === null) return [];
    const read = readState(asked.graph, asked.state);
    const at = read.actions.findIndex(({ occasion }) => occasion === null);
    const described = read.exits.flatMap(({ ways: [way] }) =>
      [...(way?.weighted ?? []), ...(way?.weightedExamples ?? [])].flatMap(({ words }) =>
        words.map(([stem]) => stem),
      ),
    );
    return [...questionIn(asked.state, at, rolesOf(asked.graph)).stems, ...described];
  });
  return new Set(stems);
}

/** Returns a clause without what the user was asked already. */
function newsOf(clause: Clause, answered: ReadonlySet<string>): Clause {
  const isKnown = (stem: string) =>
    isQuantifier(stem) || answered.has(stem) || [...answered].some((other) => relation(stem, other) === 1);
  return { ...clause, stems: clause.stems.filter((stem) => !isKnown(stem)) };
}

/**
 * Returns the index of the exit that a message tells to be the case; null when it tells none, or more than one, and where
 * the state asks for consent or for anything else.
 */
export function caseTold(moment: Moment, message: Message): number | null {
  const { situation, read, hearing } = moment;
  const { question } = hearing;
  if (question.closing || asksConsent(question)) return null;
  const answered = answeredStems(situation);
  const clauses = clausesIn(message)
    .map((clause) => newsOf(clause, answered))
    .filter(({ stems }) => stems.length > 0);
  const evidence = read.exits.map(({ exit, ends, ways: [way] }) => {
    // A tool that has answered may lead back here: its answer is said first.
    if (situation.toolResults.length > 0 && callsTool(situation.graph, exit)) return 0;
    if (way === undefined || way.awaits || way.request || way.otherwise || ends || isAside(way)) return 0;
    if (isPolar(way)) return 0;
    return Math.max(0, ...clauses.map((clause) => accountEvidence(way, clause, hearing)));
  });
  const best = greatest(evidence);
  const strength = evidence[best] ?? 0;
  const isClear = evidence.every((each, index) => index === best || each <= strength - MARGIN);
  return strength >= LEAST && isClear ? best : null;
}
