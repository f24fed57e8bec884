import { describe, expect, it } from 'vitest';
import {
  upgradeConversation,
  upgradeInteraction,
  upgradeMessage,
  type ConversationRow,
  type MessageRow,
} from '../../src/conversation/upgrade.ts';

const IDENTITY = {
  id: 'a',
  organization: 'o',
  directory_shards: 4,
  user_id: 'u',
  user_name: 'Una',
  service_id: 's',
  versions: { name: 'release', agent: ['a', 1], graph: ['g', 1] },
};

const CONVERSATION = {
  key: 1,
  identity: JSON.stringify(IDENTITY),
  state: 'open',
  position: '{"graph":["g",1],"state":"greet"}',
  tags: '{"kind":null}',
  revision: 2,
  num_messages: 3,
  last_message: 4,
  last_interaction: 2,
  last_at: 5,
  analysis: '{}',
  completed: 1,
} as ConversationRow;

describe('the row of a conversation', () => {
  it('has what missing fields stand for', () => {
    const record = upgradeConversation(CONVERSATION);
    expect(record.identity).toEqual({
      ...IDENTITY,
      language: null,
      user_model: null,
      versions: { ...IDENTITY.versions, llm_model_preferences: {} },
    });
    expect(record.position).toEqual({
      graph: ['g', 1],
      state: 'greet',
      returns: [],
      performed: [],
      answers: {},
      asked: [],
      behavior: null,
      tool_results: [],
    });
    expect(record.analysis).toEqual({ status: 'none', completed: [], attempts: 0 });
    expect([record.tags, record.completed, 'key' in record]).toEqual([{ kind: null }, true, false]);
  });

  it('keeps the fields that it has', () => {
    const identity = { ...IDENTITY, language: 'deu', user_model: 'Likes tea.' };
    const position = { graph: ['g', 1], state: 'greet', returns: [], performed: [1], answers: { a: 'b' } };
    const analysis = { status: 'pending', completed: ['compute-metrics'], attempts: 2 };
    const record = upgradeConversation({
      ...CONVERSATION,
      identity: JSON.stringify(identity),
      position: JSON.stringify(position),
      analysis: JSON.stringify(analysis),
    });
    expect(record.identity).toMatchObject({ language: 'deu', user_model: 'Likes tea.' });
    expect([record.position, record.analysis]).toMatchObject([position, analysis]);
  });

  it('has no position while the conversation is being created', () => {
    expect(upgradeConversation({ ...CONVERSATION, state: 'creating', position: 'null' }).position).toBeNull();
  });
});

describe('the row of a message', () => {
  it('has no known sender in version 1', () => {
    expect(upgradeMessage({ sequence: 1, text: 'Hello' } as unknown as MessageRow)).toEqual({
      sequence: 1,
      text: 'Hello',
      sender_user_id: null,
      alignment: null,
      stopped: null,
    });
  });
});

describe('the row of an interaction', () => {
  it('has empty fields where its log lacks them', () => {
    const row = { sequence: 1, id: 'i', first_message: 1, last_message: 2, started_at: 3 };
    const log = '{"state":"greet","objective":"Greet."}';
    const interaction = upgradeInteraction({ ...row, log, actions: '[]' });
    expect(interaction).toEqual({
      ...row,
      actions: [],
      told: null,
      idempotency: [],
      stopped: null,
      place: null,
      log: {
        state: 'greet',
        objective: 'Greet.',
        action: '',
        behavior: null,
        transitions: [],
        working_memory: [],
        reflections: [],
        select_next_action_tool_calls: [],
        engage_user_tool_calls: [],
        model_calls: [],
      },
    });
  });
});
