import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { speakable, SpokenMarkdown } from '../../src/speech/markdown.ts';
import { MAX_LENGTH, Sentences } from '../../src/speech/sentences.ts';
import { spokenLength } from '../../src/sentences.ts';
import { growthOf, MAX_LINEAR_GROWTH } from '../support/growth.ts';

/** Returns the spoken words of a message that arrives in pieces of a length, each sentence by itself. */
function said(message: string, length = Infinity): string[] {
  const sentences = new Sentences();
  const markdown = new SpokenMarkdown();
  const spoken: string[] = [];
  for (let at = 0; at < message.length || at === 0; at += length) {
    const end = Math.min(at + length, message.length);
    spoken.push(...sentences.push(message.slice(at, end), end === message.length));
    if (end === message.length) break;
  }
  expect(spoken.join('')).toBe(message);
  return spoken.map((sentence) => markdown.words(sentence)).filter((words) => words !== '');
}

describe('signs that are not Markdown are spoken', () => {
  it.each([
    'It takes 10~15 minutes.',
    'It takes 10~15 minutes, or 20~25 hours.',
    'About ~15 minutes.',
    'That is 2*3.',
    'That is 2*3*4, or a*b*c, and 2**3**4.',
    'That is 2 * 3 * 4.',
    'Write to jane_doe@example.com.',
    'Set the snake_case_name and the other_long_name.',
    'An A* at school, a 5* hotel, C*-algebras.',
    'The price is 5 < 6 > 4 & more.',
    'It is 5 # 6.',
    'Use C# and F#.',
    'It is -5 degrees.',
    'Ends in a backslash \\ here.',
    '50% of $20 | 30€ + 4^2 = x.',
  ])('such as %s', (text) => {
    expect(speakable(text)).toBe(text);
  });
});

describe('signs of Markdown are not spoken', () => {
  it.each([
    ['**Bold**, *soft*, __strong__, _soft_ and ***both***.', 'Bold, soft, strong, soft and both.'],
    ['これは**重要**な*こと*です。', 'これは重要なことです。'],
    ['Not ~~this~~ that.', 'Not this that.'],
    ['Run `npm *test*` now.', 'Run npm *test* now.'],
    ['See [our page](https://example.com/a_b?c=*d*) now.', 'See our page now.'],
    ['See [**our** page](https://example.com "Title") now.', 'See our page now.'],
    ['![A map of the way](map.png)', 'A map of the way'],
    ['Write to <jane_doe@example.com>.', 'Write to jane_doe@example.com.'],
    ['# Opening hours', 'Opening hours.'],
    ['Opening hours\n---', 'Opening hours.'],
    ['> Quoted *words*', 'Quoted words'],
    ['- one\n- two\n- three!', 'one. two. three!'],
    ['* one\n* **two**', 'one. two.'],
    ['1. one\n2. two', '1. one. 2. two.'],
    ['- [x] done\n- [ ] open', 'done. open.'],
    ['- outer\n  - inner', 'outer inner.'],
    ['Two\\*three \\_x\\_', 'Two*three _x_'],
    ['Fish &amp; chips&nbsp;&#39;n&#x27; &lt;more&gt; &unknown;', "Fish & chips 'n' <more> &unknown;"],
    ['A<br>B <b>bold</b><!-- hidden -->', 'A B bold'],
    ['<div>\nInside\n</div>', 'Inside'],
    ['```js\nconst a = b*c*d;\n```', 'const a = b*c*d;'],
    ['~~~\na_b_c\n~~~\nAfter.', 'a_b_c After.'],
    ['---', ''],
    ['***', ''],
    ['🙂', ''],
    ['| --- |', ''],
    ['', ''],
  ])('%j is spoken as %j', (text, words) => {
    expect(speakable(text)).toBe(words);
  });

  it('a table is spoken by rows, each cell with the name of its column', () => {
    const table = '| Day | Hours |\n|---|:-:|\n| Monday | 9–5 |\n| *Sunday* | |\n';
    expect(speakable(table)).toBe('Day: Monday, Hours: 9–5. Day: Sunday.');
  });
});

