/** Reasoning that stands in an answer without a tag: known by how models begin it. Pure. */

/** Fillers in front of the words that tell. */
const FILLERS = ['okay', 'ok', 'alright', 'hmm', 'so', 'well', 'first', 'wait'];
/** The begin of reasoning: about the user and the task, and not to the user. */
const OPENERS = [
  'the user ',
  'the customer ',
  'the conversation ',
  'i need to ',
  'i should ',
  'i have to ',
  'we need to ',
  'we should ',
  'we are ',
  'we have ',
  'let me think',
  'let me see',
  "let's think",
  "let's see",
  'looking at ',
  'analysis',
  '用户',
];
const filler = new RegExp(`^(?:${FILLERS.join('|')})[,.!\\s…]+`, 'i');

/** Tells whether a text begins like reasoning; 'more' when it is still too short to tell. */
export function mayThink(text: string, ended: boolean): boolean | 'more' {
  const lower = text.slice(0, 80).toLowerCase().replaceAll('’', "'");
  if (!ended && FILLERS.some((word) => word.startsWith(lower))) return 'more';
  const plain = lower.replace(filler, '').replace(filler, '');
  if (OPENERS.some((opener) => plain.startsWith(opener))) return true;
  return !ended && OPENERS.some((opener) => opener.startsWith(plain)) ? 'more' : false;
}

/** The begin of what stands in front of a choice: an announcement of the form, or reasoning under a name. */
const ANNOUNCEMENTS = [
  ...['thinking', 'thinks:', 'thought:', 'thoughts:', 'reasoning:', 'analysis:', 'reason:'],
  ...[
    'here is the json',
    "here's the json",
    'here is my response',
    "here's my response",
    'here is my answer',
  ],
  ...[
    "here's my answer",
    'here is the choice',
    "here's the choice",
    'choice',
    'action',
    '{',
    '?xml',
    'details',
    'unused',
  ],
];
const MARKS = /^[\s*_#>([<|/`-]+/;

/** Tells whether a text may begin with an announcement of a choice; 'more' when it is still too short to tell. */
export function mayAnnounce(text: string, ended: boolean): boolean | 'more' {
  const plain = text.slice(0, 80).toLowerCase().replaceAll('’', "'").replace(MARKS, '');
  // A message may begin with signs, and must not wait for its end.
  const isMarked = MARKS.test(text);
  if (plain === '') return ended || !isMarked ? false : 'more';
  const names = ANNOUNCEMENTS.filter(
    (name) => isMarked || !/^(?:choice|action|[{?]|details|unused)/.test(name),
  );
  if (names.some((name) => plain.startsWith(name))) return true;
  return !ended && names.some((name) => name.startsWith(plain)) ? 'more' : false;
}

const ABOUT_THE_CHOICE =
  /\b(?:actions?|exits?|options?|choice|choose|choosing|select(?:ed|ing)?|the user|i should|i need to|we need to|we should|let me|let's)\b|用户|选择|动作/i;

/** Tells whether a text in front of a choice is about choosing, so that it is no message. */
export function isDeliberation(text: string): boolean {
  return /[:：]\s*$/.test(text) || mayThink(text.trimStart(), true) === true || ABOUT_THE_CHOICE.test(text);
}
