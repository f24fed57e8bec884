/**
 * Identifiers of the API: 24 hexadecimal digits that begin with the second of their making, so that their order is
 * the order of time.
 */

/** The form of every identifier that the API gives out. */
export const IDENTIFIER = /^[a-f0-9]{24}$/;

/** The form of an organization's identifier: a DNS label in lower case, chosen by its operator. */
export const ORGANIZATION_IDENTIFIER = /^[a-z0-9][a-z0-9-]{0,62}$/;

const SEQUENCE_DIGITS = 8;

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0').slice(-digits);
}

function randomHex(digits: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(digits / 2));
  return Array.from(bytes, (byte) => hex(byte, 2)).join('');
}

/** A fresh identifier: the second of `at` (milliseconds since 1970), then 64 random bits. */
export function newIdentifier(at: number): string {
  return hex(Math.floor(at / 1000), 8) + randomHex(16);
}

/** Returns the second in which an identifier was made, in milliseconds since 1970; `NaN` for what is none. */
export function madeAt(identifier: string): number {
  return Number.parseInt(identifier.slice(0, 8), 16) * 1000;
}

/**
 * The identifier of the `sequence`th thing of its kind in its conversation: second, millisecond, 20 random bits and
 * the number itself. The number is the row's key, so a lookup by identifier needs no second index.
 */
export function numberedIdentifier(at: number, sequence: number): string {
  const time = hex(Math.floor(at / 1000), 8) + hex(at % 1000, 3);
  return time + randomHex(6).slice(0, 5) + hex(sequence, SEQUENCE_DIGITS);
}

/** The number inside a numbered identifier. Compare the stored identifier too: anybody can write a number. */
export function sequenceOf(identifier: string): number {
  return Number.parseInt(identifier.slice(-SEQUENCE_DIGITS), 16);
}
