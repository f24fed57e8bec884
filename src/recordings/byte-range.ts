/** A part of a recording: positions of its first and last byte, from 0, both within the recording. */
export interface ByteRange {
  first: number;
  last: number;
}

/**
 * Returns the range of a `Range` header (RFC 9110, section 14) in a recording of `size` bytes. Null means the whole
 * recording: for no header, another unit, several ranges, or a malformed header. 'unsatisfiable' means a range outside
 * the recording.
 */
export function byteRange(header: string | null, size: number): ByteRange | 'unsatisfiable' | null {
  const [all, from = '', to = ''] =
    /^bytes=\s*(?:(\d{1,15})\s*)?-\s*(?:(\d{1,15})\s*)?$/i.exec(header ?? '') ?? [];
  if (all === undefined || (from === '' && to === '')) return null;
  if (from === '') {
    const length = Math.min(Number(to), size);
    return length === 0 ? 'unsatisfiable' : { first: size - length, last: size - 1 };
  }
  const first = Number(from);
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== '' && Number(to) < first) return null;
  return first >= size ? 'unsatisfiable' : { first, last };
}
