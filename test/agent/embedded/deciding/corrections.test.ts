/** Corrections of an earlier answer in graphs without states to reopen and without exits for corrections. */
import { describe, expect, it } from 'vitest';
import { hireBoat } from './boat-hire.ts';

const UNTIL_PHONE = ['yes', 'a canoe', 'Sunday at ten', 'Amina Diop', 'K20311'];

describe('a correction of an earlier answer', () => {
  it.each([
    ['sorry, the card number is K20312', 'K20312'],
    ['the card is K20319', 'K20319'],
    ['wait, it should be K20399', 'K20399'],
    ['K20313, not K20311', 'K20313'],
  ])('%j is noted, and the pending question is asked again', async (saying, value) => {
    const { talk, said, state } = await hireBoat(...UNTIL_PHONE, saying);
    expect(state).toBe('ask_phone');
    expect(said).toBe(`I have noted: ${value}. Which phone number can we reach you on?`);
    await talk.say('555 201 3377');
    expect(talk.position.state).toBe('end');
  });

  it.each(['my phone number is 555 201 3377', 'actually, call me on 555 201 3377'])(
    '%j is the answer to the present question',
    async (saying) => {
      expect((await hireBoat(...UNTIL_PHONE, saying)).state).toBe('end');
    },
  );

  it('is none when the value is the one that was told', async () => {
    const { said } = await hireBoat(...UNTIL_PHONE, 'the card number is K20311');
    expect(said).not.toContain('I have noted');
  });
});
