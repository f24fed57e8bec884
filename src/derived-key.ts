/**
 * Keys for one purpose each, derived from the private half of a signing key (HKDF-SHA-256, RFC 5869). So there is one secret
 * to keep and to rotate, and the key of tokens signs nothing else.
 */
const encoder = new TextEncoder();

function derivation(purpose: string) {
  return { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: encoder.encode(purpose) };
}

function materialOf(secret: string, use: 'deriveKey' | 'deriveBits'): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', encoder.encode(secret), 'HKDF', false, [use]);
}

/** Returns the key of a purpose for an algorithm. It cannot be exported. */
export async function derivedKey(
  secret: string,
  purpose: string,
  algorithm: { name: 'AES-GCM'; length: 256 } | { name: 'HMAC'; hash: 'SHA-256'; length: 256 },
  uses: ('encrypt' | 'decrypt' | 'sign' | 'verify')[],
): Promise<CryptoKey> {
  const material = await materialOf(secret, 'deriveKey');
  return crypto.subtle.deriveKey(derivation(purpose), material, algorithm, false, uses);
}

/** Returns the secret of a purpose: 64 hexadecimal digits. */
export async function derivedSecret(secret: string, purpose: string): Promise<string> {
  const bits = await crypto.subtle.deriveBits(
    derivation(purpose),
    await materialOf(secret, 'deriveBits'),
    256,
  );
  return new Uint8Array(bits).toHex();
}
