import type { LiveTurn } from './live-turn.ts';
import { interactionPath } from './running-turn.ts';

/** The answer to a request for the events of a turn: the stream, and what its headers say. */
export interface TurnAnswer {
  readable: ReadableStream<Uint8Array>;
  headers: Readonly<Record<string, string>>;
  /** True when the request was sent before: nothing was taken of it. */
  repeats?: boolean;
}

/** Returns the answer that follows a turn: its header `Content-Location` names the resource to resume from. */
export function answerOf(
  { record: { identity }, turn }: LiveTurn,
  readable: ReadableStream<Uint8Array>,
): TurnAnswer {
  const path = interactionPath(identity.organization, identity.id, turn.interactionId);
  return { readable, headers: { 'content-location': path } };
}
