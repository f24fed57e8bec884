/** The stream of a turn as an AI SDK UI message stream: server-sent events, version 1. */
import { jsonLine } from '../../text.ts';
import { Lines } from './lines.ts';
import { UiMessageEncoder, type TurnEvent } from './ui-message-encoder.ts';

/** The headers of a UI message stream, version 1. */
export const UI_MESSAGE_HEADERS = {
  'content-type': 'text/event-stream',
  'x-vercel-ai-ui-message-stream': 'v1',
};

/** The last event of every stream that came to its end. */
const DONE = 'data: [DONE]\n\n';
/** A comment: what is sent for the empty line with which a turn shows that it is alive. */
const HEARTBEAT = ':\n\n';

/** The turn that a stream tells. */
export interface UiMessageSource {
  conversationId: string;
  /** Empty where it is not known before the first event. */
  interactionId: string;
  /** The turn's events as lines of JSON. */
  body: ReadableStream<Uint8Array>;
}

/**
 * Returns the chunks of a turn as server-sent events. A turn's stream that breaks off, or ends without its last event,
 * breaks this one too: the client is to take it for a lost connection and come back.
 */
export function uiMessageStream({
  conversationId,
  interactionId,
  body,
}: UiMessageSource): ReadableStream<Uint8Array> {
  const encoder = new UiMessageEncoder(conversationId, interactionId);
  const lines = new Lines();
  const bytes = new TextEncoder();
  let isComplete = false;
  const frame = (line: string): string => {
    if (line === '') return HEARTBEAT;
    const event = JSON.parse(line) as TurnEvent;
    isComplete ||= event.type === 'interaction-complete' || event.type === 'error';
    const frames = encoder.encode(event).map((chunk) => `data: ${jsonLine(chunk)}\n\n`);
    return frames.join('');
  };
  const framed = new TransformStream<Uint8Array, Uint8Array>({
    transform(part, controller) {
      const frames = lines.push(part).map(frame).join('');
      if (frames !== '') controller.enqueue(bytes.encode(frames));
    },
    flush(controller) {
      if (isComplete) controller.enqueue(bytes.encode(DONE));
      else controller.error(new Error('The turn broke off.'));
    },
  });
  return body.pipeThrough(framed);
}
