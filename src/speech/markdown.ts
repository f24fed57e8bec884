/** The words of a message in Markdown, sentence by sentence, as `marked` reads it. */
import { Lexer, type MarkedToken, type Token } from 'marked';

const OPTIONS = { gfm: true, breaks: true } as const;

/** A line that opens a block of code, or closes one: at least three backticks or tildes (CommonMark 0.31, 4.5). */
const FENCE = /^ {0,3}(`{3,}(?!`)|~{3,}(?!~))([^\n]*)$/;

/** Matches a text that can be spoken: one with a letter or a digit. A line of dashes has none. */
const SAYABLE = /[\p{L}\p{N}]/u;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  apos: "'",
  gt: '>',
  lt: '<',
  nbsp: ' ',
  quot: '"',
};

function decoded(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,4}));/gi, (entity, decimal, hex, name) => {
    if (typeof name === 'string') return ENTITIES[name.toLowerCase()] ?? entity;
    const code = typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code).toWellFormed() : entity;
  });
}

/**
 * Text that the parser has left as it is, without the marks whose other half stands in another sentence: those of
 * emphasis at the beginning or the end of a word, and the target of a link. A mark between words or digits stays.
 */
function withoutHalves(text: string): string {
  return decoded(text)
    .replaceAll(/\]\([^()\s]*\)/g, '')
    .replaceAll(/(?<![\p{L}\p{N}*_~])(?:\*(?=[^\s*_~\d])|(?:\*{2,3}|__|~~)(?=[^\s*_~]))/gu, '')
    .replaceAll(/(?<=[\p{L}\p{N}\p{P}])(?:\*{2,3}|__|~~)(?![\p{L}\p{N}*_~])/gu, '')
    .replaceAll(/(?<=[.!?…,;:])\*(?![\p{L}\p{N}*])/gu, '')
    .replaceAll('`', '');
}

function withoutTags(html: string): string {
  return decoded(html.replaceAll(/<!--[^]*?(?:-->|$)|<[^<>]*>/g, ' '));
}

/** What is emphasis in the parser's eyes, and arithmetic or a range in the reader's: "2*3*4", "10~15 or 20~25". */
function isArithmetic({ raw }: MarkedToken, before: string): boolean {
  if (raw.startsWith('~')) return !raw.startsWith('~~');
  if (raw.startsWith('**')) return /\d$/.test(before) && /^\*\*\d/.test(raw);
  return /[\p{Script=Latin}\d]$/u.test(before) && /^\*[\p{Script=Latin}\d]/u.test(raw);
}

function emphasized(token: Extract<MarkedToken, { type: 'em' | 'strong' | 'del' }>, before: string): string {
  const words = inline(token.tokens);
  if (!isArithmetic(token, before)) return words;
  const mark = token.type === 'strong' ? '**' : token.raw.slice(0, 1);
  return `${mark}${words}${mark}`;
}

/** What is said of a token; `before` is the source of the one before it. */
function wordsOf(token: MarkedToken, before: string): string {
  switch (token.type) {
    case 'strong':
    case 'em':
    case 'del':
      return emphasized(token, before);
    case 'link':
      return token.autolink === true ? token.text : inline(token.tokens);
    case 'image':
    case 'codespan':
    case 'escape':
      return token.text;
    case 'text':
      return token.tokens === undefined ? withoutHalves(token.text) : inline(token.tokens);
    case 'br':
      return ' ';
    case 'html':
      return withoutTags(token.raw);
    case 'heading':
      return line(inline(token.tokens));
    case 'paragraph':
      return inline(token.tokens);
    case 'blockquote':
    case 'list_item':
      return blocks(token.tokens);
    case 'list':
      return list(token);
    case 'table':
      return rows(token);
    case 'code':
      // Without a fence: a paragraph of a list whose beginning was in an earlier sentence.
      return inline(Lexer.lexInline(token.text, OPTIONS));
    case 'checkbox':
    case 'def':
    case 'hr':
    case 'space':
      return '';
  }
}

function inline(tokens: readonly Token[]): string {
  let words = '';
  let before = '';
  for (const token of tokens) {
    // The lexer is given no extensions, so every token is one of its own.
    words += wordsOf(token as MarkedToken, before);
    before = token.raw;
  }
  return words;
}

