/**
 * Decodes a part of a query, with `+` as a space; null if its bytes are not UTF-8. A percent sign without two digits
 * after it stays itself, as in the URL standard.
 */
function decoded(raw: string): string | null {
  try {
    return decodeURIComponent(raw.replaceAll('+', ' ').replaceAll(/%(?![0-9a-f]{2})/gi, '%25'));
  } catch {
    return null;
  }
}

/**
 * Returns the values of a URL's query by name, in their order; null for a value that is not UTF-8. Takes linear time.
 */
export function queryValues(url: string): Map<string, (string | null)[]> {
  const found = new Map<string, (string | null)[]>();
  const start = url.indexOf('?');
  const end = url.indexOf('#');
  if (start === -1) return found;
  for (const part of url.slice(start + 1, end === -1 ? undefined : end).split('&')) {
    const equals = part.indexOf('=');
    const name = decoded(equals === -1 ? part : part.slice(0, equals));
    if (name === null || part === '') continue;
    const value = equals === -1 ? '' : decoded(part.slice(equals + 1));
    const known = found.get(name);
    if (known === undefined) found.set(name, [value]);
    else known.push(value);
  }
  return found;
}
