const encoder = new TextEncoder();

/**
 * Derives a secret for one purpose from the private half of a signing key (HKDF-SHA-256, RFC 5869): 64 hexadecimal
 * digits. So there is one secret to keep and to rotate, and a key of tokens signs nothing else.
 */
export async function derivedSecret(secret: string, purpose: string): Promise<string> {
  const material = await crypto.subtle.importKey('raw', encoder.encode(secret), 'HKDF', false, [
    'deriveBits',
  ]);
  const derivation = {
    name: 'HKDF',
    hash: 'SHA-256',
    salt: new Uint8Array(),
    info: encoder.encode(`conversation-api ${purpose}`),
  };
  return new Uint8Array(await crypto.subtle.deriveBits(derivation, material, 256)).toHex();
}
