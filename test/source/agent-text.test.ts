/** Which answers need the reader of Markdown: for every other, paragraphs and line breaks are what Markdown would be. */
import fc from 'fast-check';
import { Lexer, type Token } from 'marked';
import { expect, it } from 'vitest';
import { isPlain } from '../../widget/view/agent-text.ts';

/** Returns the kinds of the tokens of a text, with those inside them. */
function kindsOf(text: string): Set<string> {
  const kinds = new Set<string>();
  const walk = (tokens: readonly Token[]) => {
    for (const token of tokens) {
      kinds.add(token.type);
      if ('tokens' in token && token.tokens !== undefined) walk(token.tokens);
    }
  };
  walk(Lexer.lex(text, { gfm: true, breaks: true }));
  return kinds;
}

const PIECES = [
  ...[
    'Hello',
    'at 9:30',
    'é',
    '?',
    '!',
    ',',
    '.',
    ' ',
    '  ',
    '\n',
    '\n\n',
    '\t',
    '(',
    ')',
    '"',
    "'",
    '/',
    '%',
    '1',
    '2.',
  ],
  ...['-', '+', '=', '3)', '    ', '*', '_', '`', '#', '>', '<b>', '~~', '[x]', '|', '&amp;', '\\'],
  ...[
    'www.example.com',
    'https://example.com',
    'HTTP://EXAMPLE.COM',
    'WWW.example.com',
    'a@example.com',
    '- ',
    '---',
    '===',
    '* * *',
    '1. one',
  ],
];

it('a text that needs no reader of Markdown consists of paragraphs and line breaks', () => {
  let plain = 0;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }), (pieces) => {
      const text = pieces.join('');
      if (!isPlain(text)) return;
      plain += 1;
      for (const kind of kindsOf(text)) expect(['paragraph', 'text', 'br', 'space']).toContain(kind);
    }),
    { numRuns: 5_000 },
  );
  expect(plain).toBeGreaterThan(100);
});

it.each([
  'Good morning.',
  'We open at 9:30 (Tuesday), and close at 5.\n\nSee you!',
  'ja, wirklich?',
  'مرحبا',
])('a sentence needs none: %s', (text) => {
  expect(isPlain(text)).toBe(true);
});

it.each([
  '**bold**',
  'see https://example.com',
  'me@example.com',
  '- one\n- two',
  'a\n1. one',
  '# Title',
  'a\n---',
])('anything else does: %j', (text) => {
  expect(isPlain(text)).toBe(false);
});
