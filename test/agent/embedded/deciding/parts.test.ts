/** Questions for two things of any kind, of which a message gives one. */
import { describe, expect, it } from 'vitest';
import { visitShop } from './bike-shop.ts';

const AT_APPOINTMENT = ['electric', 'one year'];
const AT_PICKUP = [...AT_APPOINTMENT, 'Tuesday at 4 pm'];
const AT_CONTACT = [...AT_PICKUP, 'Linden Road 5, 10115'];

describe('an answer that gives one of two things', () => {
  it.each([
    [AT_APPOINTMENT, 'Thursday', 'And at what time?', 'half past nine', 'pickup'],
    [AT_APPOINTMENT, 'at ten', 'And on which day would you bring it?', 'make it Wednesday', 'pickup'],
    [AT_PICKUP, 'Linden Road 5', 'Could you tell me the postcode?', '10115', 'contact'],
    [AT_PICKUP, '10115', 'And what is the street?', 'Linden Road 5', 'contact'],
    [AT_CONTACT, 'Lena Hart', 'And on which number can we call you?', '0151 22 33 44 55', 'end'],
    [AT_CONTACT, '0151 22 33 44 55', 'And what is your name?', 'Lena Hart', 'end'],
  ])('%j %j has the other one asked for: %j', async (before, first, asked, second, state) => {
    const { talk, said } = await visitShop(...before, first);
    expect(said).toBe(asked);
    await talk.say(second);
    expect(talk.position.state).toBe(state);
  });

  it.each([
    [AT_APPOINTMENT, 'Thursday at ten', 'pickup'],
    [AT_APPOINTMENT, 'Thursday, any time', 'pickup'],
    [AT_PICKUP, 'Linden Road 5, 10115', 'contact'],
  ])('%j %j is a whole one', async (before, saying, state) => {
    expect((await visitShop(...before, saying)).state).toBe(state);
  });
});

describe('a thing that was told before it is asked', () => {
  it('has only the other one asked for', async () => {
    const { talk, said, state } = await visitShop(
      'electric, the bike is two years old, I could come on Friday',
    );
    expect([state, said]).toEqual(['appointment', 'And at what time?']);
    await talk.say('at noon');
    expect(talk.position.state).toBe('pickup');
  });
});
