/** Summaries of messages that no longer fit into a prompt, made during a turn. */
import { describe, expect, it, vi } from 'vitest';
import { takeTurn } from '../../src/agent/engine.ts';
import { languageModelReasoner } from '../../src/agent/language-model/language-model.ts';
import { memoryQueriesOf } from '../../src/agent/language-model/memory-queries.ts';
import type { Position } from '../../src/agent/position.ts';
import type { Utterance } from '../../src/agent/reasoner.ts';
import { graph, scriptedModel, situation } from './language-model/situations.ts';
import { turnAt, wholeTurn } from './support.ts';

const said = (count: number): Utterance[] =>
  Array.from({ length: count }, (_, index) => ({
    by: 'user',
    text: `message ${index} ${'word '.repeat(80)}`,
  }));

async function turn(answers: string[], changes: { messages: number; position?: Partial<Position> }) {
  const { asked, models } = scriptedModel(answers.map((answer) => [answer]));
  const reasoner = languageModelReasoner({ models, timing: { retryMs: 1 } });
  const history = said(changes.messages);
  const input = turnAt(graph, 'ask_day', { history, historyStart: 0 });
  const events = takeTurn({ ...input, position: { ...input.position, ...changes.position } }, reasoner);
  let step = await events.next();
  while (step.done !== true) step = await events.next();
  return { asked, result: step.value };
}

describe('a long conversation', () => {
  it('gets a summary of the messages that its prompt does not contain, for the next turn', async () => {
    // The summary is asked for first: it is made while the turn runs.
    const { asked, result } = await turn(['Ada has a cat.', '{"action": 0}\nWhich day?'], { messages: 300 });
    expect(result.message).toBe('Which day?');
    expect(result.position.summary).toMatchObject({ text: 'Ada has a cat.' });
    const covers = result.position.summary?.covers ?? 0;
    expect(covers % 16).toBe(0);
    expect(covers).toBeGreaterThan(100);
    expect(JSON.stringify(asked[0]?.messages)).toContain(`message ${covers - 1} `);
    expect(JSON.stringify(asked[0]?.messages)).not.toContain(`message ${covers} `);
  });

  it('gets no second summary while its window does not move', async () => {
    const summary = { text: 'Ada has a cat.', covers: 288 };
    const { asked, result } = await turn(['{"action": 0}\nWhich day?'], {
      messages: 300,
      position: { summary },
    });
    expect(result.position.summary).toEqual(summary);
    expect(asked).toHaveLength(1);
    expect(JSON.stringify(asked[0]?.messages)).toContain('Ada has a cat.');
  });

  it('goes on without a summary when the model gives none', async () => {
    const { result } = await turn(['', '{"action": 0}\nWhich day?', ''], { messages: 300 });
    expect(result.message).toBe('Which day?');
    expect(result.position.summary).toBeUndefined();
  });

  it('sets no timer for a summary that is not needed', async () => {
    const reasoner = languageModelReasoner(scriptedModel([['{"action": 0}\nWhich day?']]));
    const timers = vi.spyOn(globalThis, 'setTimeout');
    await wholeTurn(turnAt(graph, 'ask_day', { history: said(2) }), reasoner);
    const long = timers.mock.calls.map(([, ms]) => ms).filter((ms) => ms === 5_000);
    timers.mockRestore();
    expect(long).toEqual([]);
  });

  it('needs no summary while the prompt contains all of it', async () => {
    const { asked } = await turn(['{"action": 0}\nWhich day?'], { messages: 20 });
    expect(asked).toHaveLength(1);
  });
});

describe('an answer of memory', () => {
  it('is ignored when it is blank, and its query is not sent again', async () => {
    const { models, asked } = scriptedModel([['{"action": 0}\nWhich day?']]);
    const reasoner = languageModelReasoner({ models });
    const asks: string[][] = [];
    const memory = {
      recall: async (queries: readonly string[]): Promise<[string, string][]> => {
        asks.push([...queries]);
        return queries.map((query) => [query, query.includes('cat') ? 'Has a cat, Tom.' : ' ']);
      },
    };
    const input = turnAt(graph, 'ask_day', {
      memory,
      input: [
        { by: 'user', text: 'Wie heißt meine Katze, my cat?' },
        { by: 'user', text: 'And where do I live?' },
      ],
    });
    const { events, result } = await wholeTurn(input, reasoner);
    expect(asks).toEqual([['Wie heißt meine Katze, my cat?', 'And where do I live?']]);
    expect(result.log.working_memory).toEqual([
      { content: 'Has a cat, Tom.', context: 'Wie heißt meine Katze, my cat?' },
    ]);
    expect(events).toContainEqual({
      type: 'action',
      action: {
        type: 'extract-active-memories-completed',
        queries_and_responses: [['Wie heißt meine Katze, my cat?', 'Has a cat, Tom.']],
      },
    });
    expect(result.position.asked).toContain('And where do I live?');
    expect(JSON.stringify(asked[0]?.messages)).toContain('Has a cat, Tom.');
  });
});

describe('the memory check', () => {
  const queries = (text: string) => memoryQueriesOf(situation({ input: [{ by: 'user', text }] }));

  it.each([
    ['Do you remember my cat?'],
    ['¿Te acuerdas de mi gato?'],
    ['Wie immer, bitte, und wie beim letzten Mal.'],
    ['前回と同じものをお願いします'],
    ['还记得我的猫吗？'],
    ['هل تتذكر قطتي؟'],
    ['Katze?'],
  ])('makes a query for a message in any language: %s', (text) => {
    expect(queries(text)).toEqual([text]);
  });

  it.each([['Friday.'], ['Ja, gern.'], ['👍'], ['…'], ['?']])('makes no query for %s', (text) => {
    expect(queries(text)).toEqual([]);
  });

  it('makes a short query of a long message', () => {
    expect(queries('word '.repeat(5_000))[0]?.length).toBeLessThanOrEqual(200);
  });
});
