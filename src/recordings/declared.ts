/** The content type that a recording is sent with, where its content does not tell what it is. */

const UNSPECIFIC: ReadonlySet<string> = new Set([
  'application/octet-stream',
  'binary/octet-stream',
  // What curl says of any body that it is not told the type of.
  'application/x-www-form-urlencoded',
]);

/** Subtypes of audio that are encodings of their own, by the beginning of the name behind `x-`. */
const ENCODED =
  /^(?:x-)?(?:aac|aiff|amr|ac3|3gpp|ape|caf|eac3|flac|m4a|midi|mp3|mp4|mpeg|ogg|opus|silk|speex|vorbis|webm|wma|ms-wma)/;

/** The type alone, in lower case: without parameters. */
function essence(declared: string): string {
  return declared.split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** Whether bare samples may be sent under a content type. */
export function mayBeSamples(declared: string | null): boolean {
  const type = essence(declared ?? '');
  if (type === '' || UNSPECIFIC.has(type)) return true;
  return type.startsWith('audio/') && !ENCODED.test(type.slice('audio/'.length));
}

/** Whether a content type is that of JSON (RFC 6839, 3.1). */
export function isJsonType(declared: string | null): boolean {
  return /^[\w.+-]+\/(?:json|[\w.-]+\+json)$/.test(essence(declared ?? ''));
}
