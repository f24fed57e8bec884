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
  ])('have in %j the stems %j', (text, stems) => {
    expect(stemsOf(text)).toEqual(stems);
  });

  it('are compared up to the 200th word', () => {
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
  ])('is greatest for the message %j at the index %j', (said, winner) => {
    expect(best(relevance(said, EXITS))).toBe(winner);
  });

  it('is 0 for texts without a shared word, and empty for an empty list', () => {
    expect(relevance('weather', EXITS)).toEqual([0, 0, 0, 0, 0]);
    expect(relevance('weather', [])).toEqual([]);
  });

  it('comes with the share of matching words, which is 1 for a matching signal', () => {
    const shares = (said: string) => matches(said, EXITS).map(({ share }) => share);
    expect(shares('appointment downtown')).toEqual([0.5, 0, 0, 0, 0]);
    expect(shares('yes, downtown')).toEqual([0, 0, 1, 0, 0]);
    expect(shares('downtown on Monday')).toEqual([0, 0, 0, 0, 0]);
  });

  it('ignores muted signals', () => {
    expect(matches('yes', EXITS, ['assent']).map(({ score }) => score)).toEqual([0, 0, 0, 0, 0]);
  });

  it('selects the first of equal scores, and none when all are 0', () => {
    expect(best([0, 2, 2, 1])).toBe(1);
    expect(best([0, 0])).toBeNull();
    expect(best([])).toBeNull();
  });
});
