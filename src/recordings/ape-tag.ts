import { byteAt, hasText, uint32le } from './bytes.ts';

/** The header of an APE tag, version 2, and its footer. */
export const APE_HEADER_BYTES = 32;
const VERSION_2 = 2000;
/** Larger tags are none: no upload comes near to this. */
const MAX_TAG_BYTES = 0x10_00_00_00;

/**
 * How long the APE tag is that begins here, header and footer included; null when none does. Only version 2 can stand
 * at the beginning of a file: the header came with it.
 */
export function apeTagBytes(head: Uint8Array): number | null {
  if (head.length < APE_HEADER_BYTES || !hasText(head, 0, 'APETAGEX')) return null;
  const bytes = uint32le(head, 12);
  // Bit 29 of the flags: this is the header.
  const isHeader = (byteAt(head, 23) & 0x20) !== 0;
  if (uint32le(head, 8) !== VERSION_2 || !isHeader || bytes > MAX_TAG_BYTES) return null;
  return APE_HEADER_BYTES + bytes;
}
