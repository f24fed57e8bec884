import { describe, expect, it } from 'vitest';
import { asksForHelp, onlyIntroduces } from '../../../../src/agent/embedded/deciding/help.ts';
import { chooseInActionState } from '../../../../src/agent/embedded/choosing.ts';
import { understandMessage } from '../../../../src/agent/embedded/language/message.ts';
import { actionState } from '../../../support/organization.ts';
import { graphOf, situationAt, userSays } from '../../support.ts';

const GRAPH = graphOf([
  actionState('ask', ['Ask: "What has happened?"'], [['The member has said what has happened', 'who']]),
  actionState('who', ['Ask: "Who are you?"'], [['The member has said who they are', 'ask']]),
  actionState('end', ['Say: "Bye."'], []),
]);

function leaves(state: string, said: string): boolean {
  const performed = situationAt(GRAPH, state, { input: userSays(said) });
  const situation = { ...performed, position: { ...performed.position, performed: [0] } };
  const found = GRAPH.states.find(({ name }) => name === state);
  if (found?.type !== 'action') throw new Error('The state acts.');
  return chooseInActionState(situation, found).choice.kind === 'exit';
}

describe('a message that tells no matter', () => {
  it.each([
    'I have a problem',
    'Could you help me please?',
    'Hello, my name is Olu Bello',
    'Hi there, this is Olu Bello, you can reach me at 030 7654321',
    'Good morning, I am Olu Bello and I need some help',
  ])('is no answer in any words: %s', (said) => {
    const message = understandMessage(said);
    expect(asksForHelp(message) || onlyIntroduces(message)).toBe(true);
    expect(leaves('ask', said)).toBe(false);
  });

  it.each([
    'My name is Olu Bello and my fence fell over',
    'I have a problem with the fence',
    'This is Olu Bello, somebody hit my car',
    'I am Soaked To The Skin',
  ])('is one as soon as it tells something: %s', (said) => {
    expect(leaves('ask', said)).toBe(true);
  });

  it('answers the question who the user is', () => {
    expect(leaves('who', 'This is Olu Bello')).toBe(true);
  });
});
