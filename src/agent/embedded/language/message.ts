/** A message as it is understood: its acts, what it states and what it asks. English. */
import { withoutRuledOut } from './ruled-out.ts';
import { isForeignGreeting } from './greetings.ts';
import { wholeClauseActs } from './whole-clauses.ts';
import { actsIn, asks, asksForTime, asksToRepeat, explicitOf, HESITATION, type Act } from './acts.ts';
import { sentencesOf, type Clause, type Sentence } from './clauses.ts';
import { isAuxiliary, isSubject } from './grammar.ts';

/** A message as it is understood. */
export interface Message {
  text: string;
  acts: ReadonlySet<Act>;
  /** An explicit yes (+1) or no (-1), as a word or a phrase that stands for one; 0 without. The last one counts. */
  explicit: -1 | 0 | 1;
  /** True if the yes is only a word that can also confirm that something was heard: "okay. All dark." */
  acknowledges: boolean;
  /** True if the message says nothing besides its acts. */
  bare: boolean;
  /** The clauses that state something. */
  statements: readonly Clause[];
  /** The sentences that ask or that say what the user does not know. */
  questions: readonly Sentence[];
  /** The text of the sentences that do not ask. */
  stated: string;
}

/** Returns true if a clause consists of interjections, so states nothing: "oh", "ok thanks", "hello there". */
function isEmptyClause({ words, stems, negated }: Clause): boolean {
  if (COURTESY.test(words.join(' '))) return true;
  if (stems.length === 0 && PARENTHETICAL.test(words.join(' '))) return true;
  if (negated) return false;
  if (TIME_OF_DAY.test(words.join(' '))) return true;
  const plain = words.filter(
    (word) =>
      !isForeignGreeting(word) &&
      !/^(?:thanks?|thx|ty|cheers|bye|goodbye|hello|hi|hey|sorry|please|there|yes|no)$/.test(word),
  );
  return plain.length === 0 || (stems.length === 0 && !plain.some(isSubject) && !plain.some(isAuxiliary));
}

/** A greeting by the time of the day. */
const TIME_OF_DAY =
  /^(?:hello |hi )?(?:a )?(?:very )?good (?:morning|day|afternoon|evening|night)(?: to you| there| all)?$/;

/** Clauses of thanks and of praise for the agent: "thanks for asking", "that is very kind of you". */
const COURTESY =
  /^(?:(?:oh|ok|okay|well|and|but|great|perfect) ){0,3}(?:(?:many )?(?:thanks|thank you|thx)(?: (?:so much|very much|a lot|a million|a bunch|again|mate|dear))*(?: for (?:asking|(?:your|the|all (?:of )?(?:your|the)) (?:patience|help|time|kindness|support|understanding|info|information|call|reply|answer)|(?:being|calling|waiting|helping|trying|checking|explaining|letting|telling)(?: \w+){0,4}|everything|that|this|nothing))?(?: (?:so far|today|already|until now))?|cheers(?: (?:mate|dear|buddy|pal))?|(?:much|really|very much) appreciated|(?:that|this|it) is (?:so |very |really |most )?(?:kind|nice|sweet|good|lovely|thoughtful)(?: of you)|you are (?:so |very |really |too |most )?(?:kind|helpful|nice|sweet|welcome|great|amazing|the best|a star|an angel)|i (?:really |do )?appreciate (?:it|that|this|your help))$/;

/** Words of the speaker beside a statement: "I think", "I'm afraid", "as far as I can see". */
const PARENTHETICAL =
  /^(?:(?:and|but|or|so|well) )?(?:(?:at least )?(?:as|so) far as i (?:can )?(?:know|see|tell|remember)|(?:i|we) (?:am |was |do |would |must |have to |can )?(?:afraid|think|guess|believe|suppose|hope|fear|say|mean|see|swear|promise|bet|reckon|assume|imagine|admit|tell you))$/;

/**
 * Returns the yes (+1) or no (-1) of a first clause that leaves the matter out: "It does", "I haven't yet"; 0 without
 * one.
 */
function ellipsisOf([first]: readonly Clause[]): -1 | 0 | 1 {
  if (first === undefined || !ELLIPSIS.test(first.words.join(' '))) return 0;
  return first.negated ? -1 : 1;
}

