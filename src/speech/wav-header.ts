/** Writes the header of every WAV file that the server creates (RIFF, WAVEFORMAT with its bits per sample). */

/** Format of samples: signed little-endian PCM; unsigned if a sample has one byte. */
export interface SampleFormat {
  /** Sample frames per second. */
  sampleRate: number;
  channels: number;
  /** Bytes of one sample of one channel, 1 to 4. */
  sampleBytes: number;
}

/** Size of the canonical header in bytes. */
export const WAV_HEADER_BYTES = 44;

/** Returns the canonical header of a WAV file with `dataBytes` bytes of PCM samples. An odd number is padded. */
export function wavHeader(format: SampleFormat, dataBytes: number): Uint8Array {
  const header = new Uint8Array(WAV_HEADER_BYTES);
  const view = new DataView(header.buffer);
  const write = (at: number, text: string) => header.set(new TextEncoder().encode(text), at);
  const frameBytes = format.channels * format.sampleBytes;
  write(0, 'RIFF');
  view.setUint32(4, WAV_HEADER_BYTES - 8 + dataBytes + (dataBytes % 2), true);
  write(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, format.channels, true);
  view.setUint32(24, format.sampleRate, true);
  view.setUint32(28, format.sampleRate * frameBytes, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, format.sampleBytes * 8, true);
  write(36, 'data');
  view.setUint32(40, dataBytes, true);
  return header;
}
