import { describe, expect, it } from 'vitest';
import { comparisonOf } from '../../../../src/agent/embedded/facts/quantities.ts';

const NOW = Date.UTC(2026, 5, 1);

describe('an answer to a question with a limit', () => {
  it.each([
    ['Was the amount higher than fifty euros?', '84 euros'],
    ['Was the amount higher than fifty euros?', 'about a hundred'],
    ['Was the amount higher than fifty euros?', 'two thousand'],
    ['Do you have more than twenty tabs open?', 'way more'],
    ['Do you have more than twenty tabs open?', 'loads'],
    ['Has it happened more than twice today?', 'five times at least'],
    ['Is it older than five years?', 'from 2012'],
    ['Is it older than five years?', 'older, yes'],
    ['Does it have at least eight gigabytes of memory?', 'sixteen'],
    ['Did you have less than an hour to change?', 'forty minutes'],
    ['Has it been blinking for more than ten minutes?', 'for hours'],
  ])('passes it: %s %s', (question, answer) => {
    expect(comparisonOf(question, answer, NOW)).toBe(1);
  });

  it.each([
    ['Was the amount higher than fifty euros?', 'less than that'],
    ['Was the amount higher than fifty euros?', 'twelve fifty'],
    ['Do you have more than twenty tabs open?', 'two or three'],
    ['Has it happened more than twice today?', 'just once'],
    ['Is it older than five years?', 'the sticker says 2024'],
    ['Is it older than five years?', "it isn't that old"],
    ['Did you have less than an hour to change?', 'plenty of time'],
    ['Is the pump louder than usual?', 'sounds normal'],
  ])('does not pass it: %s %s', (question, answer) => {
    expect(comparisonOf(question, answer, NOW)).toBe(-1);
  });

  it.each([
    ['Is it older than five years?', 'it is blue'],
    ['Is the lamp green?', 'for ten minutes'],
    ['Was the amount higher than fifty euros?', 'in a shop'],
  ])('is not compared without amounts of one unit: %s %s', (question, answer) => {
    expect(comparisonOf(question, answer, NOW)).toBeNull();
  });

  it('takes no year for an age when the time is not known', () => {
    expect(comparisonOf('Is it older than five years?', 'it is from 2012')).toBeNull();
  });
});
