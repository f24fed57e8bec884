/**
 * Choices of the embedded agent in a decision state: by what the user said, what a tool returned, and what the agent
 * thinks and remembers.
 */
import type { DecisionState } from '../../../registry/graph.ts';
import type { Situation } from '../../reasoner.ts';
import { evidenceOf, strongest, type Evidence } from '../evidence.ts';
import { clausesOf, sentencesOf, type Clause } from '../language/clauses.ts';
import { understandMessage, type Message } from '../language/message.ts';
import { readDecision, type ReadDescription } from '../reading/states.ts';
import { rolesOf } from '../reading/roles.ts';
import type { WordVectors } from '../meaning/vectors.ts';
import { targetOf } from '../exits.ts';
import { normal, normalExamples } from './hearing.ts';
import { isLoneWord, meaningOf } from './meaning.ts';
import { hasFailed } from '../tool-output.ts';
import { hear } from '../words.ts';

/** The output of the last tool, read for the comparison with exits. */
interface ToolAnswer {
  failed: boolean;
  clauses: Clause[];
}

const OF_TOOL =
  /\b(?:tool|system|book|calendar|diary|register|database|record|service|server|error|fail(?:s|ed|ure)?)\b/i;
const OF_FAILURE =
  /\b(?:fail(?:s|ed|ure)?|errors?|(?:could|can) ?not be (?:read|reached|opened|found out)|does not answer|did not answer|no answer|unavailable|timed out)\b/i;
/**
 * Evidence of a failed tool for an exit that names a failure. Any other exit needs more: it must name what went wrong
 * in the words of the tool.
 */
const FAILURE = 0.55;
const MATTER_WEIGHT = 0.9;

function clausesIn(texts: readonly string[]): Clause[] {
  return texts.flatMap((text) =>
    sentencesOf(hear(text)).flatMap(({ text: sentence }) => clausesOf(sentence)),
  );
}

function matter({ weighted, weightedExamples }: ReadDescription, clauses: readonly Clause[]): Evidence[] {
  return clauses.map((clause) => {
    const own = strongest(weighted.map((each) => evidenceOf(clause, each)));
    const like = Math.max(0, ...weightedExamples.map((each) => evidenceOf(clause, each))) * MATTER_WEIGHT;
    return like > own && like > 0 ? like : own;
  });
}

function greatest(evidence: readonly Evidence[]): Evidence {
  const best = Math.max(0, ...evidence);
  return best > 0 ? best : Math.min(0, ...evidence);
}

/**
 * Returns the first evidence that is strong enough, because the result stands first in the answer of a tool: "There is
 * no table at 8. Free at 6." Returns the greatest when none is.
 */
function first(evidence: readonly Evidence[]): Evidence {
  const at = evidence.findIndex((each) => Math.abs(each) >= LEAST_TELLING);
  return at === -1 ? greatest(evidence) : (evidence[at] ?? 0);
}

const LEAST_TELLING = 0.2;

/**
 * Returns the evidence of a tool's answer for an exit. After a failure, an exit that does not name a failure needs
 * more evidence than `FAILURE`.
 */
function toolEvidence(exit: ReadDescription, { failed, clauses }: ToolAnswer): Evidence {
  const said = first(matter(exit, clauses));
  if (OF_FAILURE.test(exit.text))
    return failed ? Math.max(FAILURE, said) : Math.max(0, alternatives(exit, clauses));
  if (failed) return said > FAILURE ? said : 0;
  return said;
}

const OF_FAILING = new Set([
  'tool',
  'system',
  'book',
  'fail',
  'error',
  'answer',
  'read',
  'return',
  'give',
  'get',
]);
const FAILS = new Set(['fail', 'error']);

/**
 * Returns the evidence for the parts of an exit that do not name a failure: "It is in reach" of "It is in reach, or
 * the tool failed".
 */
function alternatives(exit: ReadDescription, clauses: readonly Clause[]): Evidence {
  const others = exit.weighted.filter(
    ({ words }) => words.some(([stem]) => !OF_FAILING.has(stem)) && !words.some(([stem]) => FAILS.has(stem)),
  );
  return others.length === exit.weighted.length ? 0 : first(matter({ ...exit, weighted: others }, clauses));
}

