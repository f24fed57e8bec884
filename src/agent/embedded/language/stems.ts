import { stemmer } from 'stemmer';

/** Words whose stem would be that of another word: "one" would be "on", "evening" "even". */
const WHOLE = new Set(['one', 'ones', 'evening', 'evenings', 'news', 'does', 'this', 'was', 'us']);

/** The stem of a word in lower case. */
export function stemOf(word: string): string {
  return WHOLE.has(word) ? word.replace(/s$/, '') : stemmer(word);
}
