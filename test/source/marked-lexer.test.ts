/** The lexer as the build reduces it reads every text as `marked` itself does. */
import { build, type BuildOptions } from 'esbuild';
import fc from 'fast-check';
import { Lexer, type Token } from 'marked';
import { beforeAll, describe, expect, it } from 'vitest';
import { markedLexer, markedRuleNames, wholeMarkedLexer } from '../../scripts/marked-lexer.ts';

/** The options that the widget gives (widget/view/markdown.ts). */
const OPTIONS = { gfm: true, breaks: true };

type Lex = (text: string, options: typeof OPTIONS) => Token[];
type Built = { lex: Lex; lexInline: Lex };

async function built(options: BuildOptions): Promise<Built> {
  const { outputFiles } = await build({
    stdin: { contents: `export { Lexer } from 'marked'`, resolveDir: import.meta.dirname },
    bundle: true,
    format: 'esm',
    minify: true,
    ...options,
    write: false,
  });
  const script = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64');
  return ((await import(`data:text/javascript;base64,${script}`)) as { Lexer: Built }).Lexer;
}

let ofWidget: Built;
let ofWorker: Built;

beforeAll(async () => {
  ofWidget = await built({ plugins: [markedLexer], mangleProps: await markedRuleNames() });
  ofWorker = await built({ plugins: [wholeMarkedLexer] });
});

const reduced: Lex = (text, options) => ofWidget.lex(text, options);

/** The members of a token that the widget reads, or decides by. */
interface Read {
  type: string;
  raw: string;
  text: string;
  href: string;
  ordered: boolean;
  start: number | '';
  tokens: Token[];
  items: Token[];
}

type Outline = string | { type: string; href: string; start: number | ''; inside: Outline[] };

/**
 * Returns tokens as the widget shows them. Adjacent texts are joined, so that the box of a task is equal as a token and as
 * the beginning of its item's text.
 */
function outline(tokens: readonly Token[]): Outline[] {
  const parts = (tokens as unknown as Read[]).flatMap((token): Outline[] => {
    const inside = token.items ?? token.tokens;
    switch (token.type) {
      case 'space':
      case 'def':
        return [];
      case 'text':
      case 'escape':
        return inside === undefined ? [token.text] : outline(inside);
      case 'table':
      case 'checkbox':
      case 'hr':
      case 'html':
        return [token.raw];
      default:
        return [
          {
            type: token.type,
            href: token.href ?? '',
            start: token.ordered ? token.start : '',
            inside: inside === undefined ? [token.text] : outline(inside),
          },
        ];
    }
  });
  const joined = parts.reduce<Outline[]>((before, part) => {
    const last = before.at(-1);
    if (typeof part === 'string' && typeof last === 'string') return [...before.slice(0, -1), last + part];
    return [...before, part];
  }, []);
  // A browser shows several spaces as one.
  return joined.map((part) => (typeof part === 'string' ? part.replaceAll(/ +/g, ' ') : part));
}

const PIECES = [
  ...[
    '# ',
    '- ',
    '1. ',
    '> ',
    '    ',
    '\n',
    '\n\n',
    '```\n',
    '| a | b |\n| --- | --- |\n| 1 | 2 |\n',
    '---\n',
  ],
  ...[
    '**',
    '*',
    '_',
    '~~',
    '`',
    '[x] ',
    '[ ] ',
    '[a](https://example.com)',
    '[a]: https://example.com\n',
    '[a]',
  ],
  ...[
    '<b>',
    '</b>',
    '<!-- -->',
    'https://example.com',
    'me@example.com',
    '&#65;',
    '\\*',
    '!',
    'word',
    ' ',
    'é',
  ],
];

const TEXTS = [
  '# Heading\n\nA *paragraph* with **strong**, ~~gone~~ and `code`.\nA second line.',
  '- one\n- two\n  1. three\n  2. four\n\n> a quotation\n> of two lines',
  '- [x] done\n- [ ] to do\n\n  with a paragraph',
  '| a | b |\n| :-- | --: |\n| **1** | 2 |\n| 3 |\n\nAfter the table.',
  '[a][b] and <https://example.com> and www.example.com\n\n[b]: https://example.com "title"',
  '<div>\n*not emphasis*\n</div>\n\n<script>alert(1)</script>',
  '```ts\nconst a = 1;\n```\n\n    indented',
];

describe('the lexer of the widget', () => {
  it.each(TEXTS)('reads %j as marked does', (text) => {
    expect(outline(reduced(text, OPTIONS))).toEqual(outline(Lexer.lex(text, OPTIONS)));
  });

  it('reads any text as marked does', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        expect(outline(reduced(text, OPTIONS))).toEqual(outline(Lexer.lex(text, OPTIONS)));
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('the lexer of the Worker', () => {
  const same = (text: string) => {
    expect(ofWorker.lex(text, OPTIONS)).toEqual(Lexer.lex(text, OPTIONS));
    expect(ofWorker.lexInline(text, OPTIONS)).toEqual(Lexer.lexInline(text, OPTIONS));
  };

  it.each(TEXTS)('returns the tokens of marked for %j', same);

  it('returns the tokens of marked for any text', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }), (pieces) => same(pieces.join(''))),
      { numRuns: 3_000 },
    );
  });
});
