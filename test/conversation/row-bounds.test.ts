/** The bounds of a row hold in code: the platform refuses more than 2 MB, and nothing says so locally. */
import { runInDurableObject } from 'cloudflare:test';
import { beforeAll, describe, expect, it } from 'vitest';
import { AgentAction } from '../../src/contract/agent-actions.ts';
import { boundedJson, MAX_ACTIONS_BYTES, MAX_LOG_BYTES } from '../../src/conversation/row-bounds.ts';
import { ConversationStore, type CommittedTurn } from '../../src/conversation/store.ts';
import {
  callGraph,
  keepToolResult,
  recordQueries,
  startPosition,
  unaskedQueries,
} from '../../src/agent/position.ts';
import { memoryOf } from '../../src/objects.ts';
import { utf8Length } from '../../src/text.ts';
import { conversationObject, newUser, publishTestOrganization, testEnv } from '../support/client.ts';
import { GRAPH, ORGANIZATION } from '../support/organization.ts';

beforeAll(publishTestOrganization);

const MAX_ROW_BYTES = 2_000_000;

/** A turn that called tools as often as a model may, each with the longest output. */
function toolActions(states: number, output: string): AgentAction[] {
  return Array.from({ length: states * 4 * 8 }, (_, index) => ({
    type: 'tool-call-ended',
    tool_round_index: index % 4,
    tool_id: 'a'.repeat(24),
    tool_version: '1',
    input_parameters: { day: 'Monday', [`key ${index}`]: output.slice(0, 1_000) },
    result: output,
    duration: 1,
  }));
}

describe('JSON of a bound', () => {
  it('is the value as it is when it fits', () => {
    const value = [{ type: 'x', text: 'y'.repeat(50_000) }];
    expect(boundedJson(value, 100_000, [])).toBe(JSON.stringify(value));
  });

  it('loses the ends of long texts first, and 16 KiB of each stay', () => {
    const actions = toolActions(1, 'x'.repeat(64 * 1024));
    const kept = JSON.parse(boundedJson(actions, MAX_ACTIONS_BYTES, [])) as { result: string }[];
    expect(kept).toHaveLength(32);
    expect(kept.every(({ result }) => result.length === 16_384 && result.endsWith('x…'))).toBe(true);
  });

  it.each([
    ['many calls', toolActions(4, 'x'.repeat(64 * 1024))],
    ['outputs of three bytes a letter', toolActions(2, '語'.repeat(64 * 1024))],
    ['outputs of emoji', toolActions(2, '🎉'.repeat(32 * 1024))],
    ['outputs that are escaped', toolActions(2, '\u0001'.repeat(64 * 1024))],
    ['more actions than a turn can have', toolActions(3_000, 'x'.repeat(100))],
  ])('fits with %s, and still is what it was of', (_name, actions) => {
    const json = boundedJson(actions, MAX_ACTIONS_BYTES, []);
    expect(utf8Length(json)).toBeLessThanOrEqual(MAX_ACTIONS_BYTES);
    const kept = JSON.parse(json) as unknown[];
    expect(kept.length).toBeGreaterThan(10);
    for (const action of kept) expect(AgentAction.safeParse(action).success).toBe(true);
    expect(json.isWellFormed()).toBe(true);
  });

  it.each([
    ['long names', [Object.fromEntries([['k'.repeat(3_000_000), 1]])]],
    [
      'many names',
      [Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`name ${index}`, 'x'.repeat(50)]))],
    ],
    ['one text', ['x'.repeat(3_000_000)]],
  ])('fits with %s', (_name, value) => {
    expect(utf8Length(boundedJson(value, MAX_LOG_BYTES, []))).toBeLessThanOrEqual(MAX_LOG_BYTES);
  });

  it('is of nothing when nothing can be kept', () => {
    const nested = (depth: number): unknown =>
      depth === 0 ? 'x'.repeat(100) : Array.from({ length: 12 }, () => nested(depth - 1));
    expect(boundedJson(nested(4), 100_000, [])).toBe('[]');
  });
});

