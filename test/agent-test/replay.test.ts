import { beforeAll, describe, expect, it } from 'vitest';
import { DialogueFile, type Dialogue } from '../../scripts/agent-test/dialogue-file.ts';
import { playDialogue } from '../../scripts/agent-test/play.ts';
import { recordedDialogue } from '../../scripts/agent-test/record.ts';
import { replayDialogue, replayLines } from '../../scripts/agent-test/replay/replay.ts';
import { embeddedReasoner } from '../../src/agent/embedded/embedded.ts';
import type { Reasoner } from '../../src/agent/reasoner.ts';
import type { ActionState, ContextGraph, State } from '../../src/registry/graph.ts';
import type { OrganizationFile } from '../../src/registry/organization.ts';
import { parseOrganizationFile } from '../../src/registry/publish.ts';
import support from '../dialogues/agents/support.json';

type Service = Dialogue & { service: string };

const SUPPORT = parseOrganizationFile(support);
const SERVICE = SUPPORT.services[0]?.name ?? '';

/** A conversation that looks up an order, is corrected once and ends. */
const SPOKEN = DialogueFile.parse({
  organization: '-',
  service: SERVICE,
  tools: { order_status: ['There is no order with this number.', 'It is with the driver.'] },
  dialogues: [
    {
      name: 'Where it is',
      turns: [
        { say: 'Where is my order?' },
        { say: 'It is B1111' },
        { say: 'Sorry, it is B2222' },
        { say: 'No, that is all' },
      ],
    },
  ],
});

let recorded: Service;

async function record(organization: OrganizationFile, reasoner: Reasoner): Promise<Service> {
  const [dialogue] = SPOKEN.dialogues;
  if (dialogue === undefined) throw new Error('The file has a dialogue.');
  const complete = { ...dialogue, service: SERVICE, tools: { ...SPOKEN.tools, ...dialogue.tools } };
  const played = await playDialogue(organization, complete, reasoner, false);
  return { ...recordedDialogue(played, organization), service: SERVICE };
}

beforeAll(async () => {
  recorded = await record(SUPPORT, embeddedReasoner({ paceMs: 0 }));
});

/** Returns the organization with another version of its first graph. */
function changed(change: (graph: ContextGraph) => ContextGraph): OrganizationFile {
  const [graph, ...others] = SUPPORT.graphs;
  if (graph === undefined) throw new Error('The organization has a graph.');
  return { ...SUPPORT, graphs: [change(graph), ...others] };
}

/** Returns the organization with another version of one state. */
function withState(name: string, change: (state: State) => State): OrganizationFile {
  return changed((graph) => ({
    ...graph,
    states: graph.states.map((state) => (state.name === name ? change(state) : state)),
  }));
}

async function replayOn(organization: OrganizationFile, dialogue = recorded) {
  return (await replayDialogue(organization, dialogue)).differences;
}

describe('recording a dialogue', () => {
  it('expects what the agent did, and keeps its decisions, tool results and message', () => {
    expect(recorded.turns).toHaveLength(4);
    expect(recorded.turns[1]).toMatchObject({
      say: 'It is B1111',
      expect: {
        path: ['look_up', 'found', 'wrong_number'],
        state: 'wrong_number',
        tools: [{ name: 'order_status', input: {} }],
        ended: false,
      },
    });
    expect(recorded.turns.at(-1)?.expect).toMatchObject({ state: 'bye', ended: true });
    expect(JSON.stringify(recorded.turns[1]?.recorded)).toContain('There is no order with this number.');
    expect(recorded.recorded_opening?.message).not.toBe('');
  });

  it('makes a file that the format accepts, and that is a test of itself', async () => {
    const { service, ...dialogue } = recorded;
    const file = DialogueFile.parse(
      JSON.parse(JSON.stringify({ organization: '-', service, dialogues: [dialogue] })),
    );
    expect(file.dialogues).toHaveLength(1);
    expect(await replayOn(SUPPORT)).toEqual([]);
  });

  it('keeps what was written by hand about facts and words', async () => {
    const [turn] = recorded.turns;
    const played = await playDialogue(
      SUPPORT,
      { ...recorded, turns: [{ say: turn?.say, expect: { facts: ['B2041'], state: 'hello' } }] },
      embeddedReasoner({ paceMs: 0 }),
      false,
    );
    expect(recordedDialogue(played, SUPPORT).turns[0]?.expect).toMatchObject({
      facts: ['B2041'],
      state: 'ask_status_number',
    });
  });
});

