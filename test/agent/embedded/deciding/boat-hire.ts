/** A graph for tests of what one message says: the hire of boats. */
import { actionState } from '../../../support/organization.ts';
import { graphOf } from '../../../support/scripted-turn.ts';
import { orderOrganization } from '../../order-graph.ts';
import { Talk } from '../../support.ts';

const GRAPH = graphOf(
  [
    actionState(
      'hello',
      [
        'Say: "Good day. Would you like to hire a boat?"',
        'If the user asks about opening hours, say: "We open at eight. Would you like to hire a boat?"',
      ],
      [
        ['The user wants to hire a boat', 'ask_boat'],
        ['The user does not want to hire a boat', 'end'],
      ],
    ),
    actionState(
      'ask_boat',
      [
        'Ask: "Which boat shall it be?"',
        'If the user asks about the deposit, say: "The deposit is 50 euros. Which boat shall it be?"',
        'If the user asks who may steer, say: "Adults may steer. Which boat shall it be?"',
        'If it is not clear which boat, ask: "A canoe, a kayak or a dinghy?"',
      ],
      [['The user has chosen a boat or said how many people are coming', 'ask_when']],
    ),
    actionState(
      'ask_when',
      [
        'Ask for the day and the time.',
        'If only the day is known, ask: "And at what time?"',
        'If only the time is known, ask: "And on which day?"',
      ],
      [['The user has given both the day and the time', 'ask_name']],
    ),
    actionState(
      'ask_name',
      [
        'Ask: "What is your first and last name?"',
        'If only the first name was given, ask: "And your last name?"',
      ],
      [['The user has given their first and last name', 'ask_card']],
    ),
    actionState(
      'ask_card',
      ['Ask: "What is the number of your club card?"'],
      [['The user has given the card number', 'ask_phone']],
    ),
    actionState(
      'ask_phone',
      ['Ask: "Which phone number can we reach you on?"'],
      [['The user has given a phone number', 'end']],
    ),
    actionState('end', ['Say: "Thank you, [the user\'s answer in ask_name]. Until then!"'], []),
  ],
  { name: 'Boats' },
);

/** Returns a conversation about the hire of a boat after some messages, and the agent's last words. */
export async function hireBoat(...sayings: readonly string[]) {
  const talk = new Talk(orderOrganization(GRAPH), 'Boats');
  let said = await talk.say(null);
  for (const saying of sayings) said = await talk.say(saying);
  return { talk, said, state: talk.position.state };
}
