/** Answers to the question which of several things the user wants, which the agent asks when it has not understood. */
import { describe, expect, it } from 'vitest';
import { NONE_OF_THEM } from '../../../../src/agent/embedded/deciding/meant-exits.ts';
import { actionState } from '../../../support/organization.ts';
import { graphOf } from '../../../support/scripted-turn.ts';
import { orderOrganization } from '../../order-graph.ts';
import { Talk } from '../../support.ts';

const OFFER = 'I can rent you a bicycle or repair yours. Which would you like?';
const GRAPH = graphOf(
  [
    actionState(
      'welcome',
      ['Say: "Welcome. What can I do for you?"', `If it is not clear what the user wants, say: "${OFFER}"`],
      [
        ['The user wants to rent a bicycle', 'rent'],
        ['The user wants a bicycle to be repaired', 'rent'],
        ['The user declines help or says goodbye, such as "No, nothing"', 'end'],
      ],
    ),
    actionState('rent', ['Ask: "For which day?"'], [['The user names a day', 'end']]),
    actionState('end', ['Say: "Goodbye!"'], []),
  ],
  { name: 'Bicycles' },
);

async function begin(): Promise<Talk> {
  const talk = new Talk(orderOrganization(GRAPH), 'Bicycles');
  await talk.say(null);
  return talk;
}

describe('a message that the agent has not understood', () => {
  it.each(['no', 'not really', 'nope', 'No.'])('is not ended by %j to the offer', async (text) => {
    const talk = await begin();
    expect(await talk.say('the moon is made of cheese')).toContain(OFFER);
    expect(await talk.say(text)).toBe(NONE_OF_THEM);
    expect(talk.position.state).toBe('welcome');
    expect(await talk.say('I want to rent one')).toBe('For which day?');
  });

  it.each(['no thanks', 'goodbye', 'nothing else, thank you'])('is ended by %j', async (text) => {
    const talk = await begin();
    await talk.say('the moon is made of cheese');
    expect(await talk.say(text)).toBe('Goodbye!');
  });

  it('is ended by the second no in succession', async () => {
    const talk = await begin();
    await talk.say('the moon is made of cheese');
    await talk.say('no');
    expect(await talk.say('no')).toBe('Goodbye!');
  });
});

describe('a wish for help without its matter', () => {
  it.each([
    'hello, I would like some help please',
    'I need help',
    'can somebody help me out?',
    'could I get some assistance',
    'help!',
  ])('is welcome and no misunderstanding: %j', async (text) => {
    const talk = await begin();
    expect(await talk.say(text)).toBe(`Gladly. ${OFFER}`);
  });

  it.each(['help me with the moon', 'I do not need help with the moon'])(
    'is none with a matter, or denied: %j',
    async (text) => {
      const talk = await begin();
      expect(await talk.say(text)).not.toContain('Gladly');
    },
  );
});
