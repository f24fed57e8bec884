import * as fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { compile, MAX_STEPS } from '../../src/regular-expression/search.ts';
import { SyntaxFault } from '../../src/regular-expression/syntax.ts';

/** Pieces of the syntax, valid and invalid. Patterns are made of them. */
const PIECES = [
  ...['a', 'b', 'ab', 'A', '1', '-', '_', ',', '!', 'ä', '😀', '\n', 'tool', 'a-z', '[:', ']'],
  ...[
    '.',
    '^',
    '$',
    '|',
    '(',
    ')',
    '(?:',
    '(?i)',
    '(?i:',
    '(?m)',
    '(?s:',
    '(?-s)',
    '(?U)',
    '(?i-',
    '(?=',
    '(?',
  ],
  ...['(?P<n>', '(?<m>', '(?<n>', '(?<', '[', '[^', '[]', '[[:alpha:]]', '[[:^digit:]]', '[[:none:]]'],
  ...[
    '*',
    '+',
    '?',
    '??',
    '*?',
    '**',
    '{',
    '}',
    '{0}',
    '{2}',
    '{1,2}',
    '{,2}',
    '{2,}',
    '{2,1}',
    '{01}',
    '{1001}',
  ],
  ...['{100}', '\\', '\\d', '\\W', '\\s', '\\pL', '\\p{Greek}', '\\P{^Lu}', '\\p{Lu}', '\\p{None}', '\\pé'],
  ...[
    '\\Q',
    '\\E',
    '\\b',
    '\\B',
    '\\A',
    '\\z',
    '\\Z',
    '\\x41',
    '\\x{61}',
    '\\x{110000}',
    '\\141',
    '\\1',
    '\\0',
  ],
  ...['\\C', '\\n', '\\-', '\\_', '\\é'],
];

const TEXTS = [
  ...[
    '',
    'a',
    'ab',
    'aab',
    'A',
    'tool-call-started',
    '-',
    '_',
    'a\nb',
    '\n',
    'ä',
    'Ä',
    '😀',
    'aaaa!',
    '1',
    'a b',
  ],
  // Characters that fold to ASCII letters, and ones whose case has more than two forms.
  ...['\u212a', 'K', 'ſ', 'σ', 'ς', 'Σ', '{,2}', '{01}', 'a{', ']', '^'],
];

/** Returns whether each text is found, or null if the pattern is refused. */
function byRe2(pattern: string): boolean[] | null {
  try {
    const compiled = RE2JS.compile(pattern);
    return TEXTS.map((text) => compiled.matcher(text).find());
  } catch {
    return null;
  }
}

function byUs(pattern: string): boolean[] | null {
  try {
    return TEXTS.map(compile(pattern));
  } catch (error) {
    if (error instanceof SyntaxFault) return null;
    throw error;
  }
}

describe('a regular expression', () => {
  it('is taken or refused, and found or not found, as RE2 does', () => {
    const patterns = fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(patterns, (pattern) => {
        expect(byUs(pattern)).toEqual(byRe2(pattern));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['(?i)straße', 'STRAßE', true],
    ['^(?:(?i)a)b$', 'Ab', true],
    ['^(?:(?i)a)b$', 'AB', false],
    ['^\\Qa.b\\E*$', 'a.bbb', true],
    ['^\\Qa.b\\E*$', 'axb', false],
    ['[^a]', '\n', true],
    ['(?m)^b$', 'a\nb\nc', true],
    ['^b$', 'a\nb\nc', false],
    ['^(|a)+$', 'aa', true],
    ['^(a|ab)(c|bcd)(d*)$', 'abcd', true],
    ['\\bcall\\b', 'tool-call-started', true],
    ['\\Bcall', 'tool-call-started', false],
    ['^[\\p{L}-]+$', 'größe-überall', true],
    ['^.$', '😀', true],
  ])('%s on %s is %s', (pattern, text, expected) => {
    expect(compile(pattern)(text)).toBe(expected);
  });

  it.each(['^(a+)+$', '^(a|a)*$', '^(a|aa)+$', '^(?:a?){100}a{100}$', '^(.*)*$.'])(
    'ends for %s in steps linear in the text',
    (pattern) => {
      // 28 letters cost a backtracking engine seconds, 2,000 would outlast the universe: that it ends is the test.
      expect(compile(pattern)(`${'a'.repeat(2000)}!`)).toBe(false);
    },
  );

  it('is refused when it has too many steps', () => {
    expect(() => compile('a{1000}'.repeat(MAX_STEPS / 1000 - 1))).not.toThrow();
    expect(() => compile('a{1000}'.repeat(MAX_STEPS / 1000))).toThrow(SyntaxFault);
  });
});
