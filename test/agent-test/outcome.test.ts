import { describe, expect, it } from 'vitest';
import type { Dialogue, Expectation } from '../../scripts/agent-test/dialogue-file.ts';
import { judgeOutcome } from '../../scripts/agent-test/outcome.ts';
import type { PlayedDialogue, PlayedTurn } from '../../scripts/agent-test/play.ts';
import { chartGraph } from '../../scripts/agent-test/charts.ts';
import { CHART } from './chart.ts';

/** A turn that ends in `state` and says `message`. */
function turn(state: string, message: string, more: Partial<PlayedTurn> = {}): PlayedTurn {
  return {
    heard: { expect: {} },
    message,
    log: {
      state,
      action: '',
      objective: '',
      transitions: [],
      working_memory: [],
      reflections: [],
      behavior: null,
      select_next_action_tool_calls: [],
      engage_user_tool_calls: [],
      model_calls: [],
    },
    actions: [],
    graph: '0'.repeat(24),
    calls: [],
    behavior: null,
    ended: false,
    ...more,
  };
}

/** A dialogue with an opening and one turn for each further expectation. */
function played([opening = {}, ...expected]: Expectation[], turns: PlayedTurn[]): PlayedDialogue {
  const dialogue: Dialogue = {
    name: 'A table',
    user_name: 'Maya Chen',
    returning: false,
    memories: [],
    tools: {},
    opening,
    turns: expected.map((expect) => ({ say: 'eight', expect })),
  };
  return { dialogue, graphs: [chartGraph(CHART)], turns, failure: null };
}

const BOOK = { name: 'book', input: { time: '8' } };

describe('judging the end of a dialogue', () => {
  it('finds the end right although the way to it was another one', () => {
    const outcome = judgeOutcome(
      played(
        [{}, { state: 'ask_time' }, { state: 'bye', ended: true, facts: ['B7'], tools: [BOOK] }],
        [
          turn('hello', 'Hello.'),
          turn('hello', 'I did not get that.'),
          turn('bye', 'Your number is B7.', { ended: true, calls: [{ name: 'book', input: { time: '8' } }] }),
        ],
      ),
    );
    expect(outcome).toEqual([]);
  });

  it('takes the last call of a tool, because it puts an earlier one right', () => {
    const calls = ['7', '8'].map((time) => ({ name: 'book', input: { time } }));
    expect(judgeOutcome(played([{}, { tools: [BOOK] }], [turn('a', ''), turn('a', '', { calls })]))).toEqual(
      [],
    );
  });

  it.each<[string, Expectation, PlayedTurn, string]>([
    ['the last state is another one', { state: 'bye' }, turn('ask', ''), 'ends in ask'],
    ['the last state of the path is not reached', { path: ['x', 'bye'] }, turn('x', ''), 'ends in x'],
    ['the conversation goes on', { ended: true }, turn('a', ''), 'not ended'],
    ['the conversation is over', { ended: false }, turn('a', '', { ended: true }), 'ended'],
    ['a tool is never called', { tools: [BOOK] }, turn('a', ''), 'book is not called'],
    [
      'the last call of a tool has other input',
      { tools: [BOOK] },
      turn('a', '', { calls: [{ name: 'book', input: { time: '9' } }] }),
      'input of book: time "8", got "9"',
    ],
    ['a fact is never said', { facts: ['B7'] }, turn('a', 'It is done.'), 'fact "B7" is never said'],
  ])('complains when %s', (_what, expected, last, complaint) => {
    expect(judgeOutcome(played([{}, expected], [turn('a', 'Hello.'), last]))).toEqual([complaint]);
  });

  it('complains when the conversation is over before the last turn', () => {
    expect(judgeOutcome(played([{}, {}, {}], [turn('a', ''), turn('bye', '', { ended: true })]))).toEqual([
      'the conversation was over before',
    ]);
  });

  it('complains when a turn fails', () => {
    expect(judgeOutcome({ ...played([{}], []), failure: 'The agent moved 32 times' })).toEqual([
      'The agent moved 32 times',
    ]);
  });
});
