import { describe, expect, it } from 'vitest';
import { embeddedReasoner } from '../../../src/agent/embedded/embedded.ts';
import { extractStatements } from '../../../src/agent/embedded/memories.ts';
import type { EngageStep, Situation } from '../../../src/agent/reasoner.ts';
import type { ActionState } from '../../../src/registry/graph.ts';
import { actionState } from '../../support/organization.ts';
import { graphOf, situationAt, userSays } from '../support.ts';

const ASK = actionState('ask', ['Ask: "Which colour would you like?"'], [['The guest withdraws', 'end']]);
const GRAPH = graphOf([ASK, actionState('end', ['Bye.'], [])]);

const NO_TOOLS = { choosing: [], engaging: [] };

async function steps(situation: Situation, state: ActionState): Promise<EngageStep[]> {
  const made: EngageStep[] = [];
  const engaged = embeddedReasoner({ paceMs: 0 }).engage(situation, state, NO_TOOLS);
  for (let step = await engaged.next([]); step.done !== true; step = await engaged.next([]))
    made.push(step.value);
  return made;
}

/** Returns the message of the agent after `input`, in a state in which it has asked its question before. */
async function saidAgain(input: Situation['input'], historyLength = 0): Promise<string> {
  const history = Array.from({ length: historyLength }, () => ({ by: 'agent' as const, text: '…' }));
  const situation = situationAt(GRAPH, 'ask', { input, history });
  const position = { ...situation.position, performed: [0] };
  const made = await steps({ ...situation, position }, ASK);
  return made.map((step) => (step.type === 'piece' ? step.text : '')).join('');
}

describe('the embedded agent', () => {
  it('yields its choice, and then its message a few words at a time', async () => {
    expect(await steps(situationAt(GRAPH, 'ask'), ASK)).toEqual([
      { type: 'choice', choice: { kind: 'action', index: 0 } },
      { type: 'piece', text: 'Which colour would ', final: false },
      { type: 'piece', text: 'you like?', final: true },
    ]);
  });

  it('says nothing at an exit', async () => {
    const situation = situationAt(GRAPH, 'ask', { input: userSays('never mind') });
    expect(await steps(situation, ASK)).toEqual([{ type: 'choice', choice: { kind: 'exit', index: 0 } }]);
  });

  it('varies its wording when it has to ask again', async () => {
    expect(await saidAgain(userSays('hmm'))).toBe(
      'Sorry, I did not quite get that. Which colour would you like?',
    );
    expect(await saidAgain(userSays('hmm'), 2)).toBe(
      'I am sorry, I still did not follow. Which colour would you like?',
    );
    expect(await saidAgain(userSays('Why?'))).toBe(
      'I am afraid I cannot answer that here. Which colour would you like?',
    );
    expect(await saidAgain([])).toBe('Take your time. Which colour would you like?');
  });

  it.each([
    [false, 'Mind the step. Sorry, I did not quite get that. Which colour would you like?'],
    [true, 'Mind the step.'],
  ])(
    'says an instruction of a behavior set first, and alone when it overrides: %j',
    async (overriding, words) => {
      const instructions = ['Warn them: "Mind the step."', 'Be kind.'];
      const situation = situationAt(GRAPH, 'ask', {
        input: userSays('hmm'),
        behavior: { instructions, overriding },
      });
      const position = { ...situation.position, performed: [0] };
      const made = await steps({ ...situation, position }, ASK);
      expect(made.map((step) => (step.type === 'piece' ? step.text : '')).join('')).toBe(words);
    },
  );

  it('follows an overriding instruction without quoted words in the words of the state', async () => {
    const behavior = { instructions: ['Be kind.'], overriding: true };
    const made = await steps(situationAt(GRAPH, 'ask', { behavior }), ASK);
    expect(made.at(-1)).toEqual({ type: 'piece', text: 'you like?', final: true });
  });

  it('stops speaking when the turn is over', async () => {
    const turn = new AbortController();
    const situation = situationAt(GRAPH, 'ask', { signal: turn.signal });
    const speaking = embeddedReasoner({ paceMs: 0 }).engage(situation, ASK, NO_TOOLS);
    await speaking.next([]);
    turn.abort(new Error('too late'));
    await expect(speaking.next([])).rejects.toThrow('too late');
  });

  it('gives the same result every time', async () => {
    const situation = situationAt(GRAPH, 'ask', { input: userSays('something red, maybe?') });
    expect(await steps(situation, ASK)).toEqual(await steps(situation, ASK));
  });
});

describe('memories', () => {
  it('are the statements of the user about themselves, each with its message', () => {
    expect(
      extractStatements([
        { id: 'm1', by: 'agent', text: 'I am the agent.' },
        { id: 'm2', by: 'user', text: 'My knee hurts. The weather is bad. Can I come on Monday?' },
        { id: 'm3', by: 'event', text: 'My event.' },
        { id: 'm4', by: 'user', text: "I'm allergic to penicillin\nThank you" },
      ]),
    ).toEqual([
      { text: 'My knee hurts.', message_ids: ['m2'] },
      { text: "I'm allergic to penicillin", message_ids: ['m4'] },
    ]);
  });
});
