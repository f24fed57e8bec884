/** Steps and results of every generated client. This file is written by hand; the clients beside it are generated. */

export interface Place {
  organization: string;
  api_key: string;
  api_key_id: string;
  user_id: string;
}

export interface Seen {
  organization: string;
  /** The kinds of the events of the create stream. */
  created: string[];
  /** Messages of the user and whole answers by interaction. */
  turns: { said: string; answered: string }[];
  /** Transcript of a spoken message. */
  heard: string;
  /** The agent's version, as the first conversation of the list has it: an identifier and a number. */
  version: readonly [string, number] | null;
  messages: number;
  state: string;
  tags: Record<string, string | null>;
  starters: number;
  /** The codes of the problems that were answered: not found, and finished already. */
  codes: string[];
  /** The place of the first error of an invalid request. */
  invalid: string;
}

/** Format of `recordedSamples`. */
export const AUDIO_CONFIG = { type: 'pcm', frame_rate: 16_000, n_channels: 1, sample_width: 2 } as const;

/** Half a second of a tone, as bare samples in a file whose name is in another script. */
export function recordedSamples(): File {
  const samples = Int16Array.from({ length: 8_000 }, (_value, index) => 8_000 * Math.sin(index / 6));
  return new File([samples], 'Запись 001.pcm', { type: 'audio/pcm' });
}

/** The parsed lines of a stream. */
export async function linesOf<Line>(stream: ReadableStream<Uint8Array> | null): Promise<Line[]> {
  const text = await new Response(stream).text();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

/** The value of an answer that must be there. */
export function present<Value>(value: Value | null | undefined, what: string): Value {
  if (value === null || value === undefined) throw new Error(`There is no ${what}.`);
  return value;
}
