import { describe, expect, it } from 'vitest';
import type { ContextGraph, State } from '../../../src/registry/graph.ts';
import type { OrganizationFile } from '../../../src/registry/organization.ts';
import { actionState, testOrganization } from '../../support/organization.ts';
import { graphOf, Talk } from '../support.ts';

const TOOL = 'fffffffffffffffffffffff1';
const CALLER = 'ddddddddddddddddddddddd2';

const text = (description: string) => ({ type: 'string', description });

const bookState: State = {
  type: 'tool-call',
  name: 'book',
  next_state: 'done',
  designated_tool: {
    tool_id: TOOL,
    version_constraint: '~=1.0',
    additional_instruction: 'Book the visit.',
    audio_fillers: [],
    audio_filler_triggered_after: 1,
    result_persistence: 'persisted-preferred',
  },
  designated_tool_call_params_generation_audio_fillers: [],
  designated_tool_call_params_generation_audio_filler_triggered_after: 1,
  designated_tool_call_objective: 'Book the visit.',
  designated_tool_call_context: 'The customer has named a day.',
  designated_tool_call_guidances: [],
  designated_tool_call_validations: [],
  tool_call_specs: [],
};

/** A graph that has a person identified by another one, and then books a visit. */
const VISITS: ContextGraph = {
  ...graphOf([
    {
      ...actionState('ask_trouble', ['Ask: "What is broken?"'], []),
      exit_conditions: [
        { description: 'The customer has said what is broken', next_state: ['caller.ask_name', 'ask_day'] },
        { description: 'The customer says goodbye', next_state: 'bye' },
      ],
    },
    actionState('ask_day', ['Ask: "Which day suits you?"'], [['The customer has named a day', 'book']]),
    bookState,
    actionState(
      'done',
      [
        'Say: "Booked for [the name of the user\'s answer in ask_name], [the user\'s answer in ask_phone]. Is that all?"',
      ],
      [['The customer needs nothing else', 'bye']],
    ),
    actionState('bye', ['Say: "Goodbye!"'], []),
  ]),
  references: { caller: [CALLER, 1] },
};

const IDENTIFICATION: ContextGraph = {
  ...graphOf([
    actionState(
      'ask_name',
      ['Ask: "What is your first and last name?"'],
      [['The customer has given their first and last name', 'ask_phone']],
    ),
    actionState(
      'ask_phone',
      ['Ask: "Which phone number can we call?"'],
      [['The customer has given a phone number', 'known']],
    ),
    actionState('known', ['Say: "Thank you."'], []),
  ]),
  id: CALLER,
  name: 'Caller',
};

function fileOf(): OrganizationFile {
  return {
    ...testOrganization('0'.repeat(64)),
    graphs: [VISITS, IDENTIFICATION],
    dynamic_behavior_sets: [],
    tools: [
      {
        id: TOOL,
        name: 'book_visit',
        versions: [
          {
            version: '1.0',
            description: 'Books a visit.',
            input_schema: {
              type: 'object',
              properties: {
                customer_name: text('first and last name of the customer'),
                phone: text('phone number of the customer'),
                item: text('what is to be repaired'),
                day: text('the day of the visit'),
              },
              required: ['customer_name', 'phone', 'item', 'day'],
            },
            url: 'https://tools.example/book',
            headers: {},
            timeout_ms: 1000,
          },
        ],
      },
    ],
  };
}

/** Says messages in turn. Returns the inputs of the tool and the agent's last message. */
async function talk(...said: string[]) {
  const inputs: Record<string, unknown>[] = [];
  const answer = (input: Record<string, unknown>) => {
    inputs.push(input);
    return 'Visit 12.';
  };
  const talked = new Talk(fileOf(), VISITS.name, { answer });
  let last = await talked.say(null);
  for (const each of said) last = await talked.say(each);
  return { talked, inputs, last };
}

describe('a conversation through a referenced graph', () => {
  it('gives what was said in it to the tools and to the words of the agent after it', async () => {
    const { inputs, last } = await talk('My kettle leaks', 'Rosa Vidal', '030 1234567', 'Thursday');
    expect(inputs).toEqual([
      { customer_name: 'Rosa Vidal', phone: '030 1234567', item: 'My kettle leaks', day: 'Thursday' },
    ]);
    expect(last).toBe('Booked for Rosa Vidal, 030 1234567. Is that all?');
  });

  it('notes a correction of what was said in it', async () => {
    const first = ['My kettle leaks', 'Rosa Vidal', '030 1234567'];
    const { last } = await talk(...first, 'sorry, the number is 030 7654321');
    expect(last).toContain('030 7654321');
    const { inputs } = await talk(...first, 'sorry, the number is 030 7654321', 'Thursday');
    expect(inputs).toMatchObject([{ phone: '030 7654321', customer_name: 'Rosa Vidal' }]);
  });
});
