import { byteAt, hasText, uint32le } from './bytes.ts';

/** Size of the header of an APE tag of version 2, and of its footer, in bytes. */
export const APE_HEADER_BYTES = 32;
const VERSION_2 = 2000;
/** Maximum size of a tag in bytes: no upload comes near it, so a larger one is not a tag. */
const MAX_TAG_BYTES = 0x10_00_00_00;

/**
 * Returns the size in bytes of the APE tag at the beginning of `head`, with header and footer; null if there is none.
 * Only version 2 can be at the beginning of a file, because version 1 has no header.
 */
export function apeTagBytes(head: Uint8Array): number | null {
  if (head.length < APE_HEADER_BYTES || !hasText(head, 0, 'APETAGEX')) return null;
  const bytes = uint32le(head, 12);
  // Bit 29 of the flags marks a header.
  const isHeader = (byteAt(head, 23) & 0x20) !== 0;
  if (uint32le(head, 8) !== VERSION_2 || !isHeader || bytes > MAX_TAG_BYTES) return null;
  return APE_HEADER_BYTES + bytes;
}
