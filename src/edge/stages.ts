/** Measures the stages of a request: each with the milliseconds since the one before. */
export class Stages {
  readonly #laps: [name: string, ms: number][] = [];
  readonly #startedAt = Date.now();
  #lastAt = this.#startedAt;

  /** Ends the stage `name`. */
  lap(name: string): void {
    const now = Date.now();
    this.#laps.push([name, now - this.#lastAt]);
    this.#lastAt = now;
  }

  /** Milliseconds from the start of the request to the end of its last stage. */
  get totalMs(): number {
    return this.#lastAt - this.#startedAt;
  }

  /** Value of a `Server-Timing` header (W3C): `name;dur=milliseconds`. The runtime's clock moves only with I/O. */
  get header(): string {
    return this.#laps.map(([name, ms]) => `${name};dur=${ms}`).join(', ');
  }
}
