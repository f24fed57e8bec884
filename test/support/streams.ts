/** Reading the events of turns, whole and in parts. */
import { parseLines, type Client, type StreamedEvent } from './client.ts';

/** An answer that is read bit by bit. */
export class PartialStream {
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = '';

  constructor(response: Response) {
    if (response.body === null) throw new Error(`${response.status}: there is no stream.`);
    const decoder = new TextDecoderStream() as unknown as ReadableWritablePair<string, Uint8Array>;
    this.#reader = response.body.pipeThrough(decoder).getReader();
  }

  /** Everything that was read so far. */
  get text(): string {
    return this.#text;
  }

  /** The whole events that were read so far. */
  get events(): StreamedEvent[] {
    return parseLines(this.#text.slice(0, this.#text.lastIndexOf('\n') + 1));
  }

  /** Reads until `part` has come, or to the end without it. Returns all that was read so far. */
  async until(part: string | null): Promise<string> {
    for (;;) {
      if (part !== null && this.#text.includes(part)) return this.#text;
      const { value, done } = await this.#reader.read();
      if (done) return this.#text;
      this.#text += value;
    }
  }

  /** Leaves, without waiting for the rest. */
  async leave(): Promise<void> {
    await this.#reader.cancel().catch(() => undefined);
  }
}

/** The path of an interaction's events. */
export function streamOf(id: string, interactionId: string, query = ''): string {
  return `/conversation/${id}/interaction/${interactionId}/stream${query}`;
}

/** Returns the lines of a stream without heartbeats, each with its end. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `${line}\n`);
}

/** Returns the cursor of a line. */
export function cursorOf(line: string): number {
  return (JSON.parse(line) as { cursor: number }).cursor;
}

/** The state of a conversation's turn. */
export interface TurnStateAnswer {
  is_running: boolean;
  interaction_id: string | null;
  cursor: number | null;
  waiting: number;
  stream: string | null;
  is_finished: boolean;
  last_interaction_id: string | null;
  last_outcome: { interaction_id: string; code: string } | null;
}

/** Asks for the turn of a conversation. */
export function turnOf(client: Client, id: string): Promise<TurnStateAnswer> {
  return client.get<TurnStateAnswer>(`/conversation/${id}/turn`);
}

/** Returns the interaction that the header `Content-Location` names. */
export function interactionOf(response: Response): string {
  const path = response.headers.get('content-location') ?? '';
  const found = /\/interaction\/([a-f0-9]{24})\/stream$/.exec(path)?.[1];
  if (found === undefined) throw new Error(`There is no interaction in "${path}".`);
  return found;
}
