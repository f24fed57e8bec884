/** Messages that tell what a later state asks, where the exits of the later question describe it. */
import { describe, expect, it } from 'vitest';
import { visitShop } from './bike-shop.ts';

describe('a message that tells what a later state asks', () => {
  it.each([
    ["it's an ordinary bike and it is ten years old", 'parts'],
    ['an electric one, the bike is two years old', 'appointment'],
    ['my bike is electric and it is younger than three years', 'appointment'],
  ])('%j passes the question', async (saying, state) => {
    expect((await visitShop(saying)).state).toBe(state);
  });

  it.each([
    ['an ordinary one, I called two weeks ago', 'an amount of something else'],
    ['an electric bike', 'nothing more'],
    ['an ordinary one, I want to have a younger one some day', 'a wish'],
  ])('%j does not pass it: it tells %s', async (saying) => {
    expect((await visitShop(saying)).state).toBe('bought');
  });

  it('does not pass a question for consent', async () => {
    expect((await visitShop('ordinary', "ten years, that's all right")).state).toBe('parts');
  });
});

describe('an amount beyond the limit of an exit', () => {
  it.each(['it must be ten years', 'more like six years'])('%j speaks against the exit', async (saying) => {
    expect((await visitShop('ordinary', saying)).state).toBe('parts');
  });
});
