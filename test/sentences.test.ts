import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SentenceSplitter, spokenLength } from '../src/sentences.ts';
import { growthOf, MAX_LINEAR_GROWTH } from './support/growth.ts';

/** The sentences of a text that arrives in these pieces. */
function split(pieces: readonly string[], maxLength?: number): string[] {
  const splitter = new SentenceSplitter(maxLength);
  return pieces.flatMap((piece, index) => splitter.push(piece, index === pieces.length - 1));
}

describe('the sentences of a text', () => {
  it.each<[string, string[]]>([
    ['Japanese', ['ご予約を承りました。', 'お時間は十時です！', '他にございますか？', 'お待ちします']],
    ['a quotation in Japanese', ['「はい。」', '「いいえ。」', 'と言った。']],
    ['Chinese', ['您好。', '请问需要什么？', '好的！', '再见']],
    ['Urdu', ['آپ کیسے ہیں؟ ', 'میں ٹھیک ہوں۔ ', 'شکریہ۔']],
    ['Urdu without spaces', ['میں ٹھیک ہوں۔', 'شکریہ۔']],
    ['Arabic', ['كيف حالك؟ ', 'أنا بخير. ', 'شكرا']],
    ['Hindi', ['नमस्ते। ', 'आप कैसे हैं? ', 'ठीक हूँ।']],
    ['Armenian', ['Բարեւ։ ', 'Ինչպես եք։']],
    ['Amharic', ['ሰላም። ', 'እንዴት ነህ።']],
    ['Burmese', ['မင်္ဂလာပါ။ ', 'နေကောင်းလား။']],
    ['Korean', ['안녕하세요. ', '무엇을 도와드릴까요? ', '네']],
    ['Spanish', ['¡Hola! ', '¿Cómo está? ', 'Bien.']],
    ['German quotation marks', ['Er sagte: „Ja.“ ', 'Dann ging er.']],
    ['emphasis around a stop', ['**Take it daily.** ', '_Then rest._ ', 'Good.']],
    ['a stop inside a number, a name, an address', ['At 1.50 see v2.0 of example.com/a?b=c!d. ', 'Yes.']],
    ['an ellipsis', ['Wait… ', 'Now... ', 'Go.']],
  ])('end at their stops: %s', (_, sentences) => {
    expect(split([sentences.join('')])).toEqual(sentences);
    expect(split(Array.from(sentences.join('')))).toEqual(sentences);
  });

  it('are returned as soon as they are complete', () => {
    const splitter = new SentenceSplitter();
    expect(splitter.push('はい', false)).toEqual([]);
    expect(splitter.push('。', false)).toEqual([]);
    expect(splitter.push('次', false)).toEqual(['はい。']);
    expect(splitter.push('に। ', false)).toEqual(['次に। ']);
    expect(splitter.push('Yes. ', false)).toEqual(['Yes. ']);
    expect(splitter.push('', true)).toEqual(['']);
  });

  it('are cut if they are long: after a clause, after a word, by a dictionary, between characters', () => {
    expect(split(['One two three, four five six seven eight nine ten'], 25)).toEqual([
      'One two three, ',
      'four five six seven ',
      'eight nine ten',
    ]);
    expect(split(['本日はご来店いただき、誠にありがとうございます'], 40)).toEqual([
      '本日はご来店いただき、',
      '誠にありがとうございます',
    ]);
    expect(split(['สวัสดีครับผมชื่อสมชายและผมอยากจองคิวนัดหมาย'], 30)).toEqual([
      'สวัสดีครับผมชื่อสมชายและผม',
      'อยากจองคิวนัดหมาย',
    ]);
    expect(split(['a'.repeat(25)], 10)).toEqual(['a'.repeat(10), 'a'.repeat(10), 'a'.repeat(5)]);
    expect(split(['In 1,000,000 or 2,000,000 cases of 3,000,000'], 30)).toEqual([
      'In 1,000,000 or 2,000,000 ',
      'cases of 3,000,000',
    ]);
  });

  it('are never cut inside a visible character', () => {
    const family = '👨‍👩‍👧';
    for (const max of [1, 5, 9, 20]) {
      const sentences = split([family.repeat(30)], max);
      expect(sentences.join('')).toBe(family.repeat(30));
      for (const sentence of sentences) expect(sentence.replaceAll(family, '')).toBe('');
    }
  });

  const text = fc.string({
    unit: fc.oneof(
      fc.constantFrom('.', '! ', '? ', '。', '۔', '।', '」', '”', '**', '\n', ' ', ', ', '、', '1', '🙂'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 5 }),
      fc.constantFrom('word ', '漢字', 'ไทย', 'e\u0301'),
    ),
    maxLength: 200,
  });

  it('join to the text for any pieces, and none is too long', () => {
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 20, max: 400 }),
        (pieces, max) => {
          for (const sentences of [
            split(pieces),
            split(pieces, max),
            split(Array.from(pieces.join('')), max),
          ]) {
            expect(sentences.join('')).toBe(pieces.join(''));
          }
          for (const sentence of split(pieces, max)) expect(spokenLength(sentence)).toBeLessThanOrEqual(max);
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each(['a', 'word ', '!', '。', '**', '漢', '\n', '[', '👨‍👩‍👧', '.', 'Yes. ', '」'])(
    'cost linear time for a text of %j',
    (unit) => {
      for (const max of [300, Infinity]) {
        const growth = growthOf((length) => {
          const whole = unit.repeat(length / unit.length);
          const splitter = new SentenceSplitter(max);
          for (let at = 0; at < whole.length; at += 4) splitter.push(whole.slice(at, at + 4), false);
          splitter.push('', true);
          new SentenceSplitter(max).push(whole, true);
        }, 20_000);
        expect(growth).toBeLessThan(MAX_LINEAR_GROWTH);
      }
    },
    60_000,
  );
});
