import { describe, expect, it } from 'vitest';
import { FragmentSplitter } from '../../src/agent/fragments.ts';

/** Returns the fragments of a message that arrives in the given pieces. */
function split(...pieces: string[]): [string, boolean][] {
  const splitter = new FragmentSplitter();
  const fragments = pieces.flatMap((piece, index) => splitter.push(piece, index === pieces.length - 1));
  expect(fragments.map(({ index }) => index)).toEqual(fragments.map((_fragment, index) => index));
  return fragments.map(({ fragment, is_final }) => [fragment, is_final]);
}

describe('the sentences of a message', () => {
  it.each<[string, string[], [string, boolean][]]>([
    ['one sentence', ['Hello.'], [['Hello.', true]]],
    ['nothing at all', [''], [['', true]]],
    ['no stop at the end', ['Hello there'], [['Hello there', true]]],
    [
      'two sentences in one piece',
      ['Hello. How are you?'],
      [
        ['Hello. ', false],
        ['How are you?', true],
      ],
    ],
    [
      'a sentence that ends in a later piece',
      ['Hel', 'lo. How ', 'are you?'],
      [
        ['Hello. ', false],
        ['How are you?', true],
      ],
    ],
    [
      'a quotation closed behind the stop',
      ['She said “yes.” Then she left.'],
      [
        ['She said “yes.” ', false],
        ['Then she left.', true],
      ],
    ],
    [
      'lines',
      ['One\nTwo\n\nThree'],
      [
        ['One\n', false],
        ['Two\n\n', false],
        ['Three', true],
      ],
    ],
    ['space behind the last sentence', ['Hello.  '], [['Hello.  ', true]]],
    ['a decimal point', ['It costs 1.50 in all.'], [['It costs 1.50 in all.', true]]],
    [
      'a last piece that is empty',
      ['Hello. ', ''],
      [
        ['Hello. ', false],
        ['', true],
      ],
    ],
  ])('are found in a text with %s', (_name, pieces, expected) => {
    expect(split(...pieces)).toEqual(expected);
  });

  it('are the same for every division of the message into pieces', () => {
    const message = 'Good morning! What can I do for you? Take your time… Goodbye.';
    const letters = split(...Array.from(message));
    expect(letters).toEqual(split(message));
    expect(letters.map(([fragment]) => fragment).join('')).toBe(message);
  });
});