describe('a row of a conversation', () => {
  it('holds no more than the platform takes, with the longest of everything', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const sizes = await runInDurableObject(conversationObject(id), (_instance, { storage }) => {
      const store = new ConversationStore(storage);
      const record = store.load();
      const known = store.interactionAt(1);
      if (record === null || known === null) throw new Error('There is no conversation.');
      const output = '語'.repeat(64 * 1024);
      const call = {
        tool_name: output,
        tool_id: 'a',
        tool_version: '1',
        input: { output },
        output,
        duration: 1,
      };
      const turn: CommittedTurn = {
        record: { ...record, last_message: 2, last_interaction: 2 },
        messages: [
          {
            ...storage.sql.exec('SELECT * FROM messages').toArray()[0],
            sequence: 2,
            text: '語'.repeat(700_000),
          } as never,
        ],
        recordings: new Map(),
        interaction: {
          ...known,
          sequence: 2,
          actions: toolActions(2, output),
          log: {
            ...known.log,
            action: output,
            working_memory: Array.from({ length: 50 }, () => ({ content: output, context: output })),
            engage_user_tool_calls: [Array.from({ length: 32 }, () => call)],
          },
        },
      };
      store.commit(turn);
      store.saveAnalysis(
        turn.record,
        'extract-memories',
        Array.from({ length: 50 }, () => ({ text: output, message_ids: [] })),
      );
      const bytes = (table: string, columns: string) =>
        storage.sql
          .exec<{ bytes: number }>(
            `SELECT max(${columns
              .split(', ')
              .map((column) => `octet_length(${column})`)
              .join(' + ')}) AS bytes FROM ${table}`,
          )
          .one().bytes;
      return [
        bytes('messages', 'text, sender'),
        bytes('interactions', 'log, actions'),
        bytes('analyses', 'result'),
        bytes('conversation', 'identity, position, tags, analysis'),
      ];
    });
    for (const size of sizes) expect(size).toBeLessThan(MAX_ROW_BYTES - 100_000);
    const turns = await user.request(`/conversation/${id}/messages/`);
    expect(turns.status).toBe(200);
  });

  it('is bounded for what is remembered too', async () => {
    const memory = memoryOf(testEnv, { organization: ORGANIZATION }, (await newUser()).userId);
    const long = '語'.repeat(1_000_000);
    await memory.learn('c'.repeat(24), [
      { text: long, message_ids: Array.from({ length: 50_000 }, () => 'a'.repeat(24)) },
      ...Array.from({ length: 2_000 }, () => ({ text: 'I like pears.', message_ids: [] })),
    ]);
    await memory.setModel('c'.repeat(24), long);
    const [texts, ids, model, count] = await runInDurableObject(memory, (_instance, { storage }) => [
      storage.sql.exec('SELECT max(octet_length(text)) AS n FROM memories').one()['n'],
      storage.sql.exec('SELECT max(octet_length(message_ids)) AS n FROM memories').one()['n'],
      storage.sql.exec('SELECT max(octet_length(text)) AS n FROM user_model').one()['n'],
      storage.sql.exec('SELECT count(*) AS n FROM memories').one()['n'],
    ]);
    expect([Number(texts) < 10_000, Number(ids) < 10_000, Number(model) < 100_000]).toEqual([
      true,
      true,
      true,
    ]);
    expect(Number(count)).toBeLessThanOrEqual(500);
  });
});

describe('a position', () => {
  const start = startPosition([GRAPH, 1], 'greet');

  it('keeps of queries and of inputs of tools what is short', () => {
    const queries = unaskedQueries(
      start,
      Array.from({ length: 500 }, (_, index) => `${index} ${'語'.repeat(50_000)}`),
    );
    const asked = recordQueries(start, queries);
    let position = asked;
    for (let index = 0; index < 10; index += 1) {
      const result = {
        tool_name: 'look_up',
        input: { text: 'x'.repeat(1_000_000) },
        output: 'y'.repeat(4_999),
      };
      position = keepToolResult(position, result);
    }
    expect(utf8Length(JSON.stringify(position))).toBeLessThan(300_000);
    expect(position.tool_results.every(({ output }) => output.length === 4_999)).toBe(true);
  });

  it('goes no deeper into graphs that call each other than it can store', () => {
    let position = start;
    const call = () => {
      position = callGraph(position, [GRAPH, 1], 'greet', 'greet');
    };
    for (let depth = 0; depth < 64; depth += 1) call();
    expect(call).toThrow('too_many_steps');
  });
});
