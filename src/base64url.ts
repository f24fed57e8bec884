/** base64url without padding (RFC 4648, section 5): the form of signatures in tokens and URLs. */

/**
 * The one encoding that each sequence of bytes has. A last group of two or three characters carries four or two bits
 * more than its bytes need; they must be zero (RFC 4648, section 3.5), or several texts would mean the same bytes.
 */
const CANONICAL = /^(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?$/;

/** Whether a text is the canonical, unpadded base64url encoding of some bytes. Linear in the text's length. */
export function isCanonicalBase64Url(text: string): boolean {
  return CANONICAL.test(text);
}

/** The bytes that a text encodes; `null` for a text that is not canonical, unpadded base64url. */
export function decodeBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  return isCanonicalBase64Url(text) ? Uint8Array.fromBase64(text, { alphabet: 'base64url' }) : null;
}

/** Whether a text has the form of a signed token: three canonical parts (RFC 7515, section 3.1), none of them empty. */
export function isCompactToken(text: string): boolean {
  const parts = text.split('.', 4);
  return parts.length === 3 && parts.every((part) => part !== '' && isCanonicalBase64Url(part));
}
