/** Compares played dialogues with their expectations. Pure. */
import type { Expectation } from './dialogue-file.ts';
import type { PlayedDialogue, PlayedTurn } from './play.ts';

/** Returns the members of `expected` that `input` does not have, as text. Texts are compared without case. */
export function missingMembers(expected: Record<string, unknown>, input: Record<string, unknown>): string[] {
  const same = (a: unknown, b: unknown) =>
    typeof a === 'string' && typeof b === 'string'
      ? b.toLowerCase().includes(a.toLowerCase())
      : JSON.stringify(a) === JSON.stringify(b);
  return Object.entries(expected)
    .filter(([name, value]) => !same(value, input[name]))
    .map(([name, value]) => `${name} ${JSON.stringify(value)}, got ${JSON.stringify(input[name])}`);
}

function judgeTools(expected: NonNullable<Expectation['tools']>, { calls }: PlayedTurn): string[] {
  const names = calls.map(({ name }) => name);
  const wanted = expected.map(({ name }) => name);
  if (names.join() !== wanted.join()) return [`tools [${wanted.join(', ')}], got [${names.join(', ')}]`];
  return expected.flatMap(({ name, input }, index) =>
    missingMembers(input, calls[index]?.input ?? {}).map((missing) => `input of ${name}: ${missing}`),
  );
}

/** Returns the differences between a turn and its expectations, one sentence each. */
export function judgeTurn(turn: PlayedTurn): string[] {
  const { state, path, facts = [], not = [], tools, behavior, ended } = turn.heard.expect;
  const complaints: string[] = [];
  const states = state === undefined ? [] : [state].flat();
  if (states.length > 0 && !states.includes(turn.log.state)) {
    complaints.push(`state ${states.join(' or ')}, got ${turn.log.state}`);
  }
  const entered = turn.log.transitions.map(({ next_state }) => next_state);
  if (path !== undefined && entered.join() !== path.join()) {
    complaints.push(`path [${path.join(', ')}], got [${entered.join(', ')}]`);
  }
  const message = turn.message.toLowerCase();
  for (const fact of facts)
    if (!message.includes(fact.toLowerCase())) complaints.push(`fact "${fact}" is not said`);
  for (const text of not) if (message.includes(text.toLowerCase())) complaints.push(`"${text}" is said`);
  if (tools !== undefined) complaints.push(...judgeTools(tools, turn));
  if (behavior !== undefined && behavior !== turn.behavior) {
    complaints.push(`behavior ${behavior ?? 'none'}, got ${turn.behavior ?? 'none'}`);
  }
  if (ended !== undefined && ended !== turn.ended) complaints.push(ended ? 'not ended' : 'ended');
  return complaints;
}

/** Verdict on a dialogue, with the first wrong turn and its differences. */
export interface Verdict {
  name: string;
  turns: number;
  rightTurns: number;
  /** The number of the first wrong turn, from 0 for the opening; null when all are right. */
  wrongAt: number | null;
  complaints: string[];
}

export function judgeDialogue({ dialogue, turns, failure }: PlayedDialogue): Verdict {
  const expected = dialogue.turns.length + 1;
  const verdicts = turns.map(judgeTurn);
  if (failure !== null) verdicts.push([failure]);
  else if (turns.length < expected) verdicts.push(['the conversation was over before']);
  const wrongAt = verdicts.findIndex((complaints) => complaints.length > 0);
  return {
    name: dialogue.name,
    turns: expected,
    rightTurns: verdicts.filter((complaints) => complaints.length === 0).length,
    wrongAt: wrongAt === -1 ? null : wrongAt,
    complaints: verdicts[wrongAt] ?? [],
  };
}
