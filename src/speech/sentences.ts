import { SentenceSplitter, spokenLength } from '../sentences.ts';

/** Shorter ones are spoken together with what follows: "Dr." alone would sound like an end. */
const MIN_LENGTH = 12;
/**
 * Longer ones are cut: the whole of a cut is made before any of it is heard, and providers have limits of their own.
 * About twenty seconds of speech. Lengths are those of `spokenLength`.
 */
export const MAX_LENGTH = 300;

/** Whether a text ends inside the words or the target of a link, which cannot be said in two halves. */
function endsInLink(text: string): boolean {
  const rest = text.slice(text.lastIndexOf('['));
  return rest.startsWith('[') && (!rest.includes(']') || /^\[[^\]]*\](?:\([^)\s]*)?$/.test(rest));
}

/** Whether a text ends inside the row of a table, or behind one and with no empty line that would end the table. */
function endsInTable(text: string): boolean {
  if (text.endsWith('\n\n')) return false;
  const end = text.endsWith('\n') ? text.length - 1 : text.length;
  const line = text.slice(text.lastIndexOf('\n', end - 1) + 1, end);
  return end === text.length ? /^\s*\|/.test(line) : isRow(line);
}

function isRow(line: string): boolean {
  return line.includes('|');
}

/** Cuts a text that arrives in fragments into what is spoken in one go. One per message. */
export class Sentences {
  readonly #splitter = new SentenceSplitter(MAX_LENGTH);
  #held = '';

  /** Takes the next fragment; gives what is now to be spoken, in order. Joined, they are the text. */
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

  /** Whether a table ends where the next sentence begins. */
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
