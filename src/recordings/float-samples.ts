/**
 * Converts floating-point samples (IEEE 754, little-endian, 4 or 8 bytes each) to integers of 16 bits. Values beyond
 * full scale are clipped, and NaN becomes silence. `floats` has whole samples.
 */
export function integersOf(floats: Uint8Array, sampleBytes: number): Uint8Array {
  const from = new DataView(floats.buffer, floats.byteOffset, floats.byteLength);
  const integers = new Uint8Array((floats.length / sampleBytes) * 2);
  const to = new DataView(integers.buffer);
  for (let at = 0, written = 0; at < floats.length; at += sampleBytes, written += 2) {
    const sample = sampleBytes === 8 ? from.getFloat64(at, true) : from.getFloat32(at, true);
    const clipped = Number.isNaN(sample) ? 0 : Math.max(-1, Math.min(1, sample));
    to.setInt16(written, Math.round(clipped * 0x7f_ff), true);
  }
  return integers;
}
