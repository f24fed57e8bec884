import { describe, expect, it } from 'vitest';
import { clausesOf, wordsOf } from '../../../../src/agent/embedded/language/clauses.ts';

const shown = (text: string) =>
  clausesOf(text).map(({ stems, negated, background }) =>
    [...(background ? ['when'] : []), ...(negated ? ['not'] : []), ...stems].join(' '),
  );

describe('the clauses of a sentence', () => {
  it.each<[string, string[]]>([
    ['The clamps are tight', ['clamp tight']],
    ["The clamps aren't tight", ['not clamp tight']],
    ['I checked the clamps, but they are not tight', ['clamp', 'not tight']],
    ['I have not conditioned the battery', ['not condit batteri']],
    ['I never switch it off', ['not switch off']],
    ['No lights come on', ['not light come on']],
    ["no, it doesn't", ['not', 'not']],
    ["no it doesn't", ['not']],
    ['It starts without any problem', ['start fine']],
    ['It is not only loud', ['onli loud']],
    ['when I turn the key it clicks', ['when turn kei click']],
    ['It is red and it blinks', ['red', 'blink']],
    ['Not while I drive', ['not drive']],
    ['It was so heavy that I could not lift it', ['heavi', 'not lift']],
    ['The one that I have is heavy', ['heavi']],
    ["It doesn't stop dripping", ['drip']],
    ['It did not stop', ['not stop']],
    ['forty-two litres', ['42 litr']],
    ['Both feet of the shelves', ['both foot shelf']],
  ])('are separated: %j has %j', (sentence, expected) => {
    expect(shown(sentence)).toEqual(expected);
  });

  it('have contractions written out, with and without an apostrophe', () => {
    expect(wordsOf("It isn't, it isnt, I can't, cannot, won’t, they're")).toEqual(
      'it is not , it is not , i can not , can not , will not , they are'.split(' '),
    );
  });

  it('have short compounds as one word', () => {
    expect(wordsOf('Wi-Fi e-mail')).toEqual(['wifi', 'email']);
  });

  it('are read up to the 400th word', () => {
    expect(wordsOf('word '.repeat(2_000))).toHaveLength(400);
  });
});
