/** The widget's own words in the language of the page. What the agent says is in whatever language it speaks. */
import type { AmigoChatWords } from '../types/amigo-chat.d.ts';
import { LANGUAGES, PHRASES } from './phrases.ts';

/** The phrases of the widget in one language. */
export type Words = Readonly<AmigoChatWords>;

/** Scripts that are read from right to left, by the languages that use them. */
const RIGHT_TO_LEFT = /^(?:ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)$/;

/** The words of a language, its tag and its direction. */
export interface SpokenLanguage {
  /** The language of the words. It differs from the requested one when there are no words in that. */
  tag: string;
  direction: 'ltr' | 'rtl';
  words: Words;
}

/** The base language of a BCP 47 tag, when browsers know one of that name. */
function baseOf(tag: string): string {
  try {
    return new Intl.Locale(tag).language;
  } catch {
    return '';
  }
}

/**
 * The language of a BCP 47 tag (`de-AT` is German), or English. `replaced`: the site's own phrases. A site that
 * replaces most of them has translated the widget, and is believed that its words are in the language it asks for.
 */
export function languageOf(tag: string, replaced: Partial<Words> = {}): SpokenLanguage {
  const base = baseOf(tag);
  const index = LANGUAGES.findIndex((language) => language === base);
  const phrases = Object.entries(PHRASES);
  const isTranslated = base !== '' && Object.keys(replaced).length > phrases.length / 2;
  const known = index !== -1 || isTranslated ? base : 'en';
  const words = phrases.map(([name, phrase]) => [name, phrase[Math.max(0, index)]]);
  return {
    tag: known,
    direction: RIGHT_TO_LEFT.test(known) ? 'rtl' : 'ltr',
    words: { ...(Object.fromEntries(words) as Words), ...replaced },
  };
}

/**
 * Returns the members of `words` that are phrases of the widget. The rest is named on the console, for the site's
 * developers.
 */
export function knownWords(words: object): Partial<Words> {
  const entries = Object.entries(words).filter(([name, phrase]) => {
    const isKnown = Object.hasOwn(PHRASES, name) && typeof phrase === 'string';
    if (!isKnown && phrase !== undefined)
      console.error(`<amigo-chat> has no phrase "${name}", or it is no text.`);
    return isKnown;
  });
  return Object.fromEntries(entries);
}

/** A sentence with its `{names}` replaced. */
export function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    String(Object.hasOwn(values, name) ? values[name] : whole),
  );
}
