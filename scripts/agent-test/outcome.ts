/** Judges how a dialogue ends when it is played from beginning to end without being put right. Pure. */
import type { Expectation } from './dialogue-file.ts';
import { missingMembers } from './judge.ts';
import type { PlayedDialogue } from './play.ts';
import type { PlayedCall } from './scripted-ports.ts';

type ExpectedCall = NonNullable<Expectation['tools']>[number];

/** Returns the last call of each tool by its name. */
function lastByName<Call extends { name: string }>(calls: readonly Call[]): Map<string, Call> {
  return new Map(calls.map((call) => [call.name, call]));
}

/**
 * Returns the differences of the last call of each expected tool: a call again with better input puts the first one
 * right. Calls of other tools are not judged, because a turn need not name its tools.
 */
function judgeCalls(expected: readonly ExpectedCall[], calls: readonly PlayedCall[]): string[] {
  const last = lastByName(calls);
  return [...lastByName(expected).values()].flatMap(({ name, input }) => {
    const call = last.get(name);
    if (call === undefined) return [`${name} is not called`];
    return missingMembers(input, call.input).map((missing) => `input of ${name}: ${missing}`);
  });
}

function isExpected({ state, path = [] }: Expectation, reached: string): boolean {
  const states = state === undefined ? path.slice(-1) : [state].flat();
  return states.length === 0 || states.includes(reached);
}

/**
 * Returns what is wrong at the end of a dialogue that was played without realigning: the last state, whether it is over,
 * the last input of each tool, and the facts that were never said. The way to the end does not count.
 */
export function judgeOutcome({ dialogue, turns, failure }: PlayedDialogue): string[] {
  if (failure !== null) return [failure];
  const last = turns.at(-1);
  if (last === undefined || turns.length <= dialogue.turns.length)
    return ['the conversation was over before'];
  const expected: Expectation[] = [dialogue.opening, ...dialogue.turns.map(({ expect }) => expect)];
  const end = expected.at(-1) ?? {};
  const complaints: string[] = [];
  if (!isExpected(end, last.log.state)) complaints.push(`ends in ${last.log.state}`);
  if (end.ended !== undefined && end.ended !== last.ended)
    complaints.push(last.ended ? 'ended' : 'not ended');
  complaints.push(
    ...judgeCalls(
      expected.flatMap(({ tools = [] }) => tools),
      turns.flatMap(({ calls }) => calls),
    ),
  );
  const said = turns.map(({ message }) => message.toLowerCase()).join('\n');
  const missing = expected
    .flatMap(({ facts = [] }) => facts)
    .filter((fact) => !said.includes(fact.toLowerCase()));
  return [...complaints, ...[...new Set(missing)].map((fact) => `fact "${fact}" is never said`)];
}
