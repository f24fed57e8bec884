import { describe, expect, it } from 'vitest';
import { alignByDuration } from '../../src/speech/alignment.ts';
import { speakable } from '../../src/speech/markdown.ts';

/** So many milliseconds of a tone, with as much silence around them. */
function toneOf(ms: number, silentMs = 0): Int16Array {
  const samples = new Int16Array((ms + 2 * silentMs) * 16);
  return samples.fill(5_000, silentMs * 16, (silentMs + ms) * 16);
}

describe('the characters of a text', () => {
  it('are distributed evenly over the audible part', () => {
    expect(alignByDuration('abcd', toneOf(400, 50), 1_000)).toEqual([
      [1_050, 'a'],
      [1_150, 'b'],
      [1_250, 'c'],
      [1_350, 'd'],
    ]);
  });

  it('take no time if they are not spoken: marks, and the target of a link', () => {
    const text = '**ab** [cd](https://example.com/a)';
    const aligned = alignByDuration(text, toneOf(500), 0, speakable(text));
    expect(aligned.map(([, character]) => character).join('')).toBe(text);
    const timeOf = (index: number) => aligned[index]?.[0];
    expect([timeOf(2), timeOf(3), timeOf(6), timeOf(8), timeOf(9)]).toEqual([0, 100, 200, 300, 400]);
    // The marks in front go with the first letter, and all that is behind the last with the last.
    expect([timeOf(0), timeOf(1)]).toEqual([0, 0]);
    expect(new Set(aligned.slice(9).map(([ms]) => ms))).toEqual(new Set([400]));
  });

  it('all count if the spoken words have another order', () => {
    const text = '|a|b|\n|-|-|\n|c|d|\n';
    const aligned = alignByDuration(text, toneOf(text.length * 10), 0, speakable(text));
    expect(aligned.map(([ms]) => ms)).toEqual(Array.from(text, (_, index) => index * 10));
  });
});
