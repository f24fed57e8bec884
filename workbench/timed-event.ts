import type { StreamEvent } from '../src/contract/stream.ts';

/** An event as it came. `at` is in milliseconds since its turn was asked for. */
export interface TimedEvent {
  at: number;
  event: StreamEvent;
}
