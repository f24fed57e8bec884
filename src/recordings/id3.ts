import { byteAt, hasText } from './bytes.ts';

/** Size of the header of an ID3v2 tag, and of its footer, in bytes. */
export const ID3_HEADER_BYTES = 10;
const HAS_FOOTER = 0x10;

/**
 * Returns the size in bytes of the ID3v2 tag at the beginning of `head`, with header and footer (ID3v2.4.0 structure,
 * 3.1); null if there is none. The size is sync-safe: seven bits per byte, so at most 256 MiB. All constant bits of the
 * header are checked. They are about 40, so samples do not match them by chance.
 */
export function id3TagBytes(head: Uint8Array): number | null {
  if (head.length < ID3_HEADER_BYTES || !hasText(head, 0, 'ID3')) return null;
  const version = byteAt(head, 3);
  const flags = byteAt(head, 5);
  if (version < 2 || version > 4 || byteAt(head, 4) === 0xff || (flags & 0x0f) !== 0) return null;
  let length = 0;
  for (let at = 6; at < ID3_HEADER_BYTES; at += 1) {
    if (byteAt(head, at) >= 0x80) return null;
    length = length * 0x80 + byteAt(head, at);
  }
  const footer = version === 4 && (flags & HAS_FOOTER) !== 0 ? ID3_HEADER_BYTES : 0;
  return ID3_HEADER_BYTES + length + footer;
}
