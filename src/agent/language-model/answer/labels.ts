/**
 * Labels in front of a message: "Message: Open at nine." A label is text of the message where the subject asks for it: where
 * words to be said in quotation marks begin with it, or the user said it. "Text:" and "Answer:" begin messages of their own,
 * as in "Text: STOP to 12345": they are labels only where the answer has a label for its choice too, or where more than the
 * word tells it, as in "My answer: …" and on a line of their own. Pure.
 */

/** Words for a message, in the languages that models fall into. */
const MESSAGE_WORDS =
  'message|reply|response|line 2|second line|mensaje|respuesta|nachricht|antwort|réponse|mensagem|resposta|messaggio|risposta|meddelande|viesti|zpráva|üzenet|mesaj|сообщение|ответ|повідомлення|μήνυμα|הודעה|संदेश|tin nhắn|消息|回复|回答|答复|メッセージ|返信|메시지|답변|رسالة|الرسالة';
/** Words for a message that are often words of one. */
const DOUBTFUL_WORDS = 'text|say|answer|bericht|besked|pesan';
const TO_WHOM = '(?: (?:to|for) (?:(?:the )?(?:user|customer|client|guest|patient)|\\p{Lu}\\p{L}{1,20}))?';

/** Facts about an answer that tell whether a word is a label of its message. */
export interface LabelRules {
  /** The actions in the words of the graph. */
  actions: readonly string[];
  /** The messages of the user in this turn. */
  heard?: readonly string[];
  /** True where the choice has a label of its own: "Action: 1". */
  isLabelled: boolean;
}

const LABEL = new RegExp(
  `^(?:[-*•] |\\d\\. |#{1,6} ?)?\\*{0,2}(?<of>(?:[Tt]he|[Mm]y|[Yy]our|[Ff]inal) )?(?<word>${anyCase(`${MESSAGE_WORDS}|${DOUBTFUL_WORDS}`)})(?<to>${TO_WHOM})\\*{0,2}\\s?[:：=]\\*{0,2}(?:\\s*[|>][+-]?(?=\\n))?(?<space>\\s*)`,
  'u',
);
const OTHER_LABELS: readonly RegExp[] = [
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

const DOUBTFUL: ReadonlySet<string> = new Set(DOUBTFUL_WORDS.split('|'));
const OPENING_QUOTES = ['"', '“', '«', '„', "'"];

/** Tells whether the subject asks for a word with a colon: the user said it, or words to be said begin with it. */
export function isOfSubject(word: string, { actions, heard = [] }: Omit<LabelRules, 'isLabelled'>): boolean {
  const begin = `${word.toLowerCase()}:`;
  return (
    heard.some((text) => text.toLowerCase().includes(begin)) ||
    actions.some((action) => {
      const lower = action.toLowerCase();
      return OPENING_QUOTES.some((quote) => lower.includes(quote + begin));
    })
  );
}

/** Returns a text without a label in front of it. */
export function withoutLabel(text: string, rules: LabelRules): string {
  const found = LABEL.exec(text);
  if (found !== null) {
    const { of = '', word = '', to = '', space = '' } = found.groups ?? {};
    const isSure = rules.isLabelled || of !== '' || to !== '' || space.includes('\n');
    const isText = isOfSubject(word, rules) || (DOUBTFUL.has(word.toLowerCase()) && !isSure);
    return isText ? text : text.slice(found[0].length);
  }
  for (const label of OTHER_LABELS) {
    const [other = ''] = label.exec(text) ?? [];
    if (other !== '') return text.slice(other.length);
  }
  return text;
}

/** Labels as they are waited for while they come, without their signs. */
const AWAITED = [
  ...[...MESSAGE_WORDS.split('|'), ...DOUBTFUL].flatMap((word) => [
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