describe('replaying a dialogue on another version of its graph', () => {
  it('goes the same way when exits change their order', async () => {
    const reversed = changed((graph) => ({
      ...graph,
      states: graph.states.map((state) =>
        'exit_conditions' in state
          ? { ...state, exit_conditions: state.exit_conditions.toReversed() }
          : state,
      ),
    }));
    expect(await replayOn(reversed)).toEqual([]);
  });

  it('goes the same way when an exit and the actions have new words', async () => {
    const reworded = withState('ask_status_number', (state) => ({
      ...(state as ActionState),
      actions: ['Ask for the number.'],
      exit_conditions: (state as ActionState).exit_conditions.map((exit) =>
        exit.next_state === 'look_up' ? { ...exit, description: 'There is a number now' } : exit,
      ),
    }));
    expect(await replayOn(reworded)).toEqual([]);
  });

  it('shows both paths when an exit leads to another state', async () => {
    const redirected = withState('found', (state) => ({
      ...(state as Extract<State, { type: 'decision' }>),
      exit_conditions: (state as ActionState).exit_conditions.map((exit) =>
        exit.next_state === 'wrong_number' ? { ...exit, next_state: 'handover' } : exit,
      ),
    }));
    const [difference, ...others] = await replayOn(redirected);
    expect(difference).toMatchObject({
      turn: 2,
      recorded: ['look_up', 'found', 'wrong_number'],
      now: ['look_up', 'found', 'handover'],
    });
    // The turns after it begin where they were recorded.
    expect(others).toEqual([]);
  });

  it('tells which exit is gone', async () => {
    const closed = withState('ask_status_number', (state) => ({
      ...(state as ActionState),
      exit_conditions: (state as ActionState).exit_conditions.filter((exit) => exit.next_state !== 'look_up'),
    }));
    expect(await replayOn(closed)).toMatchObject([
      { turn: 2, now: [], reason: expect.stringContaining('has no exit "The customer has given an order') },
    ]);
  });

  it('tells that nothing was recorded in a state that is new', async () => {
    const longer = changed((graph) => ({
      ...graph,
      states: [
        ...graph.states.map((state) =>
          state.name === 'look_up' ? { ...state, next_state: 'weigh' } : state,
        ),
        {
          type: 'decision',
          name: 'weigh',
          objective: '',
          decision_guidelines: [],
          exit_conditions: [{ description: 'Always', next_state: 'found' }],
          tool_call_specs: [],
          audio_fillers: [],
          audio_filler_triggered_after: 2,
        },
      ],
    }));
    const differences = await replayOn(longer);
    expect(differences.map(({ turn }) => turn)).toEqual([2, 3]);
    expect(differences[0]).toMatchObject({
      now: ['look_up', 'weigh'],
      reason: 'the recording has no answer in the state "weigh"',
    });
  });

  it('passes through a new annotation, and shows it in the path', async () => {
    const noted = changed((graph) => ({
      ...graph,
      states: [
        ...graph.states.map((state) => (state.name === 'look_up' ? { ...state, next_state: 'note' } : state)),
        { type: 'annotation', name: 'note', inner_thought: 'Looked up.', next_state: 'found' },
      ],
    }));
    expect((await replayOn(noted))[0]).toMatchObject({ now: ['look_up', 'note', 'found', 'wrong_number'] });
  });

  it('goes on behind a state that is gone, with the turns that begin in states that are left', async () => {
    const renamed = changed((graph) =>
      JSON.parse(JSON.stringify(graph).replaceAll('"wrong_number"', '"number_unknown"')),
    );
    const differences = await replayOn(renamed);
    expect(differences.map(({ turn }) => turn)).toEqual([2, 3]);
    expect(differences[1]?.reason).toBe(
      'there is no state "wrong_number" any more, in which the turn begins',
    );
  });

  it('tells when the state calls another tool', async () => {
    const other = SUPPORT.tools.find(({ name }) => name === 'refund_status')?.id ?? '';
    const swapped = withState('look_up', (state) =>
      state.type === 'tool-call'
        ? { ...state, designated_tool: { ...state.designated_tool, tool_id: other } }
        : state,
    );
    expect((await replayOn(swapped))[0]?.reason).toBe(
      'the recording has no result of the tool "refund_status"',
    );
  });

  it('refuses a dialogue that was not recorded', async () => {
    const [first, ...rest] = recorded.turns;
    const { recorded: _recorded, ...bare } = first ?? { expect: {} };
    await expect(replayOn(SUPPORT, { ...recorded, turns: [bare, ...rest] })).rejects.toThrow(
      'turn 1 was not recorded',
    );
  });

  it('prints a line for each dialogue, and the paths of each turn that differs', async () => {
    const renamed = changed((graph) =>
      JSON.parse(JSON.stringify(graph).replaceAll('"wrong_number"', '"number_unknown"')),
    );
    const lines = replayLines([await replayDialogue(renamed, recorded)]);
    expect(lines.slice(0, 4)).toEqual([
      '  DIFF Where it is (5 turns)',
      '       turn 2: "It is B1111"',
      '         recorded: look_up > found > wrong_number',
      '         now:      look_up > found > number_unknown - the recording has no answer in the state "number_unknown"',
    ]);
  });
});
