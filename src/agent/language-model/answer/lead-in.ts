/** Text between the choice and the message: reasons and comments. Pure. */
import { isReason, MAX_CONTROL_LENGTH, mayBeReason } from './control-line.ts';
import { choiceSpelled, type Options } from './options.ts';

/** The label of a line that gives the reason of a choice. */
const REASON =
  /^[([]?[*_]{0,2}(?:reason|reasoning|rationale|explanation|justification|thoughts?|thinking|analysis)[*_]{0,2}\s?[:：]/i;
const REASON_WORDS =
  'reason reasoning rationale explanation justification thought thoughts thinking analysis'.split(' ');
/** Words of a reason that is about the user and the choice, and so not said to the user. */
const ABOUT =
  /\b(?:the user|user|customer|they (?:ask|asked|want|need|said|named|would)|action|exit|choice|option)\b/i;

/** Tells whether a line gives the reason of a choice, under a label. */
export function isReasonLine(line: string): boolean {
  return line.length <= MAX_CONTROL_LENGTH && REASON.test(line.trim()) && ABOUT.test(line);
}

/** Tells whether an unfinished line may turn out to give the reason of a choice. */
export function mayBeReasonLine(line: string): boolean {
  if (line.length > MAX_CONTROL_LENGTH) return false;
  if (REASON.test(line)) return true;
  const plain = line
    .replace(/^[([]?[*_]{0,2}/, '')
    .replace(/[*_]{0,2}\s?$/, '')
    .toLowerCase();
  return REASON_WORDS.some((word) => word.startsWith(plain));
}

/** Signs that close a choice on its line. */
const CLOSING = /^(?:-->|\*\/|<\/[a-z]{1,8}[1-6]?>|[*_~=|$%"'”’»)\]}】」』）.,;!>])+/;
/** The begin of what closes a choice, where the text ends so far. */
const OPEN_CLOSING = /^(?:--?|\*|<\/?[a-z]{0,8}[1-6]?)$/;
/** Signs between a choice and a message on one line. */
const SEPARATOR = /^[^\S\n]*(?:[|:：–—-]|[=-]>|→)[^\S\n]+/;
const SPELLED_BREAK = /^\s{0,8}(?:\\n)+|^[^\S\n]*<br ?\/?>/i;
const COMMENT = /^[^\S\n]*(?:\/\/|#(?!#)|<!--)[^\n]{0,200}$/;
const EMOJI = /^[\s\p{So}\p{Sk}\uFE0F\u200D]+$/u;

/** Tells whether the rest of a line behind a choice is no message: a reason, a comment, the option, or an emoji. */
function isRemark(line: string, options: Options): boolean {
  if (line.trim() === '' || line.length > MAX_CONTROL_LENGTH) return false;
  return isReason(line) || COMMENT.test(line) || EMOJI.test(line) || choiceSpelled(line, options) !== null;
}

/** Tells whether an unfinished rest of a line may turn out to be a remark. */
function mayBeRemark(line: string, { actions, exits }: Options): boolean {
  if (line.length > MAX_CONTROL_LENGTH) return false;
  if (
    mayBeReason(line) ||
    COMMENT.test(line) ||
    EMOJI.test(line) ||
    /^[^\S\n]*[</]$|^[^\S\n]*<[!br -]*\/?$/.test(line)
  )
    return true;
  const plain = line.replace(/^[\s:|–—-]+/, '').toLowerCase();
  return [...actions, ...exits].some(
    (option) => option.length >= 8 && option.toLowerCase().startsWith(plain),
  );
}

/**
 * Returns a text without what closes the choice on its line, and without a remark behind it. Null while that may go on.
 */
export function behindChoice(text: string, ended: boolean, options: Options): string | null {
  const [closing = ''] = CLOSING.exec(text) ?? [];
  if (closing.length === text.length && !ended) return null;
  if (!ended && OPEN_CLOSING.test(text.slice(closing.length))) return null;
  if (!ended && /^\s{0,8}\\?$/.test(text.slice(closing.length))) return null;
  const isClosed = /^(?:\s|$)/.test(text.slice(closing.length));
  const held = isClosed ? text.slice(closing.length) : text;
  const end = held.indexOf('\n');
  const line = end === -1 ? held : held.slice(0, end);
  const isWhole = end !== -1 || ended;
  if (!isWhole && (mayBeRemark(line, options) || /^[^\S\n]*(?:[|:：–—=>→-]{1,2}|\\)[^\S\n]*$/.test(line)))
    return null;
  if (isRemark(line, options)) return held.slice(line.length);
  const separator = SPELLED_BREAK.exec(held) ?? SEPARATOR.exec(held);
  return separator === null ? held : held.slice(separator[0].length);
}