function userEvidence(exit: ReadDescription, message: Message): Evidence {
  const said = normal(message.text);
  if (normalExamples(exit.examples).has(said)) return 1;
  const clauses = [...message.statements, ...message.questions.flatMap((question) => question.clauses)];
  const acts: Evidence[] = [];
  if (exit.acts.has('human') && message.acts.has('human')) acts.push(0.95);
  if (exit.acts.has('farewell') && message.acts.has('farewell')) acts.push(0.95);
  if (exit.acts.has('withdrawal') && message.acts.has('withdrawal')) acts.push(0.9);
  if (exit.acts.has('yes')) acts.push(message.explicit * 0.9);
  if (exit.acts.has('no')) acts.push(message.explicit * -0.9);
  return Math.max(greatest(matter(exit, clauses)), ...acts, 0);
}

/** Exits of a decision, and which of them leads back to the state whose question the user answered; -1 for none. */
interface Open {
  exits: readonly ReadDescription[];
  back: number;
}

/**
 * Returns the index of the exit for everything else: the one that says so, else the one that leads back to the question,
 * else the last one without evidence against it.
 */
function otherwise({ exits, back }: Open, toolSpoke: boolean, evidence: readonly Evidence[]): number {
  const named = exits.findIndex((exit) => exit.otherwise);
  if (named !== -1) return named;
  if (!toolSpoke && back !== -1) return back;
  const open = exits.flatMap((exit, index) =>
    (toolSpoke && OF_FAILURE.test(exit.text)) || (evidence[index] ?? 0) < 0 ? [] : [index],
  );
  // What a tool said is what it found, unless it says that it found nothing.
  const found = open.filter((index) => exits[index]?.weighted.every(({ negated }) => !negated) === true);
  return (toolSpoke && found.length === 1 ? found[0] : open.at(-1)) ?? exits.length - 1;
}

/** Returns the name of the state whose question the user answered last. */
function lastAnswered({ position }: Situation): string | undefined {
  return Object.keys(position.answers).at(-1);
}

function toolAnswerOf({ toolResults, arrived }: Situation): ToolAnswer | null {
  const last = toolResults.at(-1);
  if (last === undefined || !arrived) return null;
  return { failed: hasFailed(last.output), clauses: clausesIn([last.output]) };
}

/**
 * Chooses an exit of a decision state, always one. The order of the exits counts only when the evidence is equal or
 * missing.
 */
export function chooseInDecisionState(
  situation: Situation,
  { exit_conditions }: DecisionState,
  vectors: WordVectors | null = null,
): number {
  const decision = readDecision(situation.graph, exit_conditions);
  const exits = decision.map(({ read }) => read);
  const roles = rolesOf(situation.graph);
  const tool = toolAnswerOf(situation);
  const goesByTool = tool !== null && exits.some(({ text }) => OF_TOOL.test(text));
  const heard = situation.input
    .filter(({ by }) => by === 'user')
    .map(({ text }) => text)
    .join('\n');
  const message = understandMessage(
    hear(heard || (situation.history.findLast(({ by }) => by === 'user')?.text ?? '')),
  );
  const known = clausesIn([
    ...situation.thoughts,
    ...situation.workingMemory.map(({ content }) => content),
    ...situation.input.filter(({ by }) => by === 'event').map(({ text }) => text),
  ]);
  const meant = meaningOf(
    [...message.statements, ...message.questions.flatMap(({ clauses }) => clauses)],
    decision.map(({ profile }) => profile),
    vectors,
    isLoneWord(message),
  );
  const evidence = exits.map((exit, index) => {
    const ofUser = roles.has(exit.subject.replace(/^(?:the|an?) /, ''));
    if (goesByTool && !ofUser) return toolEvidence(exit, tool);
    const said = userEvidence(exit, message);
    return Math.max(
      said,
      meant[index] ?? 0,
      greatest(matter(exit, known)) * 0.5,
      !ofUser && tool !== null ? toolEvidence(exit, tool) * 0.8 : 0,
    );
  });
  let best = -1;
  evidence.forEach((each, index) => {
    if (each > 0.2 && each > (evidence[best] ?? 0)) best = index;
  });
  if (best !== -1) return best;
  const back = exit_conditions.findIndex(
    (exit) => targetOf(situation.graph, exit)?.name === lastAnswered(situation),
  );
  return otherwise({ exits, back }, goesByTool && !tool.failed, evidence);
}
