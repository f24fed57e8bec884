import { byteAt } from './bytes.ts';
import { read, type Steps } from './steps.ts';

/** Maximum size of an element's head: an identifier of up to 4 bytes and a length of up to 8 (RFC 8794, 5 and 6). */
const MAX_HEAD_BYTES = 12;
const MAX_ID_BYTES = 4;
const MAX_LENGTH_BYTES = 8;

/** The head of an EBML element. */
export interface Element {
  id: number;
  headBytes: number;
  /** Size of the content in bytes; null if it is unknown. */
  length: number | null;
}

/**
 * Returns the size in bytes of a number of variable length, from its first byte (RFC 8794, 4.1); 9 if the first byte is
 * not valid.
 */
function bytesOf(first: number): number {
  return Math.clz32(first) - 23;
}

/**
 * Reads the head of the next element. Returns null at the end of the file, even inside the head. A file whose recorder
 * reserved its rest and did not write it ends there too.
 */
export function* element(): Steps<Element | 'damaged' | null> {
  const head = yield* read(MAX_HEAD_BYTES);
  if (head.every((byte) => byte === 0)) return null;
  const idBytes = bytesOf(byteAt(head, 0));
  if (idBytes > MAX_ID_BYTES) return 'damaged';
  if (head.length <= idBytes) return null;
  const lengthBytes = bytesOf(byteAt(head, idBytes));
  if (lengthBytes > MAX_LENGTH_BYTES) return 'damaged';
  const headBytes = idBytes + lengthBytes;
  if (head.length < headBytes) return null;
  const id = numberOf(head.subarray(0, idBytes));
  const length = numberOf(head.subarray(idBytes, headBytes)) - 2 ** (7 * lengthBytes);
  // All bits set mean an unknown length.
  const isUnknown = head.subarray(idBytes + 1, headBytes).every((byte) => byte === 0xff);
  const firstIsFull = byteAt(head, idBytes) === 2 ** (9 - lengthBytes) - 1;
  return { id, headBytes, length: isUnknown && firstIsFull ? null : length };
}

/** Returns the bytes as a number, the most significant byte first. Exact up to 2 ** 53. */
export function numberOf(bytes: Uint8Array): number {
  return bytes.reduce((number, byte) => number * 0x100 + byte, 0);
}
