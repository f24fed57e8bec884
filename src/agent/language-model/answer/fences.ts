/** Code fences around a text. Pure. */

/** Returns a text without the fence around it: three backticks with the name of a language, and three at the end. */
export function unfenced(text: string): string {
  let bare = text.trim();
  if (bare.startsWith('```')) bare = bare.replace(/^`{3}\w{0,20}/, '').trimStart();
  if (bare.endsWith('```')) bare = bare.slice(0, -3).trimEnd();
  return bare;
}

/** Tells whether a message begins, or may begin, with a fence of no language. */
export function mayBeFenced(text: string): boolean {
  const [first = ''] = text.split('\n', 1);
  const isWhole = first.length < text.length;
  const language = first.replace(/^`{3}/, '').trim().toLowerCase();
  const languages = ['', 'text', 'plaintext', 'markdown', 'md'];
  if (!first.startsWith('```')) return !isWhole && '```'.startsWith(first) && first !== '';
  return languages.some((name) => (isWhole ? name === language : name.startsWith(language)));
}

/** Returns white space and backticks without the closing fence that they end in. */
export function withoutFence(tail: string): string {
  const text = tail.trimEnd();
  let ticks = 0;
  while (text.at(-1 - ticks) === '`') ticks += 1;
  return (ticks < 3 ? text : text.slice(0, text.length - ticks)).trimEnd();
}

/** The begin of a fence of no language, with its line end. */
const FENCE_HEAD = /^`{3}(?:text|plaintext|markdown|md)?[^\S\n]*\n/i;

/** Returns the message in a fence of no language, or null for a text that is not one. */
export function fencedMessage(text: string): string | null {
  const [head] = FENCE_HEAD.exec(text) ?? [];
  const whole = text.trimEnd();
  if (head === undefined || whole.length < head.length + 3 || !whole.endsWith('```')) return null;
  return whole.slice(head.length, -3).trimEnd();
}
