/** The widget's own words in the language of the page. What the agent says is in whatever language it speaks. */
import { LANGUAGES, PHRASES } from './phrases.ts';

export type Words = Readonly<Record<keyof typeof PHRASES, string>>;

const RIGHT_TO_LEFT = ['ar'];

export interface Language {
  /** What the words are in, which is not what was asked for when there are none in that. */
  tag: string;
  direction: 'ltr' | 'rtl';
  words: Words;
}

/** The language of a BCP 47 tag (`de-AT` is German), or English. */
export function languageOf(tag: string): Language {
  const base = tag.toLowerCase().split('-')[0] ?? '';
  const index = Math.max(
    0,
    LANGUAGES.findIndex((language) => language === base),
  );
  const known = LANGUAGES[index] ?? 'en';
  const words = Object.entries(PHRASES).map(([name, phrase]) => [name, phrase[index]]);
  return {
    tag: known,
    direction: RIGHT_TO_LEFT.includes(known) ? 'rtl' : 'ltr',
    words: Object.fromEntries(words) as Words,
  };
}

/** A sentence with its `{names}` replaced. */
export function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
