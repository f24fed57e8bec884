import { byteAt } from './bytes.ts';

/** Number of bytes of a packet that tell its length. */
export const OPUS_PACKET_HEAD_BYTES = 2;
/** Milliseconds per frame by configuration number, for each of the three modes (RFC 6716, 3.1, table 2). */
const SILK_MS = [10, 20, 40, 60];
const HYBRID_MS = [10, 20];
const CELT_MS = [2.5, 5, 10, 20];

/** Returns the length of an Opus packet in milliseconds, from its first two bytes (RFC 6716, 3.1 and 3.2). */
export function opusPacketMs(packet: Uint8Array): number {
  if (packet.length === 0) return 0;
  const contents = byteAt(packet, 0);
  const configuration = contents >> 3;
  const [frameMs = 0] =
    configuration < 12
      ? SILK_MS.slice(configuration & 3)
      : configuration < 16
        ? HYBRID_MS.slice(configuration & 1)
        : CELT_MS.slice(configuration & 3);
  const code = contents & 3;
  const frames = code === 0 ? 1 : code === 3 ? byteAt(packet, 1) & 0x3f : 2;
  return frames * frameMs;
}