/** A line that is read by itself ends as a sentence does. */
function line(words: string): string {
  const trimmed = words.trim();
  return trimmed === '' || /\p{P}$/u.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** Longer than this a table is said without the names of its columns: few short cells may have long names. */
const MAX_NAMED_CHARACTERS = 600;

/** The rows as a screen reader says them: each cell with the name of its column. */
function rows(table: Extract<MarkedToken, { type: 'table' }>): string {
  const names = table.header.map((cell) => inline(cell.tokens).trim());
  const said = (isNamed: boolean) =>
    table.rows
      .map((row) => {
        const cells = row.map((cell, column) => {
          const words = inline(cell.tokens).trim();
          const name = isNamed ? (names[column] ?? '') : '';
          return words === '' || name === '' ? words : `${name}: ${words}`;
        });
        return line(cells.filter((cell) => cell !== '').join(', '));
      })
      .join(' ');
  const named = said(true);
  return named.length > MAX_NAMED_CHARACTERS ? said(false) : named;
}

function list({ items, ordered, start }: Extract<MarkedToken, { type: 'list' }>): string {
  const said = items.map((item, index) => {
    const number = ordered ? `${(start === '' ? 1 : start) + index}. ` : '';
    return number + line(blocks(item.tokens));
  });
  return said.join(' ');
}

function blocks(tokens: readonly Token[]): string {
  return tokens.map((token) => wordsOf(token as MarkedToken, '')).join(' ');
}

/** Whether the last line of a text is empty, but for white space. */
function endsInEmptyLine(text: string): boolean {
  const space = text.slice(text.trimEnd().length);
  return text.endsWith('\n') && space.indexOf('\n') < space.length - 1;
}

/** What is in the lexer's way is said as it stands. */
function parsed(text: string, parse: () => string): string {
  try {
    return parse();
  } catch {
    return text;
  }
}

/**
 * Gives the words of each sentence of a message, which know nothing of Markdown: links by their text, code by its
 * content, lists by their items, tables by their rows. One per message, because a block may go on in the next sentence.
 */
export class SpokenMarkdown {
  /** The marks that opened a block of code; null outside of one. */
  #fence: string | null = null;
  /** The first two lines of the table that the last sentence ended in, or nothing. */
  #table = '';
  #isLineStart = true;

  /** The words of the next sentence; empty when it has none that could be said. */
  words(sentence: string): string {
    const said: string[] = [];
    let markdown = '';
    for (const part of sentence.split(/(?<=\n)/)) {
      if (!this.#isLineStart) {
        said.push(this.#fence === null ? this.#inline(part) : part);
      } else if (this.#takeFence(part.trimEnd())) {
        said.push(this.#blocks(markdown));
        markdown = '';
      } else if (this.#fence !== null) {
        said.push(part);
      } else {
        markdown += part;
      }
      this.#isLineStart = part.endsWith('\n');
    }
    said.push(this.#blocks(markdown));
    const words = said.join(' ').replaceAll(/\s+/g, ' ').trim();
    return SAYABLE.test(words) ? words : '';
  }

  /** Whether a line opens or closes a block of code. */
  #takeFence(text: string): boolean {
    const [, marks = '', info = ''] = FENCE.exec(text) ?? [];
    if (marks === '') return false;
    if (this.#fence === null) {
      // CommonMark 0.31, 4.5: behind backticks no more of them.
      if (marks.startsWith('`') && info.includes('`')) return false;
      this.#fence = marks;
      return true;
    }
    if (!marks.startsWith(this.#fence) || info.trim() !== '') return false;
    this.#fence = null;
    return true;
  }

  #inline(text: string): string {
    return parsed(text, () => inline(Lexer.lexInline(text, OPTIONS)));
  }

  #blocks(markdown: string): string {
    if (markdown === '') return '';
    const head = markdown.split('\n', 1)[0]?.includes('|') === true ? this.#table : '';
    return parsed(markdown, () => {
      const tokens = Lexer.lex(head + markdown, OPTIONS);
      const last = tokens.at(-1) as MarkedToken | undefined;
      const goesOn = last?.type === 'table' && !endsInEmptyLine(markdown);
      this.#table = goesOn ? `${last.raw.split('\n').slice(0, 2).join('\n')}\n` : '';
      return blocks(tokens);
    });
  }
}

/** The words of a text that is said by itself; empty when it has none that could be said. */
export function speakable(text: string): string {
  return new SpokenMarkdown().words(text);
}
