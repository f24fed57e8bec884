/** Codes, labels and days of the past in the answer to the question for them. */
import { describe, expect, it } from 'vitest';
import {
  findCode,
  findCodeInAnswer,
  findLabelInAnswer,
} from '../../../../src/agent/embedded/facts/contacts.ts';
import { kindsNamedIn } from '../../../../src/agent/embedded/facts/kinds.ts';
import { findName } from '../../../../src/agent/embedded/facts/names.ts';
import { findNumberInAnswer } from '../../../../src/agent/embedded/facts/numbers.ts';
import { findPastDay } from '../../../../src/agent/embedded/facts/times.ts';

describe('a code of letters and digits', () => {
  it.each([
    ['X4T9LM', 'X4T9LM'],
    ["so it's 7H2KQ", '7H2KQ'],
    ['my code is WW20KP, not WW21KP', 'WW20KP'],
  ])('is found anywhere in capital letters: %j', (text, code) => {
    expect(findCode(text)).toBe(code);
  });

  it.each(['at 10AM', 'it was 1200EUR', 'PLEASE HELP ME', 'mail A1B2C3@example.org'])(
    'is no time, amount, word or address: %j',
    (text) => {
      expect(findCode(text)).toBeNull();
    },
  );

  it('may be typed in small letters in the answer to its question', () => {
    expect(findCodeInAnswer('x4t9lm')).toBe('x4t9lm');
    expect(findCodeInAnswer('I paid 1200eur in march')).toBeNull();
  });
});

describe('a label of letters and a number apart', () => {
  it.each([
    ['IC 2041', 'IC 2041'],
    ['um, the s 7', 's 7'],
    ['it was RE 5 to Brook', 'RE 5'],
  ])('is found in the answer to its question: %j', (text, label) => {
    expect(findLabelInAnswer(text)).toBe(label);
  });

  it('is named by what it is the number of', () => {
    expect(kindsNamedIn('Number or name of the tram is given').map(({ name }) => name)).toContain('label');
  });
});

describe('a day of the past', () => {
  it.each([
    ['yesterday', 'yesterday'],
    ['last Thursday evening, I believe', 'last Thursday evening'],
    ['it was two weeks ago', 'two weeks ago'],
    ['the day before yesterday', 'the day before yesterday'],
  ])('answers a question alone: %j', (text, day) => {
    expect(findPastDay(text)).toBe(day);
  });

  it.each(['I called you yesterday about my order', 'next Thursday', 'in two weeks'])(
    'is none of a longer message, and no day to come: %j',
    (text) => {
      expect(findPastDay(text)).toBeNull();
    },
  );
});

describe('a surname', () => {
  it('is a name that is asked for and introduced', () => {
    expect(kindsNamedIn('Their surname is given').map(({ name }) => name)).toContain('name');
    expect(findName('the surname is Haddad')).toBe('Haddad');
  });
});

describe('the verb "names"', () => {
  it.each(['The caller names red, green or blue', 'Names a colour'])('asks for no name: %j', (text) => {
    expect(kindsNamedIn(text).map(({ name }) => name)).not.toContain('name');
  });

  it('is told from names', () => {
    expect(kindsNamedIn('The caller has given both names').map(({ name }) => name)).toContain('name');
  });
});

describe('a count', () => {
  it.each([
    ['make it four, she wants one too', 'four'],
    ['just one', 'one'],
    ['three of the blue one', 'three'],
  ])('is not the "one" that points at something: %j', (text, count) => {
    expect(findNumberInAnswer(text)).toBe(count);
  });
});
