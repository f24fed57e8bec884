/** Reads numbers and texts in bytes. A byte after the end counts as zero: callers check lengths where they matter. */

/** Returns the byte at a position. */
export function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

/** Returns the little-endian integer of 16 bits at a position. */
export function uint16le(bytes: Uint8Array, at: number): number {
  return byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8);
}

/** Returns the little-endian integer of 32 bits at a position. */
export function uint32le(bytes: Uint8Array, at: number): number {
  return uint16le(bytes, at) + uint16le(bytes, at + 2) * 0x1_00_00;
}

/** Returns the big-endian integer of 16 bits at a position. */
export function uint16be(bytes: Uint8Array, at: number): number {
  return (byteAt(bytes, at) << 8) | byteAt(bytes, at + 1);
}

/** Returns the big-endian integer of 24 bits at a position. */
export function uint24be(bytes: Uint8Array, at: number): number {
  return (uint16be(bytes, at) << 8) | byteAt(bytes, at + 2);
}

/** Returns the big-endian integer of 32 bits at a position. */
export function uint32be(bytes: Uint8Array, at: number): number {
  return uint16be(bytes, at) * 0x1_00_00 + uint16be(bytes, at + 2);
}

/**
 * Returns the big-endian integer of 64 bits at a position. Exact up to 2 ** 53, and close enough above for a comparison
 * of lengths.
 */
export function uint64be(bytes: Uint8Array, at: number): number {
  return uint32be(bytes, at) * 0x1_00_00_00_00 + uint32be(bytes, at + 4);
}

/** Returns the little-endian integer of 64 bits at a position, as exact as `uint64be`. */
export function uint64le(bytes: Uint8Array, at: number): number {
  return uint32le(bytes, at) + uint32le(bytes, at + 4) * 0x1_00_00_00_00;
}

/** Tells whether the text is at a position, one byte per character. */
export function hasText(bytes: Uint8Array, at: number, text: string): boolean {
  if (bytes.length < at + text.length) return false;
  for (let index = 0; index < text.length; index += 1) {
    if (bytes[at + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}

/** Returns the parts as one array. A single part is returned without a copy. */
export function join(parts: readonly Uint8Array[]): Uint8Array {
  const filled = parts.filter((part) => part.length > 0);
  if (filled.length <= 1) return filled[0] ?? new Uint8Array();
  const whole = new Uint8Array(filled.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of filled) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
