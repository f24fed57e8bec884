/** Exits for any answer to an open question, and exits that end the conversation, however their authors put them. */
import { describe, expect, it } from 'vitest';
import { exitTaken } from './exit-taken.ts';

const VEHICLES = 'Ask: "Would you like a bicycle, a tandem or a scooter?"';

describe('the only exit that answers an open question', () => {
  it.each(['a tandem please', 'hello! the scooter', 'bicycle'])('takes one of the options: %j', (text) => {
    expect(exitTaken(VEHICLES, ['They hire one of the vehicles', 'No interest in a ride'], text)).toBe(0);
  });

  it.each(['hmm, let me think', 'how old are they?'])('takes no message that answers nothing: %j', (text) => {
    expect(exitTaken(VEHICLES, ['They hire one of the vehicles', 'No interest in a ride'], text)).toBeNull();
  });

  it.each(['We know what is missing', 'The missing thing is known', 'We have found out what it is'])(
    'may say what is known: %j',
    (description) => {
      const exits = [description, 'They have lost nothing'];
      expect(exitTaken('Ask: "What is missing?"', exits, 'my blue umbrella')).toBe(0);
      expect(exitTaken('Ask: "What is missing?"', exits, 'why do you ask?')).toBeNull();
    },
  );

  it('waits for no answer where several exits name answers', () => {
    const exits = ['The screen flickers', 'The screen is dark', 'The screen is cracked'];
    expect(exitTaken('Ask: "What is wrong with it?"', exits, 'my neighbour is a baker')).toBeNull();
  });
});

const SOLVED = ['The problem is not solved', 'The problem is solved'];
const ASKED = 'Ask: "Is your problem solved?"';

describe('an exit that ends the conversation', () => {
  it.each(['it is solved, thanks', 'all fine again. bye', 'yes'])('is taken by %j', (text) => {
    expect(exitTaken(ASKED, SOLVED, text)).toBe(1);
  });

  it.each(['it is still broken', 'no, bye', 'the same error as before, thanks'])(
    'is not taken against what is said: %j',
    (text) => {
      expect(exitTaken(ASKED, SOLVED, text)).not.toBe(1);
    },
  );
});

describe('a message that declines and takes leave', () => {
  const EXITS = ['The guest declines or withdraws the request', 'The guest says goodbye'];

  it.each<[string, number]>([
    ['no thanks, bye', 1],
    ['never mind. goodbye!', 1],
    ['never mind', 0],
  ])('takes the exit for what it does last: %j', (text, exit) => {
    expect(exitTaken('Ask: "What is the book called?"', EXITS, text)).toBe(exit);
  });
});

describe('an option', () => {
  const STAY = 'Ask: "Do you stay for half a week, a whole week or two nights?"';

  it.each<[string, number | null]>([
    ['the whole week', 0],
    ['half a week is fine', 0],
    ['Monday week at noon', null],
  ])('is named by the words that only it has: %j', (text, exit) => {
    expect(exitTaken(STAY, ['We know how long they stay', 'They do not stay'], text)).toBe(exit);
  });
});

describe('an exit that leaves the matter to the question', () => {
  const EXITS = ['They will not', 'They will try it'];

  it.each<[string, number]>([
    ["ok, I'll do that", 1],
    ['sure', 1],
    ['no', 0],
  ])('is a yes or a no: %j takes exit %i', (text, exit) => {
    expect(exitTaken('Ask: "Will you try that?"', EXITS, text)).toBe(exit);
  });
});
