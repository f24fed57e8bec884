/** Users who do not know or have what is asked for, and users who do not want to tell it. */
import { describe, expect, it } from 'vitest';
import { exitTaken } from './exit-taken.ts';

const ASKED = 'Ask: "What is the number of your membership card?"';
const GIVEN = 'They tell us the card number';

describe('a user who gives no value', () => {
  it.each(["I don't have it with me", 'no idea', "sorry, I can't find it", 'I forgot', 'I lost it'])(
    'takes the exit of a user who does not know it: %j',
    (text) => {
      expect(exitTaken(ASKED, [GIVEN, 'The member does not know the number'], text)).toBe(1);
      expect(exitTaken(ASKED, [GIVEN, 'No card number'], text)).toBe(1);
    },
  );

  it.each(["I'd rather not say", "that's private", "I won't tell you", 'none of your business'])(
    'takes the exit of a user who does not want to tell it: %j',
    (text) => {
      expect(exitTaken(ASKED, [GIVEN, 'They refuse to give it'], text)).toBe(1);
      expect(exitTaken(ASKED, [GIVEN, 'The member would rather not say'], text)).toBe(1);
    },
  );

  it.each(["I don't have it with me", "that's private", 'no idea'])(
    'stays where no exit is for it: %j',
    (text) => {
      expect(exitTaken(ASKED, [GIVEN], text)).toBeNull();
      expect(exitTaken(ASKED, [GIVEN, 'They have not lost anything'], "that's private")).toBeNull();
    },
  );

  it('gives a value beside what they do not know', () => {
    expect(exitTaken(ASKED, [GIVEN, 'The member does not know it'], "I don't know, maybe 40718")).toBe(0);
  });

  it.each(["it can't find my printer", "I can't find the handle", "I don't have any hot water"])(
    'describes a problem where one is asked for: %j',
    (text) => {
      expect(
        exitTaken('Ask: "What is wrong?"', ['They describe what is wrong', 'They do not know'], text),
      ).toBe(0);
    },
  );

  it.each(['one moment please', 'I do not understand', 'I did not get the question', 'um, wait'])(
    'is asked again when they need time or have not understood: %j',
    (text) => {
      expect(
        exitTaken('Ask: "How many chairs?"', ['The number of chairs is known', 'They do not know'], text),
      ).toBe(null);
    },
  );
});

describe('an exit that says that a value was given', () => {
  it.each([
    'They tell us the town',
    'Town provided',
    'The town is there',
    'The guest told the town',
    'The guest provided the town',
    'They give their town',
    'A town has been named',
  ])('waits for any value, also at the end of the conversation: %j', (description) => {
    expect(exitTaken('Ask: "In which town?"', [description, 'The guest asks for a person'], 'Porto')).toBe(0);
    expect(exitTaken('Ask: "In which town?"', ['The guest asks for a person', description], 'Porto')).toBe(1);
  });

  it('takes "the number" for what its question asks for', () => {
    const exits = ['They give the number', 'They give no number'];
    expect(exitTaken('Ask: "On which phone number can we call you?"', exits, '+44 20 7946 0958')).toBe(0);
    expect(exitTaken('Ask: "On which phone number can we call you?"', exits, 'four')).toBeNull();
  });

  it('is no answer in words: "A van gets there"', () => {
    const exits = ['A van gets there', 'A van does not get there'];
    expect(exitTaken('Ask: "Can a van get to your house?"', exits, "it won't fit")).not.toBe(0);
  });
});
