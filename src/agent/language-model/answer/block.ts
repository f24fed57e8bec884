/** The text between an opening and a closing tag, collected while it arrives in parts. */
import { MAX_TAG_LENGTH } from './tags.ts';

/** The longest tool call, in UTF-16 units. Of a longer text only the end is kept, of half this length. */
const MAX_LENGTH = 64_000;

/** Collects the text of a block, and finds its end. Each part is looked at once. */
export class Block {
  #parts: string[] = [];
  #length = 0;
  /** The end of what was collected: a closing tag may begin in it. */
  #tail = '';

  /** The text so far. */
  get text(): string {
    return this.#parts.join('');
  }

  /** Takes the next part. Returns what stands behind the closing tag, or null while that has not come. */
  push(part: string, until: RegExp | null): string | null {
    const window = this.#tail + part;
    const found = until?.exec(window) ?? null;
    if (found === null) {
      this.#keep(part);
      this.#tail = window.slice(-MAX_TAG_LENGTH);
      return null;
    }
    const end = this.#length - this.#tail.length + found.index;
    const text = this.text + part;
    this.#parts = [text.slice(0, Math.max(end, 0))];
    return window.slice(found.index + found[0].length);
  }

  /** Drops what stands behind the first line, and returns it. */
  cutAtLine(): string {
    const text = this.text.trimStart();
    const end = text.indexOf('\n');
    if (end === -1) return '';
    this.#parts = [text.slice(0, end)];
    return text.slice(end);
  }

  /** Returns the text and begins anew. */
  take(): string {
    const { text } = this;
    this.#parts = [];
    this.#length = 0;
    this.#tail = '';
    return text;
  }

  #keep(part: string): void {
    this.#parts.push(part);
    this.#length += part.length;
    if (this.#length <= MAX_LENGTH) return;
    const kept = this.text.slice(-MAX_LENGTH / 2);
    this.#parts = [kept];
    this.#length = kept.length;
  }
}
