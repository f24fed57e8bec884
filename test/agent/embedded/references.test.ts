import { describe, expect, it } from 'vitest';
import type { ContextGraph, State } from '../../../src/registry/graph.ts';
import type { OrganizationFile } from '../../../src/registry/organization.ts';
import { actionState, testOrganization } from '../../support/organization.ts';
import { isKnown } from '../../../src/agent/embedded/deciding/told-before.ts';
import { readState } from '../../../src/agent/embedded/reading/states.ts';
import { graphOf, situationAt, Talk, userSays } from '../support.ts';

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

const ON_PRICES =
  'If the customer asks about prices, such as "What does it cost?", answer: "A look at it costs 20 euros. What is broken?"';

/** A graph that has a person identified by another one, and then books a visit. */
const VISITS: ContextGraph = {
  ...graphOf([
    {
      ...actionState('ask_trouble', ['Ask: "What is broken?"', ON_PRICES], []),
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

  it('does not ask again for facts about the user that were told before it', async () => {
    const introduced = await talk('Hello, I am Rosa Vidal');
    expect(introduced.last).toBe('Hello! What is broken?');
    const { talked, last } = await talk('Hello, I am Rosa Vidal', 'My kettle leaks');
    expect(last).toContain('phone number');
    expect(talked.position.state).toBe('ask_phone');
    const both = await talk(
      'Hi, my name is Rosa Vidal, my number is 030 1234567 and I need you',
      'My kettle leaks',
    );
    expect(both.talked.position.state).toBe('ask_day');
    const { inputs } = await talk(
      'Hi, my name is Rosa Vidal, my number is 030 1234567 and my kettle leaks',
      'Friday',
    );
    expect(inputs).toMatchObject([{ customer_name: 'Rosa Vidal', phone: '030 1234567', day: 'Friday' }]);
  });

  it('asks for a fact of that kind about another person or thing', () => {
    const known = situationAt(IDENTIFICATION, 'ask_name', {
      history: userSays('I am Rosa Vidal'),
      input: userSays('It leaks'),
    });
    const exitWith = (description: string) => {
      const state = actionState('ask_it', ['Ask: "Which name?"'], [[description, 'known']]);
      return readState(graphOf([state, actionState('known', ['Say: "Bye."'], [])]), state).exits[0];
    };
    expect(isKnown(known, exitWith('The customer has given their first and last name'))).toBe(true);
    expect(isKnown(known, exitWith('The customer has given the name of their dog'))).toBe(false);
    expect(isKnown(known, exitWith('The customer has given another name'))).toBe(false);
    expect(isKnown(known, exitWith('The customer has named a day'))).toBe(false);
    const asked = {
      ...known,
      graphs: [IDENTIFICATION],
      position: { ...known.position, answers: { ask_name: 'Rosa Vidal' } },
    };
    expect(isKnown(asked, exitWith('The customer has given their first and last name'))).toBe(false);
  });

  it('answers a question in it with the words of the graph that called it, and keeps the place', async () => {
    const { talked, last } = await talk('My kettle leaks', 'Rosa Vidal', 'What does it cost?');
    expect(last).toBe('A look at it costs 20 euros. Which phone number can we call?');
    expect(talked.position.state).toBe('ask_phone');
  });
});
