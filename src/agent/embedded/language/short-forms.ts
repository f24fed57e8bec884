/** Short forms of typed messages, and their words in full: "thx", "tmrw", "idk". English. */

/** Short forms that are no other word, in any case. */
const FORMS: Readonly<Record<string, string>> = {
  thx: 'thanks',
  tnx: 'thanks',
  tks: 'thanks',
  thnx: 'thanks',
  thanx: 'thanks',
  pls: 'please',
  plz: 'please',
  plss: 'please',
  gonna: 'going to',
  wanna: 'want to',
  gotta: 'have to',
  gimme: 'give me',
  lemme: 'let me',
  kinda: 'kind of',
  sorta: 'sort of',
  dunno: 'do not know',
  idk: 'I do not know',
  idc: 'I do not care',
  nvm: 'never mind',
  tmrw: 'tomorrow',
  tmr: 'tomorrow',
  tmw: 'tomorrow',
  tmoro: 'tomorrow',
  tomoz: 'tomorrow',
  '2moro': 'tomorrow',
  '2morrow': 'tomorrow',
  '2day': 'today',
  '2nite': 'tonight',
  tonite: 'tonight',
  b4: 'before',
  gr8: 'great',
  l8r: 'later',
  w8: 'wait',
  m8: 'mate',
  cuz: 'because',
  bcos: 'because',
  bcuz: 'because',
  abt: 'about',
  appt: 'appointment',
  msg: 'message',
  ppl: 'people',
  sry: 'sorry',
  soz: 'sorry',
  prolly: 'probably',
  mayb: 'maybe',
  ofc: 'of course',
  asap: 'as soon as possible',
  brb: 'I will be right back',
  gtg: 'I have to go',
  g2g: 'I have to go',
  ttyl: 'talk to you later',
  lmk: 'let me know',
  wdym: 'what do you mean',
  hru: 'how are you',
  wat: 'what',
  wut: 'what',
  yh: 'yeah',
  thru: 'through',
};
/** Short forms of few letters, which are such in small letters only. In capital letters they are names or codes. */
const IN_SMALL_LETTERS: Readonly<Record<string, string>> = {
  u: 'you',
  ur: 'your',
  np: 'no problem',
  rn: 'right now',
  bc: 'because',
};

const WORD = /(?<![\p{L}\p{N}'’@./_-])[\p{L}\p{N}]{1,8}(?![\p{L}\p{N}'’@_-]|[./]\p{L})/gu;
/** "R" before a person: "r u open". */
const ARE = /(?<![\p{L}\p{N}'’])r(?= (?:u|you|we|they)\b)/gu;
/** Short forms for what the speaker thinks of their own words, which add nothing: "tbh", "imo". */
const ASIDES = /(?<![\p{L}\p{N}'’])(?:imh?o|tbh|btw|afaik|ngl|fyi|iirc)(?![\p{L}\p{N}'’@.]),?\s?/giu;
/** A message that is only the letter for "okay". */
const OKAY = /^\s*(?:o?k+|kk)[\s.!]*$/i;

/** Returns a text with its short forms in full. */
export function inFull(text: string): string {
  if (OKAY.test(text)) return 'ok';
  return text
    .replaceAll(ASIDES, '')
    .replaceAll(ARE, 'are')
    .replaceAll(WORD, (word) =>
      Object.hasOwn(IN_SMALL_LETTERS, word)
        ? (IN_SMALL_LETTERS[word] ?? word)
        : Object.hasOwn(FORMS, word.toLowerCase())
          ? (FORMS[word.toLowerCase()] ?? word)
          : word,
    );
}
