/**
 * Solves the challenge of a service that wants some work of its visitors (ALTCHA, version 2, with PBKDF2). The browser
 * derives the keys in threads of its own, so the page stays responsive, and no worker needs a place in its policy.
 */
import type { Challenge } from '../../src/contract/visitors.ts';

const ALGORITHM = 'PBKDF2/SHA-256';
/** Keys that are derived at the same time: two for each core of a usual phone. */
const KEYS_AT_ONCE = 16;
/** Most rounds of one key that are done for a page, and most keys: forty times what a challenge of the API takes. */
const MAX_ROUNDS = 20_000;
const MAX_KEYS = 25_000;
const MAX_KEY_BYTES = 64;
const BITS_PER_BYTE = 8;
const COUNTER_BYTES = 4;

const HEX = /^(?:[0-9a-f]{2}){1,128}$/;

function bytesOfHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Throws for work that is none of the API's, so that no server keeps a browser busy for hours. */
function demandUsual({ algorithm, nonce, salt, cost, keyLength, keyPrefix }: Challenge['parameters']): void {
  const isUsual =
    algorithm === ALGORITHM &&
    [nonce, salt, keyPrefix].every((text) => HEX.test(text)) &&
    cost <= MAX_ROUNDS &&
    keyLength <= MAX_KEY_BYTES;
  if (!isUsual) throw new Error('The challenge is of a kind that this chat does not solve.');
}

/** Returns the derived key of a counter, in hexadecimal digits. */
async function keyOf(
  { salt, cost, keyLength }: { salt: Uint8Array<ArrayBuffer>; cost: number; keyLength: number },
  nonce: Uint8Array<ArrayBuffer>,
  counter: number,
): Promise<string> {
  const password = new Uint8Array(nonce.length + COUNTER_BYTES);
  password.set(nonce);
  new DataView(password.buffer).setUint32(nonce.length, counter);
  const key = await crypto.subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits']);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: cost };
  return hexOf(new Uint8Array(await crypto.subtle.deriveBits(how, key, keyLength * BITS_PER_BYTE)));
}

/**
 * Returns the proof of a solved challenge, as `create-visitor` takes it. Rejects when `signal` aborts, when the challenge
 * has expired, for a challenge of another kind, and on a page without TLS, which has no cryptography.
 */
export async function solve(challenge: Challenge, signal: AbortSignal): Promise<string> {
  const { parameters } = challenge;
  demandUsual(parameters);
  if (!isSecureContext) throw new Error('A page without TLS has no cryptography: this chat needs HTTPS.');
  const { cost, keyLength, keyPrefix, expiresAt = Infinity } = parameters;
  const work = { salt: bytesOfHex(parameters.salt), cost, keyLength };
  const nonce = bytesOfHex(parameters.nonce);
  for (let first = 0; first < MAX_KEYS && Date.now() < expiresAt * 1_000; first += KEYS_AT_ONCE) {
    const counters = Array.from({ length: KEYS_AT_ONCE }, (_, index) => first + index);
    const keys = await Promise.all(counters.map((counter) => keyOf(work, nonce, counter)));
    signal.throwIfAborted();
    const found = keys.findIndex((key) => key.startsWith(keyPrefix));
    if (found !== -1) {
      const solution = { counter: first + found, derivedKey: keys[found] };
      return btoa(JSON.stringify({ challenge, solution }));
    }
  }
  throw new Error('The challenge was not solved in its time.');
}
