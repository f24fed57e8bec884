/**
 * The Markdown that an agent may use, as nodes of the document. `marked` reads the text into tokens and no further:
 * its HTML is never asked for. What becomes an element is decided here, kind by kind, and everything else stays the
 * text that it was; so there is no HTML that a sanitizer could let through, and the policies of trusted types and
 * of inline scripts have nothing to forbid. This list is the sanitizer.
 */
import { Lexer, type MarkedToken, type Token } from 'marked';
import { make } from './elements.ts';

/** Longer texts, or deeper nested ones than the stack holds, are shown as they are: reading them costs too much. */
const MAX_CHARACTERS = 20_000;

const LINK_PROTOCOLS = new Set(['http:', 'https:', 'mailto:', 'tel:']);

function linkTarget(href: string): string | null {
  // Without a base: what is relative would lead into the site that embeds the chat, and is no link here.
  if (!URL.canParse(href)) return null;
  const url = new URL(href);
  return LINK_PROTOCOLS.has(url.protocol) ? url.href : null;
}

function link(href: string, content: Node[]): Node[] {
  const target = linkTarget(href);
  if (target === null) return content;
  const anchor = make('a', { className: 'link' }, ...content);
  anchor.href = target;
  anchor.target = '_blank';
  anchor.rel = 'noopener noreferrer nofollow';
  return [anchor];
}

function block(name: 'p' | 'blockquote' | 'li', ...children: (Node | string)[]): HTMLElement {
  const element = make(name, {}, ...children);
  // A conversation may mix scripts, so each block finds its own direction.
  element.dir = 'auto';
  return element;
}

function children(token: { tokens?: Token[]; text: string }): Node[] {
  return token.tokens === undefined ? [new Text(token.text)] : nodes(token.tokens);
}

function list(token: Extract<MarkedToken, { type: 'list' }>): HTMLElement {
  const items = token.items.map((item) => block('li', ...nodes(item.tokens)));
  if (!token.ordered) return make('ul', {}, ...items);
  const ordered = make('ol', {}, ...items);
  if (token.start !== '') ordered.start = token.start;
  return ordered;
}

function nodesOf(token: MarkedToken): Node[] {
  switch (token.type) {
    case 'paragraph':
      return [block('p', ...children(token))];
    case 'heading':
      // The page has headings of its own, and an agent's message is not a part of its outline.
      return [block('p', make('strong', {}, ...children(token)))];
    case 'strong':
    case 'em':
    case 'del':
      return [make(token.type, {}, ...children(token))];
    case 'blockquote':
      return [block('blockquote', ...nodes(token.tokens))];
    case 'list':
      return [list(token)];
    case 'code':
      return [make('pre', {}, make('code', { text: token.text }))];
    case 'codespan':
      return [make('code', { text: token.text })];
    case 'br':
      return [make('br', {})];
    case 'link':
      return link(token.href, children(token));
    case 'image':
      // An image would tell its server who reads this, so it is a link with the words that stand for it.
      return link(token.href, [new Text(token.text === '' ? token.href : token.text)]);
    case 'text':
    case 'escape':
      return children(token);
    case 'space':
    case 'def':
      return [];
    case 'table':
      // Too wide for a phone; in its own lines it can be read.
      return [make('pre', { text: token.raw })];
    case 'checkbox':
    case 'hr':
    case 'list_item':
    case 'html':
      return [new Text(token.raw)];
  }
}

function nodes(tokens: readonly Token[]): Node[] {
  // The lexer is given no extensions, so every token is one of its own.
  return tokens.flatMap((token) => nodesOf(token as MarkedToken));
}

/** Returns a Markdown text as nodes. HTML in it stays text. */
export function markdownNodes(text: string): Node[] {
  if (text.length > MAX_CHARACTERS) return [new Text(text)];
  try {
    return nodes(Lexer.lex(text, { gfm: true, breaks: true }));
  } catch {
    return [new Text(text)];
  }
}
