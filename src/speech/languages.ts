/** Languages as providers name them. Ours are codes of ISO 639-3 ("eng"), theirs of ISO 639-1 ("en"). */

/** Where the shortest code that is known everywhere is not the one that speech providers use. */
const PROVIDERS_OWN: Readonly<Record<string, string>> = { fil: 'tl' };

/**
 * The code of two letters where the language has one, and else the given code; `null` for what is no code. A language
 * and the macrolanguage it is usually meant by (Mandarin and Chinese) have the same.
 */
export function iso6391(language: string): string | null {
  try {
    const { language: shortest } = new Intl.Locale(language);
    return PROVIDERS_OWN[shortest] ?? shortest;
  } catch {
    return null;
  }
}

/** Whether a language is in a configured list, separated by commas; everything is when there is none. */
export function among(list: string | null | undefined): (language: string) => boolean {
  const listed = (list ?? '').split(',').flatMap((entry) => iso6391(entry.trim()) ?? []);
  if (listed.length === 0) return (language) => iso6391(language) !== null;
  const known = new Set(listed);
  return (language) => {
    const code = iso6391(language);
    return code !== null && known.has(code);
  };
}
