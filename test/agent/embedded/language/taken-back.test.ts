/** Messages in which users take back their first words and say something anew. */
import { describe, expect, it } from 'vitest';
import { saidAnew } from '../../../../src/agent/embedded/language/taken-back.ts';

describe('a message that takes back its first words', () => {
  it.each([
    ['ants I think. no wait, they have stripes, so wasps', 'they have stripes, so wasps'],
    ['yes, I mean no', 'no'],
    ['Spanish, no, make that Italian', 'Italian'],
    ["it's electric. sorry, I mean ordinary", 'ordinary'],
    ['two nights, scratch that, three', 'three'],
    ['the blue one - oh no, sorry, the green one', 'the green one'],
  ])('%j says %j anew', (said, anew) => {
    expect(saidAnew(said)).toBe(anew);
  });

  it.each([
    'no, wait, large',
    'no, I meant the blue one',
    'what do you mean?',
    'no',
    'sorry, Tuesday',
    'wait',
  ])('is not %j, which says nothing before it', (said) => {
    expect(saidAnew(said)).toBeNull();
  });
});
