/** The small words of English grammar: negation, contractions, subjects. */

const NEGATORS = new Set(
  (
    'not|no|never|impossible|none|nothing|nobody|nowhere|neither|nor|without|hardly|barely|scarcely|cannot|unable|fails|failed|fail|refuses|refused|' +
    'lacks|lacking|zero|nil|nope|nah|forgot|forget|forgets|neglected|gone|vanished|disappeared|disappears'
  ).split('|'),
);

export function isNegator(word: string): boolean {
  return NEGATORS.has(word);
}

const SUBJECTS = new Set(
  'i|it|they|we|he|she|you|there|that|this|these|those|nothing|nobody|none|everything'.split('|'),
);

export function isSubject(word: string): boolean {
  return SUBJECTS.has(word);
}

/** Words besides subjects that begin a clause behind "and": "and the red one is lit", "and now it runs". */
export const STARTERS: ReadonlySet<string> = new Set(
  'the my our a an no not now then yes is are was were do does did have has had can could will would'.split(
    ' ',
  ),
);

/** Words that point at what was asked about. */
const POINTERS = new Set('it they that this these those there everything both'.split(' '));

export function isPointer(word: string): boolean {
  return POINTERS.has(word);
}

const NOT_KNOWN =
  /\b(?:not|never) (?:\w+ )?(?:know|understand|remember|recall|get (?:it|that|this)|say|tell|sure|certain)\b|^(?:\w+ ){0,2}(?:forgot|forget)\b/;

/** Returns true if the user does not know, which denies nothing of what was asked. */
export function deniesKnowledge(words: readonly string[]): boolean {
  return NOT_KNOWN.test(words.join(' '));
}

const AUXILIARIES = new Set(
  'am is are was were be been do does did have has had can could will would should may might must'.split(' '),
);

export function isAuxiliary(word: string): boolean {
  return AUXILIARIES.has(word);
}

/** Contractions written without an apostrophe: "isnt", "dont". "Cant" is "can", "not". */
const BARE_NEGATION = /^(is|are|was|were|do|does|did|has|have|had|would|could|should|ca|wo|ai|must|need)nt$/;
/** Contractions that are written without an apostrophe, and short forms of typed messages. "Its" and "were" are words of their own. */
const BARE_CONTRACTIONS: Readonly<Record<string, readonly string[]>> = {
  im: ['i', 'am'],
  ive: ['i', 'have'],
  thats: ['that', 'is'],
  theres: ['there', 'is'],
  whats: ['what', 'is'],
  youre: ['you', 'are'],
  theyre: ['they', 'are'],
  u: ['you'],
  ur: ['your'],
  pls: ['please'],
  plz: ['please'],
  tmrw: ['tomorrow'],
  gonna: ['going', 'to'],
  wanna: ['want', 'to'],
  gimme: ['give', 'me'],
  lemme: ['let', 'me'],
};
const NEGATION = /^(\p{L}+)n't$/u;
const ENDING = /^([\p{L}\p{N}]+)'(s|m|re|ve|d|ll|t)$/u;
const WHOLE: Readonly<Record<string, string>> = { ca: 'can', wo: 'will', ai: 'is', sha: 'shall' };
const ENDINGS: Readonly<Record<string, string>> = {
  s: 's',
  m: 'am',
  re: 'are',
  ve: 'have',
  d: 'would',
  ll: 'will',
  t: 't',
};

/**
 * Splits a contraction into its words: "isn't" is "is" and "not", "cannot" is "can" and "not", "they're" is "they" and
 * "are".
 */
export function splitWord(word: string): string[] {
  if (word === 'cannot') return ['can', 'not'];
  if (word === 'neither') return ['both', 'not'];
  if (word === 'dunno') return ['do', 'not', 'know'];
  const bare = BARE_CONTRACTIONS[word];
  if (bare !== undefined) return [...bare];
  const negated = NEGATION.exec(word) ?? BARE_NEGATION.exec(word);
  if (negated !== null) {
    const [, verb = ''] = negated;
    return [WHOLE[verb] ?? verb, 'not'];
  }
  const ended = ENDING.exec(word);
  if (ended === null) return [word];
  const [, stem = '', ending = ''] = ended;
  const full = ENDINGS[ending] ?? ending;
  return full === 's' && isSubject(stem) ? [stem, 'is'] : full === 's' ? [stem, 's'] : [stem, full];
}
