/**
 * The text of the agent, which may be Markdown. Most answers are plain sentences; the part that reads Markdown is loaded
 * with the first one that is more. Until it is there, and where it cannot be loaded, a text stands as it was written.
 */
import { loadPart } from '../parts.ts';
import { make } from './elements.ts';
import type * as Markdown from './markdown.ts';

/** Characters with a meaning inside a line, addresses that become links, and marks at the beginning of a line. */
const MARKUP = /[\\`*_{}[\]<>#|~&@]|:\/\/|www\.|^(?: {0,3}\t| {4})|^\s*(?:[-+=]|\d+[.)])/im;

/** Changes what is shown, and keeps a reader at the end who was there. */
export type Around = (change: () => void) => void;

let markdown: typeof Markdown | null = null;
/** The texts that stand as they were written until the part is there, by their elements. */
const waiting = new Map<HTMLElement, { text: string; around: Around }>();

/** Tells whether a text has only paragraphs and line breaks, which need no reader of Markdown. */
export function isPlain(text: string): boolean {
  return !MARKUP.test(text);
}

/** Returns a text as paragraphs and line breaks. */
export function plainNodes(text: string): Node[] {
  const paragraphs = text.split(/\n\s*\n/).filter((paragraph) => paragraph.trim() !== '');
  return paragraphs.map((paragraph) => {
    const [first = '', ...lines] = paragraph.trim().split(/\s*\n\s*/);
    const element = make('p', {}, first, ...lines.flatMap((line) => [make('br', {}), line]));
    element.dir = 'auto';
    return element;
  });
}

function show(body: HTMLElement, text: string): void {
  body.replaceChildren(
    ...(markdown === null || isPlain(text) ? plainNodes(text) : markdown.markdownNodes(text)),
  );
}

async function read(): Promise<void> {
  markdown = (await loadPart('markdown')) as typeof Markdown;
  for (const [body, { text, around }] of waiting) around(() => show(body, text));
  waiting.clear();
}

/** Shows a text of the agent. `around` is called for the change that follows when the part is there. */
export function showAgentText(body: HTMLElement, text: string, around: Around): void {
  waiting.delete(body);
  if (markdown === null && !isPlain(text)) {
    const isFirst = waiting.size === 0;
    waiting.set(body, { text, around });
    // What cannot be loaded is tried again with the next text.
    if (isFirst) read().catch(() => waiting.clear());
  }
  show(body, text);
}
