import { describe, expect, it } from 'vitest';
import { clausesOf } from '../../../../src/agent/embedded/language/clauses.ts';
import { wishesIn } from '../../../../src/agent/embedded/language/wishes.ts';

const wishesOf = (text: string) => [...wishesIn(clausesOf(text))].join(', ');

describe('the wishes of a text', () => {
  it.each([
    ['Could I have a lesson on Thursday?', 'new'],
    ['A viewing is wanted', 'new'],
    ['The pupil has no lesson yet and would like one', 'new'],
    ['I would like to sign up', 'new'],
    ['Rearranging', 'move'],
    ['They want the lesson on a different afternoon', 'move'],
    ['I have booked a lesson, but I need a later slot', 'move'],
    ['Our tour is on Sunday, but we arrive on Monday', 'move'],
    ["I can't come on Tuesday, could I come on Thursday?", 'move'],
    ['Cancellation of a tour', 'cancel'],
    ['we are not able to attend', 'cancel'],
    ['The pupil does not need the lesson any more', 'cancel'],
    ['please call the whole thing off, I mean: call it off', 'cancel'],
    ['The contract is to be ended', 'cancel'],
    ['put my course on hold', 'pause'],
    ['the gloves have to go back, I am sending them back', 'return'],
    ['They want their money back', 'refund'],
    ["my books haven't arrived yet", 'track'],
    ['Parcel status', 'track'],
    ['I am not at all pleased', 'complain'],
    ['how much is a tour?', 'price'],
    ['until when are you open today?', 'hours'],
    ['the heater does not start', 'fault'],
    ['bring it to our office please', 'deliver'],
    ["we'll fetch it", 'collect'],
  ])('%s: %s', (text, wish) => {
    expect(wishesOf(text)).toBe(wish);
  });

  it('names no wish that is denied', () => {
    expect(wishesOf("don't cancel the tour, move it")).toBe('move');
    expect(wishesOf('no delivery, I pick it up')).toBe('collect');
  });

  it('names several wishes where none is clearer than the other', () => {
    expect(wishesOf('cancel the tour or postpone it')).toBe('cancel, move');
  });

  it('finds none in a greeting, a name and a place', () => {
    for (const text of ['good morning', 'This is Ada Winter', 'the blue one', 'in the garden'])
      expect(wishesOf(text)).toBe('');
  });
});
