/** Options of a question that choose a wish without its verb. */
import { describe, expect, it } from 'vitest';
import { actionState } from '../../../support/organization.ts';
import { graphOf } from '../../../support/scripted-turn.ts';
import { orderOrganization } from '../../order-graph.ts';
import { Talk } from '../../support.ts';

const GRAPH = graphOf(
  [
    actionState(
      'welcome',
      ['Greet the user: "Would you like to become a member or book a trial session?"'],
      [
        ['The user wants to become a member', 'numb'],
        ['The user wants to book a trial session', 'trainer'],
      ],
    ),
    actionState(
      'trainer',
      ['Ask: "Would you like to train alone or with a coach?"'],
      [
        ['The user wants to train alone', 'end'],
        ['The user wants a coach', 'numb'],
      ],
    ),
    actionState(
      'numb',
      ['Ask: "Do you feel any numbness in your arms or legs?"'],
      [
        ['The user feels numbness', 'trainer'],
        ['The user does not feel any numbness', 'welcome'],
      ],
    ),
    actionState('end', ['Say: "See you!"'], []),
  ],
  { name: 'Gym' },
);

async function stateAfter(...sayings: readonly string[]): Promise<string> {
  const talk = new Talk(orderOrganization(GRAPH), 'Gym');
  await talk.say(null);
  for (const saying of sayings) await talk.say(saying);
  return talk.position.state;
}

describe('an option of a question for a wish', () => {
  it.each([
    ['member', 'numb'],
    ['a member, please', 'numb'],
    ['trial session', 'trainer'],
    ['the trial', 'trainer'],
  ])('%j chooses without the verb of the wish', async (saying, state) => {
    expect(await stateAfter(saying)).toBe(state);
  });

  it.each(['how much does a member pay?', 'hm'])('%j chooses nothing', async (saying) => {
    expect(await stateAfter(saying)).toBe('welcome');
  });
});

describe('a denied quantity', () => {
  it('speaks against the exit of that quantity', async () => {
    expect(await stateAfter('trial session', "not alone, I'd rather have a coach")).toBe('numb');
  });
});

describe('a list in a question that names no exits', () => {
  it('gives an exit that only denies no word of its own', async () => {
    expect(await stateAfter('member', 'Yes, my left leg is numb')).toBe('trainer');
  });
});