describe('Markdown that continues in the next sentence', () => {
  it.each<[string, string, string[]]>([
    [
      'emphasis',
      'Please **bring your passport along. Also bring the form.** Thank you very much.',
      ['Please bring your passport along.', 'Also bring the form.', 'Thank you very much.'],
    ],
    [
      'soft emphasis',
      '*Terms and conditions apply. See the other page for them.* Thank you very much.',
      ['Terms and conditions apply.', 'See the other page for them.', 'Thank you very much.'],
    ],
    [
      'a link',
      'Please read [what we do. And what we do not.](https://example.com/a.b) before you come.',
      ['Please read what we do. And what we do not. before you come.'],
    ],
    [
      'a block of code',
      'Run this now:\n```sh\nnpm run a_b_c --x=2*3*4\n- not a list here\n```\nThen it is **done**.',
      ['Run this now:', 'npm run a_b_c --x=2*3*4', '- not a list here', 'Then it is done.'],
    ],
    [
      'a list of sentences',
      '- The first of them. It is very long.\n- The second of **them**.\n\nThat is all of it.',
      ['The first of them.', 'It is very long.', 'The second of them.', 'That is all of it.'],
    ],
    [
      'a line that only looks like a block where a sentence begins',
      'Which is more than that? > 5 is more, I think. - 5 is less, I think. # 3 is none of it.',
      ['Which is more than that?', '> 5 is more, I think.', '- 5 is less, I think.', '# 3 is none of it.'],
    ],
    [
      'a table',
      'These are the hours:\n\n| Day | Hours |\n|---|---|\n| Monday | 9 to 5 |\n| Tuesday | closed |\n\nSee you soon then.',
      [
        'These are the hours:',
        'Day: Monday, Hours: 9 to 5. Day: Tuesday, Hours: closed.',
        'See you soon then.',
      ],
    ],
  ])('such as %s', (_, message, expected) => {
    for (const length of [Infinity, 7, 1]) expect(said(message, length)).toEqual(expected);
  });

  it('a row whose cells have sentences is spoken at once', () => {
    const table =
      '| Day | Hours |\n|---|---|\n| Monday | Open. Please call us first. |\n| Tuesday | Closed. |\n';
    for (const length of [Infinity, 3]) {
      expect(said(`${table}\nSee you then, I hope.`, length)).toEqual([
        'Day: Monday, Hours: Open. Please call us first. Day: Tuesday, Hours: Closed.',
        'See you then, I hope.',
      ]);
    }
  });

  it('a table of many short cells under a long name is spoken without the name', () => {
    const table = `| ${'A long name of a column '.repeat(6)}|\n|---|\n${'| 1 |\n'.repeat(400)}`;
    for (const words of said(table)) expect(words.length).toBeLessThanOrEqual(600);
  });

  it('a long table keeps the names of its columns', () => {
    const rows = Array.from({ length: 40 }, (_, index) => `| Place ${index} | ${index} km |\n`);
    const spoken = said(`| Name | Distance |\n|---|---|\n${rows.join('')}`);
    expect(spoken.length).toBeGreaterThan(1);
    expect(spoken.join(' ')).toBe(
      rows.map((_row, index) => `Name: Place ${index}, Distance: ${index} km.`).join(' '),
    );
  });

  it('long emphasis leaves no mark of it', () => {
    const words = 'one two three four five six, '.repeat(30).trim();
    const spoken = said(`Before. **${words}** after.`);
    expect(spoken.length).toBeGreaterThan(2);
    expect(spoken.join(' ')).toBe(`Before. ${words} after.`);
  });
});

describe('a piece that is spoken at once', () => {
  it('is at most as long as the maximum, in any script', () => {
    for (const unit of ['word ', '漢字', 'ไทย', 'a', 'one, two, ', '[', '| a | b |\n', '[a](', '`', '**']) {
      const sentences = new Sentences().push(unit.repeat(2_000), true);
      expect(sentences.join('')).toBe(unit.repeat(2_000));
      for (const sentence of sentences) expect(spokenLength(sentence)).toBeLessThanOrEqual(MAX_LENGTH + 12);
    }
  });

  it('is returned while the text still arrives, in any script', () => {
    for (const text of [
      'ご予約を承りました。お時間は十時でよろしいでしょうか？それでは',
      'آپ کی ملاقات کل صبح دس بجے ہے۔ کیا یہ وقت ٹھیک ہے؟ شکریہ',
      'आपकी मुलाकात कल सुबह दस बजे है। क्या यह ठीक है? धन्यवाद',
      'สวัสดีครับผมอยากจองคิวนัดหมายกับคุณหมอ'.repeat(9),
      'word after word and no end of it '.repeat(12),
    ]) {
      const sentences = new Sentences();
      const early = Array.from(text).flatMap((letter) => sentences.push(letter, false));
      expect(early.length).toBeGreaterThan(0);
    }
  });

  it('is made of any text, without an error', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.constantFrom(
        '**',
        '*',
        '_',
        '`',
        '```\n',
        '~~',
        '[',
        '](',
        ')',
        '| a | b |\n',
        '|---|---|\n',
        '\n\n',
        '- ',
        '> ',
        '<b',
        '&#0;',
        '# ',
        '1. ',
        'word. ',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.integer({ min: 1, max: 40 }), (pieces, length) => {
        for (const words of said(pieces.join(''), length)) {
          expect(words).toMatch(/[\p{L}\p{N}]/u);
          // Providers have limits of their own.
          expect(words.length).toBeLessThanOrEqual(700);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    '*a ',
    '[a](b) ',
    '| a | b |\n',
    '`a` ',
    '**',
    '<',
    '&',
    '\\',
    '[![',
    '_',
    '~',
    '- a\n',
    '> ',
    '# ',
    'a. ',
  ])(
    'costs linear time for a message of %j',
    (unit) => {
      const growth = growthOf((length) => said(unit.repeat(length / unit.length)), 5_000);
      expect(growth).toBeLessThan(MAX_LINEAR_GROWTH);
    },
    60_000,
  );
});
