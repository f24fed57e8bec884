import { describe, expect, it } from 'vitest';
import { best, matches, relevance } from '../../../src/agent/embedded/relevance.ts';
import { stemsOf } from '../../../src/agent/embedded/words.ts';

describe('the words of a text', () => {
  it.each<[string, string[]]>([
    ['', []],
    ["I can't find my appointments, please!", ['find', 'appoint']],
    ["We'd like what's there", []],
    ['Booking, booked, book', ['book']],
    ['Crème brûlée für 2', ['crème', 'brûlée', 'für', '2']],
  ])('%j: %j', (text, stems) => {
    expect(stemsOf(text)).toEqual(stems);
  });

  it('are compared up to the two hundredth', () => {
    const words = Array.from({ length: 300 }, (_, index) => `w${index}`);
    expect(stemsOf(words.join(' '))).toEqual(words.slice(0, 200));
  });
});

describe('relevance', () => {
  const EXITS = [
    'The user wants to book an appointment',
    'The user wants to cancel a booking',
    'The user confirms the day',
    'The user declines or withdraws',
    'The user says goodbye',
  ];

  it.each<[string, number | null]>([
    ['I would like an appointment', 0],
    ['an apointment pls', 0],
    ['cancel', 1],
    ['cancle it', 1],
    ['Yes!', 2],
    ['no', 3],
    ['forget it', 3],
    ['bye', 4],
    ['that is all', 4],
    ['the weather', null],
    ['', null],
  ])('of %j is greatest at %j', (said, winner) => {
    expect(best(relevance(said, EXITS))).toBe(winner);
  });

  it('is 0 where nothing is shared, and without an entry in no place', () => {
    expect(relevance('weather', EXITS)).toEqual([0, 0, 0, 0, 0]);
    expect(relevance('weather', [])).toEqual([]);
  });

  it('tells the share of the words that are met, all of it for a signal that tells something', () => {
    const shares = (said: string) => matches(said, EXITS).map(({ share }) => share);
    expect(shares('appointment downtown')).toEqual([0.5, 0, 0, 0, 0]);
    expect(shares('yes, downtown')).toEqual([0, 0, 1, 0, 0]);
    expect(shares('downtown on Monday')).toEqual([0, 0, 0, 0, 0]);
  });

  it('hears no signal that is muted', () => {
    expect(matches('yes', EXITS, ['assent']).map(({ score }) => score)).toEqual([0, 0, 0, 0, 0]);
  });

  it('prefers the first of equals', () => {
    expect(best([0, 2, 2, 1])).toBe(1);
    expect(best([0, 0])).toBeNull();
    expect(best([])).toBeNull();
  });
});
