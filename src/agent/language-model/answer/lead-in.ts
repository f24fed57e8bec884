/** Text between the choice and the message: labels, reasons, comments. Pure. */
import { isReason, MAX_CONTROL_LENGTH, mayBeReason } from './control-line.ts';
import { choiceSpelled, type Options } from './options.ts';

/** Words for a message, in the languages that models fall into. */
const MESSAGE_WORDS =
  'message|reply|response|text|say|answer|line 2|second line|mensaje|respuesta|nachricht|antwort|réponse|mensagem|resposta|messaggio|risposta|сообщение|ответ|消息|回复|回答|答复|メッセージ|返信|메시지|답변|رسالة|الرسالة';
const TO_WHOM = '(?: (?:to|for) (?:(?:the )?(?:user|customer|client|guest|patient)|\\p{Lu}\\p{L}{1,20}))?';

const LABELS: readonly RegExp[] = [
  new RegExp(
    `^(?:[-*•] |\\d\\. |#{1,6} ?)?\\*{0,2}(?:(?:[Tt]he|[Mm]y|[Yy]our|[Ff]inal) )?(?:${anyCase(MESSAGE_WORDS)})${TO_WHOM}\\*{0,2}\\s?[:：=]\\*{0,2}(?:\\s*[|>][+-]?(?=\\n))?\\s*`,
    'u',
  ),
  /^(?:#{1,6} |\*\*)(?:message|reply|response|answer)(?:\*\*)?(?=\n)\s*/i,
  /^(?:-{3,}|\*{3,}|={3,}|_{3,}|\* \* \*)(?=\s|$)\s*/,
  /^(?:here(?:'s| is| are)|below is|this is) (?:the|my|your) (?:message|reply|response|answer)(?: (?:to|for) the user)?\s?[:：][^\S\n]*\n\s*/i,
  /^[([](?:message|reply|response)[)\]]\s+/i,
  /^["'“]?(?:message|text|reply|response|content)["'”]\s?[:=]\s*/i,
];

/** Returns a pattern that matches its words in lower case, with a capital at their begin, and in capitals. */
function anyCase(words: string): string {
  return words
    .split('|')
    .flatMap((word) => [word, word.charAt(0).toUpperCase() + word.slice(1), word.toUpperCase()])
    .join('|');
}

/** Returns a text without a label in front of it. */
export function withoutLabel(text: string): string {
  for (const label of LABELS) {
    const [found = ''] = label.exec(text) ?? [];
    if (found !== '') return text.slice(found.length);
  }
  return text;
}

/** Labels as they are waited for while they come, without their signs. */
const AWAITED = [
  ...MESSAGE_WORDS.split('|').flatMap((word) => [
    word,
    `the ${word}`,
    `my ${word}`,
    `your ${word}`,
    `final ${word}`,
  ]),
  ...[
    'here is the',
    "here's the",
    'here is my',
    "here's my",
    'here are the',
    'below is the',
    'below is my',
    'this is the',
    'this is my',
  ],
  ...['---', '===', '___'],
];
/** The longest label that is waited for, in UTF-16 units. */
const MAX_LABEL_LENGTH = 60;

/** Tells whether an unfinished line may turn out to be a label, or to begin with one. */
export function mayBeLabel(line: string): boolean {
  if (line.length > MAX_LABEL_LENGTH) return false;
  const bare = line.replace(/^\s*(?:[-•]|\d(?:\.(?:\s|$)|\s?$))\s*/, '');
  const plain = bare
    .replaceAll(/[*#"'“”([)\]]/g, '')
    .trim()
    .toLowerCase();
  if (plain === '') return line.trim().length < 10;
  return AWAITED.some((label) => {
    if (label.startsWith(plain)) return true;
    if (!plain.startsWith(label)) return false;
    // "message to the user", "here is my reply for the user", and the signs of a block of YAML.
    return (
      /^[\s:：=|>+-]*$|^(?: (?:to|for)?(?: \p{L}*){0,2}| \p{L}*(?: (?:to|for)?(?: \p{L}*){0,2})?)?[\s:：=|>+-]*$/u.test(
        plain.slice(label.length),
      ) && !/[:：=]\s*\S/u.test(plain.slice(label.length).replace(/[|>+-]{1,3}$/, ''))
    );
  });
}

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
const CLOSING = /^[*_"'”)\]}】」』）.,;!>]+/;
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
