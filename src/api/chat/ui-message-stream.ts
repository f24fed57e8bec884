/** The stream of a turn as an AI SDK UI message stream: server-sent events, version 1. */
import { encodedStream } from './event-encoder.ts';
import { UiMessageEncoder } from './ui-message-encoder.ts';

/** The headers of a UI message stream, version 1. */
export const UI_MESSAGE_HEADERS = {
  'content-type': 'text/event-stream',
  'x-vercel-ai-ui-message-stream': 'v1',
};

/** The last event of every stream that came to its end. */
const DONE = 'data: [DONE]\n\n';

/** The turn that a stream tells. */
export interface UiMessageSource {
  conversationId: string;
  /** Empty where it is not known before the first event. */
  interactionId: string;
  /** The turn's events as lines of JSON. */
  body: ReadableStream<Uint8Array>;
}

/** Returns the chunks of a turn as server-sent events. It breaks where the turn's stream breaks off. */
export function uiMessageStream({
  conversationId,
  interactionId,
  body,
}: UiMessageSource): ReadableStream<Uint8Array> {
  return encodedStream(body, new UiMessageEncoder(conversationId, interactionId), DONE);
}
