import { hasText } from './bytes.ts';

interface Container {
  /** A noun with its article, as a refusal says it. */
  name: string;
  /** What stands where, in bytes from the beginning; all of it must. */
  marks: Readonly<Record<number, string>>;
}

/**
 * Audio files that we know and do not accept. Each mark is at least 32 bits that samples would have to meet by chance,
 * so it is believed whatever the configuration says.
 */
const CONTAINERS: readonly Container[] = [
  { name: 'an Ogg file', marks: { 0: 'OggS' } }, // RFC 3533, 6
  { name: 'a WebM or Matroska file', marks: { 0: '\u001a\u0045\u00df\u00a3' } }, // RFC 8794, 11.2.1
  { name: 'an MP4 or M4A file', marks: { 4: 'ftyp' } }, // ISO 14496-12, 4.3
  { name: 'an AIFF file', marks: { 0: 'FORM', 8: 'AIFF' } },
  { name: 'an AIFF file', marks: { 0: 'FORM', 8: 'AIFC' } },
  { name: 'a CAF file', marks: { 0: 'caff' } },
  { name: 'an AMR file', marks: { 0: '#!AMR' } }, // RFC 4867, 5
  { name: 'an AU file', marks: { 0: '.snd' } },
  // The first halves of the GUIDs with which ASF and Sony Wave64 begin, as they stand in the file.
  { name: 'a WMA file', marks: { 0: '\u0030\u0026\u00b2\u0075\u008e\u0066\u00cf\u0011' } },
  { name: 'a Wave64 file', marks: { 0: 'riff\u002e\u0091\u00cf\u0011' } },
  { name: 'an RF64 file', marks: { 0: 'RF64', 8: 'WAVE' } },
  { name: 'a BW64 file', marks: { 0: 'BW64', 8: 'WAVE' } },
  { name: 'a big-endian WAV file (RIFX)', marks: { 0: 'RIFX', 8: 'WAVE' } },
];

/** How many bytes `unacceptedContainer` has to see. */
export const CONTAINER_MARK_BYTES = 12;

/** What container begins with these bytes, as a noun with its article; null when none that is refused does. */
export function unacceptedContainer(head: Uint8Array): string | null {
  const found = CONTAINERS.find(({ marks }) =>
    Object.entries(marks).every(([at, text]) => hasText(head, Number(at), text)),
  );
  return found?.name ?? null;
}
