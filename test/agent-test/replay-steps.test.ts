/** Every kind of step of an agent is recorded and replayed: tool rounds, recalls, reflections and behavior sets. */
import { expect, it } from 'vitest';
import { DialogueFile } from '../../scripts/agent-test/dialogue-file.ts';
import { playDialogue } from '../../scripts/agent-test/play.ts';
import { recordedDialogue } from '../../scripts/agent-test/record.ts';
import { replayDialogue } from '../../scripts/agent-test/replay/replay.ts';
import type { Reasoner, ToolRound } from '../../src/agent/reasoner.ts';
import { parseOrganizationFile } from '../../src/registry/publish.ts';
import support from '../dialogues/agents/support.json';

const TOOL = support.tools[0];
const SPEC = { tool_id: TOOL?.id, version_constraint: '~=1.0', result_persistence: 'ephemeral' };

const FILE = parseOrganizationFile({
  ...support,
  graphs: [
    {
      ...support.graphs[0],
      new_user_initial_state: 'ask',
      returning_user_initial_state: 'ask',
      terminal_state: 'bye',
      states: [
        {
          type: 'action',
          name: 'ask',
          objective: 'Ask.',
          actions: ['Ask.', 'Tell.'],
          exit_conditions: [
            { description: 'They want more', next_state: 'remember' },
            { description: 'They want nothing', next_state: 'bye' },
          ],
          action_tool_call_specs: [SPEC],
          exit_condition_tool_call_specs: [SPEC],
          skip_active_memory_retrieval: false,
        },
        { type: 'recall', name: 'remember', requested_information: 'Their sizes', next_state: 'weigh' },
        { type: 'reflection', name: 'weigh', problem: 'Is it urgent?', word_limit: 9, next_state: 'bye' },
        { type: 'action', name: 'bye', objective: 'Leave.', actions: ['Say goodbye.'], exit_conditions: [] },
      ],
    },
  ],
  dynamic_behavior_sets: [
    {
      id: '7c0000000000000000000040',
      version: 1,
      name: 'Haste',
      service_ids: [],
      triggers: ['in a hurry'],
      actions: [{ type: 'inject-instruction', instruction: 'Be quick.', overrides_instructions: false }],
    },
  ],
});

/** Calls a tool before its choice and one before its message; leaves at "more". */
const REASONER = {
  async *engage({ input, arrived }, { name }, { choosing, engaging }) {
    const said = input.at(-1)?.text ?? '';
    const [chooser, speaker] = [choosing[0], engaging[0]];
    if (chooser !== undefined) {
      yield { type: 'tool-round', calls: [{ tool: chooser, input: { order_number: said } }] };
    }
    if (name === 'ask' && said === 'more' && !arrived) {
      yield { type: 'choice', choice: { kind: 'exit', index: 0 } };
      return;
    }
    yield { type: 'choice', choice: { kind: 'action', index: name === 'ask' && said !== '' ? 1 : 0 } };
    if (speaker !== undefined) {
      yield { type: 'tool-round', calls: [{ tool: speaker, input: { order_number: 'B1' } }] };
    }
    yield { type: 'piece', text: 'Well.', final: true };
  },
  async *reflect() {
    yield* [] as ToolRound[];
    return 'No.';
  },
  memoryQueries: () => Promise.resolve(['their order']),
  recallQueries: () => Promise.resolve(['their sizes']),
  relevantBehaviors: ({ input }) => (input.at(-1)?.text === 'hurry' ? [0] : []),
  selectBehavior: () => Promise.resolve(0),
} as Partial<Reasoner> as Reasoner;

async function recordedRun() {
  const service = FILE.services[0]?.name ?? '';
  const [dialogue] = DialogueFile.parse({
    organization: '-',
    service,
    dialogues: [
      {
        name: 'All of it',
        memories: ['Their order was B7.', 'Their sizes are small.'],
        tools: { [TOOL?.name ?? '']: ['one', 'two', 'three', 'four', 'five'] },
        turns: [{ say: 'hurry' }, { say: 'more' }],
      },
    ],
  }).dialogues;
  if (dialogue === undefined) throw new Error('The file has a dialogue.');
  const played = await playDialogue(FILE, { ...dialogue, service }, REASONER, false);
  return { played, recorded: { ...recordedDialogue(played, FILE), service } };
}

it('goes the same way, with the same tool calls, memories, thoughts and behavior', async () => {
  const { played, recorded } = await recordedRun();
  expect(played.failure).toBeNull();
  expect(
    recorded.turns.map(({ expect: { path, tools, behavior, ended } }) => [
      path,
      tools?.length,
      behavior,
      ended,
    ]),
  ).toEqual([
    [[], 2, 'Haste', false],
    [['remember', 'weigh', 'bye'], 1, null, true],
  ]);
  const replayed = await replayDialogue(FILE, recorded);
  expect(replayed.differences).toEqual([]);
  const logs = ({ turns }: { turns: readonly { log: object; calls: object }[] }) =>
    turns.map(({ log, calls }) => ({ ...log, calls }));
  expect(logs({ turns: replayed.played })).toEqual(logs(played));
});

it('shows a behavior set that is gone, and a tool that a state does not offer any more', async () => {
  const { recorded } = await recordedRun();
  const without = await replayDialogue({ ...FILE, dynamic_behavior_sets: [] }, recorded);
  expect(without.differences).toMatchObject([{ turn: 1, reason: 'another behavior set is followed' }]);
  const [graph] = FILE.graphs;
  if (graph === undefined) throw new Error('The organization has a graph.');
  const states = graph.states.map((state) => ({ ...state, action_tool_call_specs: [] }) as typeof state);
  const untooled = await replayDialogue({ ...FILE, graphs: [{ ...graph, states }] }, recorded);
  expect(untooled.differences[0]?.reason).toBe(`the tool ${TOOL?.id} is not offered any more`);
});
