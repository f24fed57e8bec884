/** Base64, as sound and tokens travel in it. */

/** The bytes of standard base64, with or without its padding. Throws for anything else. */
export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
