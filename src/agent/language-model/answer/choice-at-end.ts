/** A choice as JSON at the end of a line of the message: "Open at nine. {"action": 1}". Pure. */

/** The longest JSON of a choice that is looked for, in UTF-16 units. */
const MAX_LENGTH = 60;
const WHOLE = /^\{\s?["'“]?(?:action|exit)["'”]?\s?[:=]\s?["'“]?\d{1,4}["'”]?\s?\}[\s`*.]{0,4}$/i;
const BEGUN =
  /^\{\s?["'“]?([a-z]{0,6})(["'”]?\s?(?:[:=]\s?(?:["'“]?(?:\d{1,4}(?:["'”]?\s?(?:\}[\s`*.]{0,4})?)?)?)?)?)$/i;

function isBegun(text: string): boolean {
  const [, word, behind = ''] = BEGUN.exec(text) ?? [];
  if (word === undefined) return false;
  const lower = word.toLowerCase();
  return ['action', 'exit'].some((kind) => (behind === '' ? kind.startsWith(lower) : kind === lower));
}

/**
 * Returns the place at which a choice begins that ends a line, or -1 for none. Of an unfinished line, the place at which
 * such a choice may begin.
 */
export function choiceAtEnd(line: string, isWhole: boolean): number {
  const start = line.lastIndexOf('{');
  if (start === -1 || line.length - start > MAX_LENGTH) return -1;
  const text = line.slice(start);
  return (isWhole ? WHOLE.test(text) : isBegun(text)) ? start : -1;
}
