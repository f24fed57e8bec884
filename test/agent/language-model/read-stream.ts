import type { ChatPart, ChatStream } from '../../../src/agent/language-model/chat/port.ts';

/** Returns a stream that gives one list of parts with each read. */
export function streamOfReads(reads: readonly (readonly ChatPart[])[]): ChatStream {
  const left = [...reads];
  return {
    get isOver() {
      return left.length === 0;
    },
    next: async () => left.shift() ?? null,
    cancel: () => void left.splice(0),
  };
}
