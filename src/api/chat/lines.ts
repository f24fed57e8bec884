/** Joins parts of a text in UTF-8 to lines, without their ends. What stands behind the last end is no line: it was cut. */
export class Lines {
  readonly #decoder = new TextDecoder();
  #begun: string[] = [];

  /** Returns the lines that are whole with the next part. */
  push(part: Uint8Array): string[] {
    const [first = '', ...others] = this.#decoder.decode(part, { stream: true }).split('\n');
    this.#begun.push(first);
    if (others.length === 0) return [];
    const line = this.#begun.join('');
    this.#begun = others.splice(-1);
    return [line, ...others];
  }
}
