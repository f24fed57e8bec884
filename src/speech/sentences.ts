import { SentenceSplitter, spokenLength } from '../sentences.ts';

/** Least length of a sentence that is spoken alone: "Dr." would sound like an end. */
const MIN_LENGTH = 12;
/**
 * Maximum length of a sentence that is spoken at once (`spokenLength`): about twenty seconds. Longer ones are cut,
 * because audio is sent when all of a sentence is made, and providers have limits.
 */
export const MAX_LENGTH = 300;

/** Tells whether a text ends inside a link, which cannot be spoken in two parts. */
function endsInLink(text: string): boolean {
  const rest = text.slice(text.lastIndexOf('['));
  return rest.startsWith('[') && (!rest.includes(']') || /^\[[^\]]*\](?:\([^)\s]*)?$/.test(rest));
}

/** Tells whether a text ends inside a row of a table, or after one without the empty line that ends the table. */
function endsInTable(text: string): boolean {
  if (text.endsWith('\n\n')) return false;
  const end = text.endsWith('\n') ? text.length - 1 : text.length;
  const line = text.slice(text.lastIndexOf('\n', end - 1) + 1, end);
  return end === text.length ? /^\s*\|/.test(line) : isRow(line);
}

function isRow(line: string): boolean {
  return line.includes('|');
}

/** Divides a text that arrives in fragments into pieces that are spoken at once. Use one instance per message. */
export class Sentences {
  readonly #splitter = new SentenceSplitter(MAX_LENGTH);
  #held = '';

  /** Takes the next fragment, and returns the pieces to speak now, in order. Joined, they are the text. */
  push(fragment: string, final: boolean): string[] {
    const spoken: string[] = [];
    for (const sentence of this.#splitter.push(fragment, final)) {
      if (this.#mustEndBefore(sentence)) this.#end(spoken);
      this.#held += sentence;
      if (this.#mayEnd()) this.#end(spoken);
    }
    if (final && this.#held !== '') this.#end(spoken);
    return spoken;
  }

  #mustEndBefore(next: string): boolean {
    if (this.#held === '') return false;
    const isLong = spokenLength(this.#held) + spokenLength(next) > MAX_LENGTH;
    return (isLong && spokenLength(this.#held.trim()) >= MIN_LENGTH) || this.#isOver(next);
  }

  /** Tells whether a table ends before the next sentence. */
  #isOver(next: string): boolean {
    return this.#held.endsWith('\n') && endsInTable(this.#held) && !isRow(next);
  }

  #mayEnd(): boolean {
    if (spokenLength(this.#held.trim()) < MIN_LENGTH) return false;
    return !endsInLink(this.#held) && !endsInTable(this.#held);
  }

  #end(spoken: string[]): void {
    spoken.push(this.#held);
    this.#held = '';
  }
}
