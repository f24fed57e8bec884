/** The end of a conversation that the visitor may undo for some seconds: the API cannot take it back, so it waits. */
import { newKey } from './outbox.ts';

/** The time for which an end can be undone, in milliseconds. */
const UNDO_MS = 5_000;

/** An end that waits. Its key names it to the API, however often it is sent. */
export interface PendingEnd {
  conversation: string;
  key: string;
}

/** Holds an end back until it cannot be undone any more. */
export class Ending {
  #pending: PendingEnd | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `leave` sends the end of a page that is left: nothing of the page runs afterwards. */
  constructor(signal: AbortSignal, leave: (end: PendingEnd) => void) {
    const onLeave = () => {
      const end = this.take();
      if (end !== null) leave(end);
    };
    signal.addEventListener('abort', onLeave);
    addEventListener('pagehide', onLeave, { signal });
  }

  get isPending(): boolean {
    return this.#pending !== null;
  }

  /** Calls `onDue` when the end of a conversation cannot be undone any more. */
  begin(conversation: string, onDue: () => void): void {
    this.#pending = { conversation, key: newKey() };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(onDue, UNDO_MS);
  }

  /** Returns the end that waits, which does not wait any more; null when none does. */
  take(): PendingEnd | null {
    clearTimeout(this.#timer);
    const end = this.#pending;
    this.#pending = null;
    return end;
  }
}
