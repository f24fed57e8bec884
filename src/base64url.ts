/** base64url without padding (RFC 4648, section 5): the encoding of signatures in tokens and URLs. */

/**
 * Matches the canonical encoding of a sequence of bytes. A last group of two or three characters has four or two bits
 * more than its bytes need. They must be zero (RFC 4648, section 3.5), or several texts would encode the same bytes.
 */
const CANONICAL = /^(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?$/;

/** Tells whether a text is the canonical, unpadded base64url encoding of some bytes. Linear in the text's length. */
export function isCanonicalBase64Url(text: string): boolean {
  return CANONICAL.test(text);
}

/** Returns the bytes that a text encodes, or null if the text is not canonical, unpadded base64url. */
export function decodeBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  return isCanonicalBase64Url(text) ? Uint8Array.fromBase64(text, { alphabet: 'base64url' }) : null;
}

/**
 * Tells whether a text has the form of a signed token: three canonical parts (RFC 7515, section 3.1), none of them
 * empty.
 */
export function isCompactToken(text: string): boolean {
  const parts = text.split('.', 4);
  return parts.length === 3 && parts.every((part) => part !== '' && isCanonicalBase64Url(part));
}
