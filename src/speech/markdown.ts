/** Returns the spoken words of a message in Markdown, sentence by sentence, as `marked` reads it. */
import { Lexer, type MarkedToken, type Token } from 'marked';

const OPTIONS = { gfm: true, breaks: true } as const;

/** Matches a line that opens or closes a block of code: at least three backticks or tildes (CommonMark 0.31, 4.5). */
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
 * Returns unparsed text without marks whose counterpart is in another sentence: emphasis at the beginning or end of a
 * word, and the target of a link. A mark between words or digits stays.
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

/** Tells whether emphasis of the parser is arithmetic or a range: "2*3*4", "10~15 or 20~25". */
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

/** Returns the spoken words of a token. `before` is the source of the token before it. */
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
      // Code without a fence is a paragraph of a list that began in an earlier sentence.
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
    // The lexer has no extensions, so every token is one of its own.
    words += wordsOf(token as MarkedToken, before);
    before = token.raw;
  }
  return words;
}

/** Returns a line with a stop at its end, unless it ends with punctuation. */
function line(words: string): string {
  const trimmed = words.trim();
  return trimmed === '' || /\p{P}$/u.test(trimmed) ? trimmed : `${trimmed}.`;
}

/**
 * Maximum length of a table that is spoken with the names of its columns, in UTF-16 units. Few short cells may have
 * long names.
 */
const MAX_NAMED_CHARACTERS = 600;

/** Returns the rows as a screen reader speaks them: each cell after the name of its column. */
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

/** Tells whether the last line of a text is empty except for white space. */
function endsInEmptyLine(text: string): boolean {
  const space = text.slice(text.trimEnd().length);
  return text.endsWith('\n') && space.indexOf('\n') < space.length - 1;
}

/** Returns the result of `parse`, or the text itself if the lexer throws. */
function parsed(text: string, parse: () => string): string {
  try {
    return parse();
  } catch {
    return text;
  }
}

/**
 * Returns the spoken words of each sentence of a message, without Markdown: links by their text, code by its content,
 * lists by their items, tables by their rows. Use one instance per message, because a block may continue in the next
 * sentence.
 */
export class SpokenMarkdown {
  /** Marks that opened the present block of code; null outside of a block. */
  #fence: string | null = null;
  /** First two lines of the table in which the last sentence ended; empty outside of a table. */
  #table = '';
  #isLineStart = true;

  /** Returns the words of the next sentence; empty if it has none that can be spoken. */
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

  /** Tells whether a line opens or closes a block of code, and records it. */
  #takeFence(text: string): boolean {
    const [, marks = '', info = ''] = FENCE.exec(text) ?? [];
    if (marks === '') return false;
    if (this.#fence === null) {
      // CommonMark 0.31, 4.5: no backticks after the opening ones.
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

/** Returns the spoken words of a whole text; empty if it has none that can be spoken. */
export function speakable(text: string): string {
  return new SpokenMarkdown().words(text);
}
