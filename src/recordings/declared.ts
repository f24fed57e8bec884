/** Rules about the content type of a recording. It is used where the content does not tell the format. */

const UNSPECIFIC: ReadonlySet<string> = new Set([
  'application/octet-stream',
  'binary/octet-stream',
  // The default of curl.
  'application/x-www-form-urlencoded',
]);

/** Matches subtypes of audio that are encodings, with or without `x-` before them. */
const ENCODED =
  /^(?:x-)?(?:aac|aiff|amr|ac3|3gpp|ape|caf|eac3|flac|m4a|midi|mp3|mp4|mpeg|ogg|opus|silk|speex|vorbis|webm|wma|ms-wma)/;

/** Returns a content type in lower case, without parameters. */
function essence(declared: string): string {
  return declared.split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** Tells whether bare samples may have a content type. */
export function mayBeSamples(declared: string | null): boolean {
  const type = essence(declared ?? '');
  if (type === '' || UNSPECIFIC.has(type)) return true;
  return type.startsWith('audio/') && !ENCODED.test(type.slice('audio/'.length));
}

/** Tells whether a content type is that of JSON (RFC 6839, 3.1). */
export function isJsonType(declared: string | null): boolean {
  return /^[\w.+-]+\/(?:json|[\w.-]+\+json)$/.test(essence(declared ?? ''));
}
