/** Signed URLs of recordings: each client that has one may read the recording until the URL expires. */
import { decodeBase64Url } from '../base64url.ts';
import { derivedKey } from '../derived-key.ts';

/** Path of recordings; the key follows. A key has no character that a URL escapes. */
const PREFIX = '/recordings/';

const encoder = new TextEncoder();

function urlKey(secret: string): Promise<CryptoKey> {
  return derivedKey(secret, 'recording URLs', { name: 'HMAC', hash: 'SHA-256', length: 256 }, [
    'sign',
    'verify',
  ]);
}

/** Returns the signed bytes. The number comes first and ends with the line, so no key can be read as part of it. */
function message(key: string, expires: number): Uint8Array {
  return encoder.encode(`${expires}\n${key}`);
}

/** Returns the signed URL of a recording at `origin`. `expires` is in seconds since 1970. */
export async function signUrl(origin: string, key: string, expires: number, secret: string): Promise<string> {
  const signature = new Uint8Array(
    await crypto.subtle.sign('HMAC', await urlKey(secret), message(key, expires)),
  );
  const url = new URL(`${PREFIX}${key}`, origin);
  url.searchParams.set('expires', String(expires));
  url.searchParams.set('signature', signature.toBase64({ alphabet: 'base64url', omitPadding: true }));
  return url.href;
}

/** Length of an HMAC-SHA-256 in base64url without padding. */
const SIGNATURE_LENGTH = 43;

/** Returns the signature of a query as bytes; null if it is missing, repeated, or not canonically encoded. */
function signatureOf(query: URLSearchParams): Uint8Array<ArrayBuffer> | null {
  const [text, ...others] = query.getAll('signature');
  return text?.length === SIGNATURE_LENGTH && others.length === 0 ? decodeBase64Url(text) : null;
}

/**
 * Returns the expiry of a query in seconds since 1970; null if it is missing, repeated, or not written as `signUrl`
 * writes it.
 */
function expiryOf(query: URLSearchParams): number | null {
  const [text = '', ...others] = query.getAll('expires');
  const expires = Number(text);
  return Number.isSafeInteger(expires) && String(expires) === text && others.length === 0 ? expires : null;
}

/**
 * Returns the key of a signed URL, and its expiry in seconds since 1970; null for an invalid or expired URL. `now` is
 * in milliseconds since 1970.
 */
export async function openUrl(
  url: URL,
  now: number,
  secrets: readonly string[],
): Promise<{ key: string; expires: number } | null> {
  const key = url.pathname.slice(PREFIX.length);
  const expires = expiryOf(url.searchParams);
  const signature = signatureOf(url.searchParams);
  if (expires === null || expires * 1000 <= now || signature === null) return null;
  for (const secret of secrets) {
    // Web Crypto compares in constant time.
    if (await crypto.subtle.verify('HMAC', await urlKey(secret), signature, message(key, expires))) {
      return { key, expires };
    }
  }
  return null;
}
