/** Questions in the middle of a conversation: they are answered from another state, and the place is kept. */
import { describe, expect, it } from 'vitest';
import { actionState } from '../../../support/organization.ts';
import { graphOf } from '../../../support/scripted-turn.ts';
import { orderOrganization } from '../../order-graph.ts';
import { Talk } from '../../support.ts';

const GRAPH = graphOf(
  [
    actionState(
      'welcome',
      [
        'Say: "Welcome. Would you like to rent a bicycle?"',
        'If the user asks about the price, say: "A day costs 12 euros."',
        'If the user asks about opening hours, say: "We are open from nine to six."',
      ],
      [
        ['The user wants to rent a bicycle', 'ask_day'],
        ['The user does not want one', 'end'],
      ],
    ),
    actionState(
      'ask_day',
      ['Ask: "For which day would you like it?"'],
      [['The user names a day', 'ask_phone']],
    ),
    {
      ...actionState(
        'ask_phone',
        ['Ask: "Which phone number can we reach you on?"'],
        [['The user gives a phone number', 'end']],
      ),
      revisit: true,
    },
    actionState('end', ['Say: "Thank you. Goodbye!"'], []),
  ],
  { name: 'Bicycles' },
);

async function talkTo(state: 'ask_day' | 'ask_phone') {
  const talk = new Talk(orderOrganization(GRAPH), 'Bicycles');
  await talk.say(null);
  await talk.say('yes please');
  if (state === 'ask_phone') await talk.say('on Friday');
  expect(talk.position.state).toBe(state);
  return talk;
}

describe('a question that another state answers', () => {
  it.each([
    ['ask_day', 'what is the price?', 'A day costs 12 euros. For which day would you like it?'],
    [
      'ask_day',
      'tell me about your opening hours',
      'We are open from nine to six. For which day would you like it?',
    ],
    [
      'ask_phone',
      'what are your opening hours?',
      'We are open from nine to six. Which phone number can we reach you on?',
    ],
    [
      'ask_phone',
      'hm, what was the price again?',
      'A day costs 12 euros. Which phone number can we reach you on?',
    ],
  ] as const)(
    'in %s: "%s" is answered, and the pending question is asked again',
    async (state, asked, expected) => {
      const talk = await talkTo(state);
      const before = { state: talk.position.state, returns: talk.position.returns };
      expect(await talk.say(asked)).toBe(expected);
      expect(talk.position).toMatchObject(before);
      expect(talk.logs.at(-1)?.transitions).toEqual([]);
    },
  );

  it('is followed by the answer to the pending question, as if it had not been asked', async () => {
    const talk = await talkTo('ask_day');
    await talk.say('what is the price?');
    await talk.say('and what are the opening hours?');
    expect(await talk.say('next Friday')).toBe('Which phone number can we reach you on?');
    expect(await talk.say('555 123 4567')).toBe('Thank you. Goodbye!');
  });

  it('keeps the place also where nothing answers it', async () => {
    const talk = await talkTo('ask_phone');
    expect(await talk.say('who won the football match?')).toContain(
      'Which phone number can we reach you on?',
    );
    expect(talk.position.state).toBe('ask_phone');
  });
});
