/**
 * Reads a body as text. Throws `tooLarge()`, and reads no further, when it has more than `maxBytes` bytes: a server that
 * is asked must not fill the memory.
 */
export async function boundedText(
  response: Response,
  maxBytes: number,
  tooLarge: () => Error,
): Promise<string> {
  const decoder = new TextDecoder();
  let [text, bytes] = ['', 0];
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw tooLarge();
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
