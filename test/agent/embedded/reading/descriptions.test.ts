import { describe, expect, it } from 'vitest';
import { readDescription } from '../../../../src/agent/embedded/reading/descriptions.ts';

const read = (text: string) => readDescription(text, new Set(['caller', 'user']));

describe('a description that waits for an answer', () => {
  it.each([
    'A colour was named',
    'Another month was given',
    'The width of the shelf has been entered',
    'The voucher code was found',
    'The caller has read out the plate',
    'The caller has spelt their name',
  ])('names the answer in the passive or as read out: %j', (text) => {
    expect(read(text).awaits).toBe(true);
  });

  it.each([
    'No colour was named',
    'Nothing was given',
    'The parcel was found',
    'The user answers that a colour is chosen',
    'The shelf has read out',
  ])('is none that denies it, or that tells what is the case: %j', (text) => {
    expect(read(text).awaits).toBe(false);
  });
});

describe('things in a list', () => {
  const stems = (text: string) => read(text).propositions.map((each) => each.stems.join(' '));
  it('have the predicate behind them in common', () => {
    expect(stems('A chair, a table or a bed is wobbly')).toEqual(['chair wobb', 'tabl wobb', 'bed wobb']);
  });

  it('are left alone without one', () => {
    expect(stems('It is a chair, or a table')).toEqual(['chair', 'tabl']);
  });
});

describe('a description of a farewell', () => {
  it.each([
    'The caller takes leave',
    'The caller does not need anything else today',
    "The caller doesn't want anything more",
    'The caller does not have anything further',
    'The caller does not require anything else, or takes her leave',
  ])('is one in “%s”', (text) => {
    expect(read(text).acts).toContain('farewell');
  });

  it.each([
    'The caller does not need anything from the shop',
    'The caller does not want anything with nuts',
    'The caller takes the tour',
  ])('is none in “%s”', (text) => {
    expect(read(text).acts).not.toContain('farewell');
  });
});
