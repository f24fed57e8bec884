import { byteAt, hasText } from './bytes.ts';

interface Known {
  /** Name in a refusal: a noun with its article. */
  name: string;
  /** Texts by their positions in bytes from the beginning; all must match. */
  marks: Readonly<Record<number, string>>;
  /** Further condition on the beginning. */
  also?: (head: Uint8Array) => boolean;
}

/** Known audio files that are not accepted. */
const SOUND: readonly Known[] = [
  { name: 'an AIFF file', marks: { 0: 'FORM', 8: 'AIFF' } },
  { name: 'an AIFF file', marks: { 0: 'FORM', 8: 'AIFC' } },
  { name: 'a CAF file', marks: { 0: 'caff' } },
  { name: 'an AMR file', marks: { 0: '#!AMR' } }, // RFC 4867, 5
  { name: 'a SILK file', marks: { 0: '#!SILK' } },
  { name: 'a SILK file', marks: { 1: '#!SILK' } },
  { name: 'an EVRC file', marks: { 0: '#!EVRC' } }, // RFC 3625, 3
  { name: 'an AU file', marks: { 0: '.snd' } },
  // The first halves of the GUIDs at the beginning of ASF and Sony Wave64, in the order of their bytes.
  { name: 'a WMA file', marks: { 0: '\u0030\u0026\u00b2\u0075\u008e\u0066\u00cf\u0011' } },
  { name: 'a Wave64 file', marks: { 0: 'riff\u002e\u0091\u00cf\u0011' } },
  { name: 'an RF64 file', marks: { 0: 'RF64', 8: 'WAVE' } },
  { name: 'a BW64 file', marks: { 0: 'BW64', 8: 'WAVE' } },
  { name: 'a big-endian WAV file (RIFX)', marks: { 0: 'RIFX', 8: 'WAVE' } },
  { name: 'a Creative Voice file', marks: { 0: 'Creative Voice File\u001a' } },
  { name: 'a NIST SPHERE file', marks: { 0: 'NIST_1A' } },
  { name: 'a WavPack file', marks: { 0: 'wvpk' } },
  { name: "a Monkey's Audio file", marks: { 0: 'MAC ' } },
  { name: 'a True Audio file', marks: { 0: 'TTA1' } },
  { name: 'a Musepack file', marks: { 0: 'MPCK' } },
  { name: 'a DSD file', marks: { 0: 'DSD ' } },
  { name: 'a DSD file', marks: { 0: 'FRM8', 12: 'DSD ' } },
  { name: 'a RealAudio file', marks: { 0: '.ra\u00fd' } },
  { name: 'a RealMedia file', marks: { 0: '.RMF' } },
  { name: 'a MIDI file', marks: { 0: 'MThd' } },
];

/** Known files of other kinds. Without this list they would be stored as samples if the request announces samples. */
const OTHER: readonly Known[] = [
  { name: 'a PNG image', marks: { 0: '\u0089PNG\r\n\u001a\n' } },
  // After the start of an image come a table, a frame, a comment, or a segment of an application.
  { name: 'a JPEG image', marks: { 0: '\u00ff\u00d8\u00ff' }, also: (head) => byteAt(head, 3) >= 0xc0 },
  { name: 'a GIF image', marks: { 0: 'GIF87a' } },
  { name: 'a GIF image', marks: { 0: 'GIF89a' } },
  { name: 'a BMP image', marks: { 0: 'BM', 6: '\0\0\0\0', 14: '\u0028\0\0\0' } },
  { name: 'a BMP image', marks: { 0: 'BM', 6: '\0\0\0\0', 14: '\u007c\0\0\0' } },
  { name: 'a TIFF image', marks: { 0: 'II*\0' } },
  { name: 'a TIFF image', marks: { 0: 'MM\0*' } },
  { name: 'a PDF document', marks: { 0: '%PDF-' } },
  {
    name: 'a document of an older office program',
    marks: { 0: '\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1' },
  },
  { name: 'a ZIP archive or an office document', marks: { 0: 'PK\u0003\u0004' } },
  { name: 'a ZIP archive', marks: { 0: 'PK\u0005\u0006' } },
  // RFC 1952, 2.3.1: three bits of the flags are reserved; compression and operating system are small numbers.
  {
    name: 'a gzip archive',
    marks: { 0: '\u001f\u008b\u0008' },
    also: (head) => byteAt(head, 3) < 0x20 && byteAt(head, 8) <= 4 && ((byteAt(head, 9) + 1) & 0xff) <= 20,
  },
  { name: 'a bzip2 archive', marks: { 0: 'BZh', 4: '1AY&SY' } },
  { name: 'an xz archive', marks: { 0: '\u00fd7zXZ\0' } },
  { name: 'a Zstandard archive', marks: { 0: '\u0028\u00b5\u002f\u00fd' } },
  { name: 'a 7z archive', marks: { 0: '7z\u00bc\u00af\u0027\u001c' } },
  { name: 'a RAR archive', marks: { 0: 'Rar!\u001a\u0007' } },
  { name: 'a tar archive', marks: { 257: 'ustar' } },
  { name: 'a Flash video', marks: { 0: 'FLV\u0001' } },
  { name: 'an MPEG video', marks: { 0: '\0\0\u0001\u00ba' } },
  { name: 'an MPEG video', marks: { 0: '\0\0\u0001\u00b3' } },
  { name: 'an MPEG video', marks: { 0: 'G', 188: 'G', 376: 'G', 564: 'G', 752: 'G' } }, // ISO 13818-1, 2.4.3
  { name: 'a program', marks: { 0: '\u007fELF' } },
  { name: 'a program', marks: { 0: '\0asm' } },
  { name: 'a database', marks: { 0: 'SQLite format 3\0' } },
  { name: 'a property list', marks: { 0: 'bplist0' } },
];

/** Number of bytes that `unaccepted` needs for most files. */
export const UNACCEPTED_HEAD_BYTES = 12;
/** Number of bytes that `unaccepted` needs for all files. */
export const UNACCEPTED_LOOK_BYTES = 753;

/**
 * Returns the name of a known file that is not accepted, as a noun with its article; null if no known file begins with
 * these bytes. The marks have at least 26 bits, so samples rarely match by chance, and the result holds against any
 * configuration.
 */
export function unaccepted(head: Uint8Array): string | null {
  const found = KNOWN.find(
    ({ marks, also }) => marks.every(([at, text]) => hasText(head, at, text)) && also?.(head) !== false,
  );
  return found?.name ?? null;
}

const KNOWN = [...SOUND, ...OTHER].map(({ marks, ...known }) => ({
  ...known,
  marks: Object.entries(marks).map(([at, text]): [number, string] => [Number(at), text]),
}));
