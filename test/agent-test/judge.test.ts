import { describe, expect, it } from 'vitest';
import type { StateTransitionLog } from '../../src/contract/insights.ts';
import type { VersionInfo } from '../../src/contract/versions.ts';
import type { Dialogue, Expectation } from '../../scripts/agent-test/dialogue-file.ts';
import { judgeDialogue, judgeTurn } from '../../scripts/agent-test/judge.ts';
import type { PlayedDialogue, PlayedTurn } from '../../scripts/agent-test/play.ts';
import { chartGraph } from '../../scripts/agent-test/charts.ts';
import { CHART } from './chart.ts';

const GRAPH: VersionInfo = ['0'.repeat(24), 1];

function transition(previous_state: string, next_state: string, exit: string): StateTransitionLog {
  return {
    type: 'action',
    previous_state,
    previous_service_hierarchical_state_machine_version_info: GRAPH,
    next_state,
    next_service_hierarchical_state_machine_version_info: GRAPH,
    previous_state_exit_condition_description: exit,
    tool_call_logs: [],
  };
}

/** A turn that goes from `ask` to `check`, calls a tool and says "Friday at 7:30 is free." in `confirm`. */
function played(expect: Expectation, more: Partial<PlayedTurn> = {}): PlayedTurn {
  return {
    heard: { say: 'Friday at half past seven', expect },
    message: 'Friday at 7:30 is free.',
    log: {
      state: 'confirm',
      action: '',
      objective: '',
      transitions: [
        transition('ask', 'check', 'The guest has said when'),
        transition('check', 'confirm', ''),
      ],
      working_memory: [],
      reflections: [],
      behavior: null,
      select_next_action_tool_calls: [],
      engage_user_tool_calls: [],
      model_calls: [],
    },
    actions: [],
    graph: GRAPH[0],
    calls: [{ name: 'tables', input: { when: 'Friday at half past seven', guests: 4 } }],
    behavior: null,
    ended: false,
    ...more,
  };
}

describe('judging a turn', () => {
  it.each<[string, Expectation]>([
    ['nothing', {}],
    ['the state', { state: 'confirm' }],
    ['one of several states', { state: ['ask', 'confirm'] }],
    ['the states in between', { path: ['check', 'confirm'] }],
    ['a fact in another case', { facts: ['FRIDAY', '7:30'] }],
    ['what must not be said', { not: ['Thursday'] }],
    ['the tools', { tools: [{ name: 'tables', input: {} }] }],
    ['a part of a text in the input', { tools: [{ name: 'tables', input: { when: 'friday' } }] }],
    ['a number in the input', { tools: [{ name: 'tables', input: { guests: 4 } }] }],
    ['no behavior', { behavior: null }],
    ['the continuation', { ended: false }],
  ])('returns no complaint when %s is as expected', (_what, expected) => {
    expect(judgeTurn(played(expected))).toEqual([]);
  });

  it.each<[Expectation, string]>([
    [{ state: 'ask' }, 'state ask, got confirm'],
    [{ state: ['ask', 'greet'] }, 'state ask or greet, got confirm'],
    [{ path: [] }, 'path [], got [check, confirm]'],
    [{ path: ['confirm'] }, 'path [confirm], got [check, confirm]'],
    [{ facts: ['8:30'] }, 'fact "8:30" is not said'],
    [{ not: ['free'] }, '"free" is said'],
    [{ tools: [] }, 'tools [], got [tables]'],
    [{ tools: [{ name: 'tables', input: { guests: 5 } }] }, 'input of tables: guests 5, got 4'],
    [
      { tools: [{ name: 'tables', input: { when: 'Saturday' } }] },
      'input of tables: when "Saturday", got "Friday at half past seven"',
    ],
    [{ behavior: 'Allergy' }, 'behavior Allergy, got none'],
    [{ ended: true }, 'not ended'],
  ])('complains when the turn does not meet %o', (expected, complaint) => {
    expect(judgeTurn(played(expected))).toEqual([complaint]);
  });

  it('complains when the conversation ends too early', () => {
    expect(judgeTurn(played({ ended: false }, { ended: true }))).toEqual(['ended']);
  });

  it('complains about a behavior when none is expected', () => {
    expect(judgeTurn(played({ behavior: null }, { behavior: 'Allergy' }))).toEqual([
      'behavior none, got Allergy',
    ]);
  });

  it('lists every difference', () => {
    expect(judgeTurn(played({ state: 'ask', facts: ['noon'], ended: true }))).toHaveLength(3);
  });
});

/** A dialogue of one turn after the opening. */
function dialogueOf(turns: PlayedTurn[], failure: string | null = null): PlayedDialogue {
  const dialogue: Dialogue = {
    name: 'A table on Friday',
    user_name: 'Maya Chen',
    returning: false,
    memories: [],
    tools: {},
    opening: {},
    turns: [{ say: 'Friday at half past seven', expect: {} }],
  };
  return { dialogue, graphs: [chartGraph(CHART)], turns, failure };
}

describe('judging a dialogue', () => {
  it('is right when every turn is', () => {
    const verdict = judgeDialogue(dialogueOf([played({}), played({ state: 'confirm' })]));
    expect(verdict).toEqual({
      name: 'A table on Friday',
      turns: 2,
      rightTurns: 2,
      wrongAt: null,
      complaints: [],
    });
  });

  it('names the first turn that is wrong and counts the right ones', () => {
    const verdict = judgeDialogue(dialogueOf([played({ state: 'greet' }), played({})]));
    expect(verdict).toMatchObject({ rightTurns: 1, wrongAt: 0, complaints: ['state greet, got confirm'] });
  });

  it('is wrong when the conversation is over before the last turn', () => {
    expect(judgeDialogue(dialogueOf([played({})]))).toMatchObject({
      wrongAt: 1,
      complaints: ['the conversation was over before'],
    });
  });

  it('is wrong when the turn fails', () => {
    expect(judgeDialogue(dialogueOf([played({})], 'The agent moved 32 times'))).toMatchObject({
      wrongAt: 1,
      complaints: ['The agent moved 32 times'],
    });
  });
});
