/** The events of a turn as server-sent events of another protocol. */
import type { StreamEvent } from '../../contract/stream.ts';
import { jsonLine } from '../../text.ts';
import { Lines } from './lines.ts';

/** An event of a turn with the fields that the contract adds to it. */
export type TurnEvent = StreamEvent & { interaction_id?: string; stopped?: boolean };

/** Makes the events of a protocol of those of one turn. */
export interface EventEncoder<Encoded> {
  /** Returns the encoded events of the next event. */
  encode(event: TurnEvent): Encoded[];
}

/** A comment: what is sent for the empty line with which a turn shows that it is alive. */
const HEARTBEAT = ':\n\n';

/**
 * Returns the events of a turn, which come as lines of JSON, as server-sent events; `last` stands behind the last one. A
 * turn's stream that breaks off, or ends without its last event, breaks this one too: the client is to take it for a lost
 * connection and come back.
 */
export function encodedStream(
  body: ReadableStream<Uint8Array>,
  encoder: EventEncoder<unknown>,
  last = '',
): ReadableStream<Uint8Array> {
  const lines = new Lines();
  const bytes = new TextEncoder();
  let isComplete = false;
  const frame = (line: string): string => {
    if (line === '') return HEARTBEAT;
    const event = JSON.parse(line) as TurnEvent;
    isComplete ||= event.type === 'interaction-complete' || event.type === 'error';
    const frames = encoder.encode(event).map((encoded) => `data: ${jsonLine(encoded)}\n\n`);
    return frames.join('');
  };
  const framed = new TransformStream<Uint8Array, Uint8Array>({
    transform(part, controller) {
      const frames = lines.push(part).map(frame).join('');
      if (frames !== '') controller.enqueue(bytes.encode(frames));
    },
    flush(controller) {
      if (!isComplete) controller.error(new Error('The turn broke off.'));
      else if (last !== '') controller.enqueue(bytes.encode(last));
    },
  });
  return body.pipeThrough(framed);
}
