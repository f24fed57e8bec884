/**
 * Identifiers of the API: 24 hexadecimal digits. The first 8 are the second of creation, so that identifiers sort by
 * time.
 */

/** Matches every identifier that the API creates. */
export const IDENTIFIER = /^[a-f0-9]{24}$/;

/** Matches the identifier of an organization: a DNS label in lower case, chosen by its operator. */
export const ORGANIZATION_IDENTIFIER = /^[a-z0-9][a-z0-9-]{0,62}$/;

const SEQUENCE_DIGITS = 8;

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0').slice(-digits);
}

function randomHex(digits: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(digits / 2));
  return Array.from(bytes, (byte) => hex(byte, 2)).join('');
}

/** Returns a new identifier: the second of `at` (milliseconds since 1970), then 64 random bits. */
export function newIdentifier(at: number): string {
  return hex(Math.floor(at / 1000), 8) + randomHex(16);
}

/** Digits behind the second that mark a visitor. One other identifier in 16 million has them by chance. */
const VISITOR_MARK = '000000';

/** Returns a new identifier of a visitor: the second of `at` (milliseconds since 1970), the mark, 40 random bits. */
export function newVisitorIdentifier(at: number): string {
  return hex(Math.floor(at / 1000), 8) + VISITOR_MARK + randomHex(10);
}

/**
 * Tells whether an identifier is probably that of a visitor, who has no document. Use it to save a lookup, never
 * to decide about access.
 */
export function isLikelyVisitor(identifier: string): boolean {
  return identifier.startsWith(VISITOR_MARK, 8);
}

/** Returns the second of creation of an identifier in milliseconds since 1970; `NaN` if the text is no identifier. */
export function madeAt(identifier: string): number {
  return Number.parseInt(identifier.slice(0, 8), 16) * 1000;
}

/**
 * Returns the identifier of the object with the number `sequence` in its conversation: second, millisecond, 20 random
 * bits and the number. The number is the key of the row, so a lookup by identifier needs no second index. `at` is in
 * milliseconds since 1970.
 */
export function numberedIdentifier(at: number, sequence: number): string {
  const time = hex(Math.floor(at / 1000), 8) + hex(at % 1000, 3);
  return time + randomHex(6).slice(0, 5) + hex(sequence, SEQUENCE_DIGITS);
}

/** The identifier of the `sequence`th thing that was made at a time, where none is stored with it: always the same one. */
export function derivedIdentifier(at: number, sequence: number): string {
  return hex(Math.floor(at / 1000), 8) + hex(at % 1000, 3) + hex(0, 5) + hex(sequence, SEQUENCE_DIGITS);
}

/** Returns the number in a numbered identifier. Compare the stored identifier as well: a caller can send any number. */
export function sequenceOf(identifier: string): number {
  return Number.parseInt(identifier.slice(-SEQUENCE_DIGITS), 16);
}
