import { describe, expect, it } from 'vitest';
import { DialogueFile, type Dialogue } from '../../scripts/agent-test/dialogue-file.ts';
import { playDialogue } from '../../scripts/agent-test/play.ts';
import { replayDialogue } from '../../scripts/agent-test/replay/replay.ts';
import { embeddedReasoner } from '../../src/agent/embedded/embedded.ts';
import type { StoredMessage } from '../../src/contract/messages.ts';
import type { RecordedTurn } from '../../src/contract/workbench.ts';
import { parseOrganizationFile } from '../../src/registry/publish.ts';
import { testFileOf } from '../../workbench/test-file.ts';
import support from '../dialogues/agents/support.json';

const SUPPORT = parseOrganizationFile(support);
const SERVICE = SUPPORT.services[0]?.name ?? '';
const GRAPH = SUPPORT.graphs[0];

/** Returns a conversation as the workbench loads it: its turns, and its messages. */
async function loaded() {
  const parsed = DialogueFile.parse({
    organization: '-',
    service: SERVICE,
    dialogues: [
      {
        name: 'Where it is',
        tools: { order_status: 'It is with the driver.' },
        turns: [
          { say: 'Where is my order?' },
          { event: 'The customer opened the order.', say: 'It is B1111' },
          { say: 'No, that is all' },
        ],
      },
    ],
  });
  const dialogue = { ...parsed.dialogues[0], service: SERVICE } as Dialogue & { service: string };
  const { turns } = await playDialogue(SUPPORT, dialogue, embeddedReasoner({ paceMs: 0 }), false);
  const messages: Partial<StoredMessage>[] = [];
  const recorded = turns.map(({ heard, message, log, actions }, index) => {
    const interaction_id = `i${index}`;
    const add = (message_type: StoredMessage['message_type'], text: string, sender: string) =>
      messages.push({ interaction_id, message_type, message: text, sender });
    if (heard.event !== undefined) add('external-event', heard.event, 'Event');
    if (heard.say !== undefined) add('user-message', heard.say, 'Lea Lind');
    add('agent-message', message, 'Agent');
    const insights = {
      current_state_name: log.state,
      state_transition_logs: log.transitions,
      select_next_action_tool_call_logs: [],
      engage_user_tool_call_logs: [],
    };
    return { interaction_id, number: index + 1, actions, insights };
  });
  return {
    turns: recorded as unknown as RecordedTurn[],
    messages: messages as StoredMessage[],
    graph: GRAPH ?? { terminal_state: '', new_user_initial_state: '', returning_user_initial_state: '' },
    id: '6b0000000000000000000001',
    organization: 'northlight',
    service: SERVICE,
    isFinished: true,
  };
}

describe('the test file of a conversation', () => {
  it('has what was heard, and expects the states, paths, tool inputs and end', async () => {
    const file = testFileOf(await loaded());
    expect(DialogueFile.parse(JSON.parse(JSON.stringify(file)))).toEqual(file);
    expect(file).toMatchObject({ organization: 'northlight.json', service: SERVICE });
    expect(file.dialogues[0]).toMatchObject({
      user_name: 'Lea Lind',
      returning: false,
      opening: { state: 'hello', path: [] },
      tools: { order_status: ['It is with the driver.'] },
      turns: [
        { say: 'Where is my order?', expect: { state: 'ask_status_number', ended: false } },
        {
          event: 'The customer opened the order.',
          say: 'It is B1111',
          expect: {
            path: ['look_up', 'found', 'tell_status'],
            tools: [{ name: 'order_status', input: { order_number: 'B1111' } }],
          },
        },
        { say: 'No, that is all', expect: { state: 'bye', ended: true } },
      ],
    });
  });

  it('can be replayed', async () => {
    const [dialogue] = testFileOf(await loaded()).dialogues;
    if (dialogue === undefined) throw new Error('The file has a dialogue.');
    const { differences, turns } = await replayDialogue(SUPPORT, { ...dialogue, service: SERVICE });
    expect({ differences, turns }).toEqual({ differences: [], turns: 4 });
  });

  it('takes an open conversation for one that goes on, also in the terminal state', async () => {
    const file = testFileOf({ ...(await loaded()), isFinished: false });
    expect(file.dialogues[0]?.turns.at(-1)?.expect.ended).toBe(false);
  });
});
