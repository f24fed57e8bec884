/** Counts in the answer to the question for one, and addresses, which are a name and a number too. */
import { describe, expect, it } from 'vitest';
import { findNumberInAnswer } from '../../../../src/agent/embedded/facts/numbers.ts';
import { findAddress } from '../../../../src/agent/embedded/facts/places.ts';

describe('the count in an answer', () => {
  it.each([
    ['We will stay for 5 nights', '5'],
    ['Then 250 grams, please', '250'],
    ['The pain is an 8', '8'],
    ['Make it 3', '3'],
    ['Maybe 4 of us', '4'],
    ['There are 12 in all', '12'],
    ['about ten', 'ten'],
  ])('%j is %j', (said, count) => {
    expect(findNumberInAnswer(said)).toBe(count);
  });

  it.each(['at 6 pm', 'on 12 July', 'the 4th', '18:30'])('is not told by %j', (said) => {
    expect(findNumberInAnswer(said)).toBeNull();
  });
});

describe('an address', () => {
  it.each([
    ['I live at Mill Street 22', 'Mill Street 22'],
    ['Rosenweg 5', 'Rosenweg 5'],
    ['Avenue of the Stars 5', 'Avenue of the Stars 5'],
  ])('in %j is %j', (said, address) => {
    expect(findAddress(said)).toBe(address);
  });

  it.each(['We need 3 of them', 'Tuesday at 4', 'Give me 4', 'That was 30 euros', 'Room 12'])(
    'is not told by %j',
    (said) => {
      expect(findAddress(said)).toBeNull();
    },
  );
});
