/** A graph for tests of what is known before it is asked, and of questions for two things: a bicycle workshop. */
import { actionState } from '../../../support/organization.ts';
import { graphOf } from '../../../support/scripted-turn.ts';
import { orderOrganization } from '../../order-graph.ts';
import { Talk } from '../../support.ts';

const GRAPH = graphOf(
  [
    actionState(
      'bike_type',
      [
        'Ask: "Is it an electric bike or an ordinary one?"',
        'If the customer asks what the workshop charges, say: "We charge 50 euros an hour. Is it electric or ordinary?"',
      ],
      [
        ['It is an electric bike', 'bought'],
        ['It is an ordinary bike', 'bought'],
      ],
    ),
    actionState(
      'bought',
      ['Ask: "How old is the bike?"'],
      [
        ['It is younger than three years', 'appointment'],
        ['It is older than three years', 'parts'],
      ],
    ),
    actionState(
      'parts',
      ['Say: "Parts may take a week then. Is that all right?"'],
      [
        ['It is all right', 'appointment'],
        ['It is not all right', 'end'],
      ],
    ),
    actionState(
      'appointment',
      [
        'Ask: "On which day would you bring it, and at what time?"',
        'If the customer asks about weekends, say: "We are open from Tuesday to Saturday. On which day, and at what time?"',
      ],
      [['The customer has given the day and the time', 'pickup']],
    ),
    actionState(
      'pickup',
      [
        'Ask: "If we are to fetch it: what is the street, and the postcode?"',
        'If the postcode is missing, ask for the postcode.',
      ],
      [['Both are known, the street and the postcode', 'contact']],
    ),
    actionState(
      'contact',
      ['Ask: "What is your name, and on which number can we call you?"'],
      [['The customer has given a name and a phone number', 'end']],
    ),
    actionState('end', ['Say: "See you soon!"'], []),
  ],
  { name: 'Bikes' },
);

/** Returns a conversation at the workshop after some messages, and the agent's last words. */
export async function visitShop(...sayings: readonly string[]) {
  const talk = new Talk(orderOrganization(GRAPH), 'Bikes');
  let said = await talk.say(null);
  for (const saying of sayings) said = await talk.say(saying);
  return { talk, said, state: talk.position.state };
}
