/** Codes of languages. The API uses ISO 639-3 ("eng"), providers use ISO 639-1 ("en"). */

/** Codes that providers use in place of the shortest standard code. */
const PROVIDERS_OWN: Readonly<Record<string, string>> = { fil: 'tl' };

/**
 * Returns the code of two letters of a language if there is one, else the given code; null for a text that is no code.
 * A language and its macrolanguage (Mandarin and Chinese) have the same code.
 */
export function iso6391(language: string): string | null {
  try {
    const { language: shortest } = new Intl.Locale(language);
    return PROVIDERS_OWN[shortest] ?? shortest;
  } catch {
    return null;
  }
}

/**
 * Returns a function that tells whether a language is in a configured list, separated by commas. Without a list, every
 * code is.
 */
export function among(list: string | null | undefined): (language: string) => boolean {
  const listed = (list ?? '').split(',').flatMap((entry) => iso6391(entry.trim()) ?? []);
  if (listed.length === 0) return (language) => iso6391(language) !== null;
  const known = new Set(listed);
  return (language) => {
    const code = iso6391(language);
    return code !== null && known.has(code);
  };
}