const ELLIPSIS =
  /^(?:(?:no|yes|yeah|well|oh|so|actually|then) ){0,2}(?:it|they|i|we|he|she|there|that|this|you) (?:am|is|are|was|were|do|does|did|has|have|had|can|could|will|would)(?: not| never)?(?: be| do| have)?(?: there| so| that| this| one| it| any)?(?: yet| already| now| either| really| then)*$/;

/** The comma before a question inside a sentence: "I am allergic to nuts, is that a problem?" */
const QUESTION_AT_END =
  /,\s+(?=(?:(?:and|but|so)\s+)?(?:who|what|when|which|where|why|how|can|could|do|does|did|is|are|will|would|should|shall)\b[^,.;!?\n]{2,200}\?)/gi;

/** Words that always mean yes. "Ok" can also confirm only that something was heard. */
const CLEAR_YES =
  /\b(?:yes|yeah|yep|sure|of course|correct|definitely|absolutely|(?:guess|suppose) so|exactly|indeed|go ahead|please do(?! not))\b/i;

const PRAISE =
  /^(?:(?:very|so|that is|oh|how|just|all) )?(?:good|great|lovely|perfect|right|nice|wonderful|cool|fine|excellent|brilliant|super|awesome)(?: to (?:know|hear))?$/;

/** Returns the clauses without those that only praise, if others are left: "Good. We have a puppy". */
function withoutPraise(clauses: Clause[]): Clause[] {
  const others = clauses.filter(({ words }) => !PRAISE.test(words.join(' ')));
  return others.length > 0 ? others : clauses;
}

/** Messages that were understood last. A turn reads the messages before it several times. */
const understood = new Map<string, Message>();
/** Messages that are kept: those of a conversation that an agent reads, and a few more. Each has up to 4,000 characters. */
const MAX_UNDERSTOOD = 48;

/** Understands a message. */
export function understandMessage(text: string): Message {
  const known = understood.get(text);
  if (known !== undefined) return known;
  const [oldest] = understood.size >= MAX_UNDERSTOOD ? understood.keys() : [];
  if (oldest !== undefined) understood.delete(oldest);
  const message = readMessage(text);
  understood.set(text, message);
  return message;
}

/** Reads a message that is not kept. */
export function readMessage(text: string): Message {
  const sentences = sentencesOf(withoutRuledOut(text).replaceAll(QUESTION_AT_END, '.\n'));
  const questions = sentences.filter((sentence) => asks(sentence.text));
  const others = sentences.filter((sentence) => !questions.includes(sentence));
  const waits = asksForTime(text);
  const hesitating = others.filter(
    (sentence) => waits || HESITATION.test(sentence.text) || hesitates(sentence),
  );
  const statements = withoutPraise(
    others
      .filter((sentence) => !hesitating.includes(sentence))
      .flatMap(({ clauses }) => clauses)
      .filter((clause) => !HESITATION.test(clause.words.join(' ')) && !isEmptyClause(clause)),
  );
  const stated = others.map((sentence) => sentence.text).join(' ');
  const acts = new Set(actsIn(stated));
  // A question can ask for a person, or for the last words again.
  if (questions.length > 0 && wholeClauseActs(text).includes('human')) acts.add('human');
  if (questions.length > 0 && asksToRepeat(text)) acts.add('repeat');
  if (hesitating.length > 0 || (statements.length === 0 && acts.has('unknown'))) acts.add('hesitation');
  const ellipsis = ellipsisOf(statements);
  const explicit =
    ellipsis ||
    explicitOf(
      others
        .filter((sentence) => !HESITATION.test(sentence.text))
        .map((sentence) => sentence.text)
        .join(' '),
    );
  return {
    text,
    acts,
    explicit:
      explicit === 1 && questions.length > 0 && ellipsis === 0 && !CLEAR_YES.test(text) ? 0 : explicit,
    acknowledges: ellipsis === 0 && explicit === 1 && !CLEAR_YES.test(text),
    bare: statements.every(({ stems }) => stems.length === 0),
    statements,
    questions,
    stated: others.map((sentence) => sentence.text).join('\n'),
  };
}

/** Returns true if a sentence ends in a hesitation: the words before it are not the answer yet. */
function hesitates({ clauses }: Sentence): boolean {
  const last = clauses.at(-1);
  return last !== undefined && clauses.length > 1 && HESITATION.test(last.words.join(' '));
}
