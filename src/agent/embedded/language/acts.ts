/**
 * Dialogue acts: what a message does, apart from its matter. English.
 */
import { trimEndOf } from '../../../text.ts';
import { isAuxiliary, isSubject } from './grammar.ts';
import { asksToTell } from './requests.ts';
import { wordsOf } from './clauses.ts';
import { greets } from './greetings.ts';
import { wholeClauseActs, type WholeClauseAct } from './whole-clauses.ts';

/** An act of a message, such as a greeting. */
export type Act = WholeClauseAct | 'greeting' | 'thanks' | 'hesitation' | 'correction' | 'repeat' | 'unknown';

const LEAD =
  '^(?:(?:oh|ah|um+|uh+|er+|h+m+|well|so|and|but|ok(?:ay)?|alright|great|thanks|thank you|please|sorry|fine|good|lovely|right|no|nope|yes)[\\s,.!…]+){0,6}';

const THANKS = /\b(?:thanks|thank you|thank u|thx|ty|cheers|much appreciated)\b/i;
const CORRECTION = new RegExp(
  '\\b(?:no,? wait|wait,|actually|i meant?|i said|(?:make|change) (?:that|it|them)|correction|rather(?! not)|instead|not .{1,40} but|' +
    "(?:that|this|it)(?: is|'s) (?:wrong|not (?:right|correct|what i))|sorry[,:])",
  'i',
);
/** A message, in words without punctuation, that asks the agent to repeat its last words. */
const REPEAT =
  /^(?:(?:sorry|pardon|excuse me|wait|oh|h+m+|um+) )?(?:sorry|pardon|what|excuse me|huh|come again|say (?:that|it) again|(?:can|could) you (?:please )?(?:repeat|say) (?:that|it)?.{0,20}|once more|again|repeat(?: that| it)?|what (?:was|is) (?:it|that)(?: again)?|what (?:did|do) you (?:say|mean)|what did you just say|i (?:do|did|can|could) not (?:quite |really )?(?:get|hear|understand|catch|follow)(?: (?:that|it|you|the question|what you (?:mean|want|said)))?)(?: please)?$/;
export const HESITATION = new RegExp(
  '^\\W*(?:(?:h+m+|um+|uh+|er+m*|well|oh|ok(?:ay)?|so|sorry|please|yes|no)[\\s,.!…]+){0,3}(?:h+m+|um+|uh+|er+m*|well|let me (?:think|see|check|look|find|go|try|get|crawl|have|ask|talk|discuss|sleep|consult|count|measure|read|grab|fetch|open|dig|ring|call|phone|verify)\\b.{0,60}|' +
    'let me (?!know|tell|have|explain|be|say)\\w+\\b.{0,60}\\bfirst|' +
    "(?:just )?(?:a|one) (?:moment|second|sec|minute)(?:,? please)?|(?:hold on|hang on|wait)(?: (?:a|one) (?:moment|second|sec|minute|bit))?(?:,? please)?|(?:hold on|hang on)(?: a (?:moment|second|sec|minute|bit))?[,.…! ]+(?:someone|somebody|something|there|the|my|our|i am|i'm|it is|it's)\\b[^\\d?]{0,60}|" +
    "(?:i(?: will|'ll) be|be) (?:right )?back(?: (?:soon|in a (?:moment|minute|second|sec|bit)))?|(?:(?:i(?:'m| am) )?(?:still )?|just |let me keep )thinking(?: about (?:it|that))?|" +
    "(?:i(?:'m| am) |this is |it is |it's |that's |that is )?(?:a bit |a little |so |very |totally |really |quite |completely |still )?(?:confused|confusing|torn|undecided)|" +
    "i (?:really |just |still )?(?:can'?t|can ?not|couldn'?t|could not) (?:really |quite )?(?:decide|choose|make up my mind|think of (?:one|it|any|anything))(?: (?:yet|now|right now|between .{1,30}))?|" +
    "(?:i )?(?:really |still |just )?(?:do not|don'?t|didn'?t|did not) (?:really |quite |fully )?(?:understand|follow)(?: (?:it|that|this|you|what you (?:mean|said|want|are asking|are saying)|(?:the|your|that|this) question))?|you(?: have|'ve)? lost me|" +
    "(?:that|this|it)(?: is|'s| was)? ?(?:a )?(?:really |very )?(?:tough|hard|difficult|tricky|good) (?:one|question|choice|decision)|" +
    'give me (?:a|one) (?:moment|second|sec|minute)|good question|hard to (?:say|tell)|it depends|' +
    "(?:i(?:'ll| will)|i(?:'d)? (?:need|have|want|better)(?: to)?) (?:first )?(?:check|look|think|ask|talk to|discuss|sleep on|find (?:it|out|that|the)|go (?:and )?(?:look|check|see)|see (?:if|whether|what|how))\\b.{0,60}|" +
    "(?:i(?:'m| am) )?not (?:really |quite |so |too |entirely )?(?:sure|certain)|no idea|no clue)\\W*$",
  'i',
);
/** Words for not knowing. With a question word behind them (`UNKNOWN_HOW`), the sentence is a question. */
const UNKNOWN =
  /\b(?:(?:do not|don'?t|dont) (?:really |quite )?(?:know|understand|get it|remember)|dunno|no (?:idea|clue)|(?:can'?t|cannot|could not|couldn'?t) (?:say|tell|remember)|not (?:really |quite |so |too )?(?:sure|certain))\b/i;
const UNKNOWN_HOW =
  /\b(?:(?:do not|don'?t|dont|didn'?t) (?:really )?(?:know|understand|see|get)|no (?:idea|clue)|not (?:really )?(?:sure|certain)|wonder(?:ing)?|tell me|explain|curious|need to know|like to know|want to know)\b.{0,30}?\b(?:how|where|what|which|when|why|who|whose)\b/i;

const YES = new RegExp(
  `${LEAD.replace('|no|nope|yes', '')}(?:yes+|yse|yeah|yea+|yah|ya|yep|yup|y|sure|ok(?:ay)?|right|correct|exactly|absolutely|definitely|certainly|of course|` +
    '(?:one (?:more|other)|another) thing|indeed|affirmative|totally|gladly|perfect|precisely|true|by all means|fine|great|good(?! (?:morning|evening|afternoon|day|night|bye))|lovely|please(?: do)?(?=[\\s.,!]*$)|👍|go ahead|why not|i (?:think|guess|believe|suppose) so|with pleasure)(?=[\\s,.!…]|$)',
  'iu',
);
const YES_INSIDE =
  /(?:\b(?:(?<!\b(?:say|says|said|saying|with|word|answer|answered|mean|meant) ["'“]?)(?:yes|yeah|yep)|go ahead|go for it|please do(?! not\b|n['’]?t\b)|i think so|i guess so|(?<!\bnot |n't |\b(?:you|we|they|he|she|i|people|to) )do (?:it|that)|(?:that|it|this|now it|everything|all)(?:'?s| is| would be| sounds| looks|) (?:exactly |all |now |perfectly )?(?:right(?! (?:against|behind|beside|next|in|on|at|above|below|under|over|there|here|by|up|down|before|after|where|through|outside|inside)\b)|correct|fine|great|good|perfect|ok|okay)|(?:sounds|looks) (?:good|great|fine|right|perfect)|that works|works for me|(?:be|am|'m) glad|all (?:correct|right|good|fine)|(?:fine|ok|okay|good|works|alright) (?:by|with|for) (?:me|us)|(?:i|we)(?:'ll| will) take (?:it|that)|spot on|(?:looks|seems) (?:alright|right|correct|ok|okay)|made up my mind|(?:can'?t|cannot) (?:argue|complain)|no objections?|(?:dead|quite|very|pretty|absolutely|totally|100 ?%) sure|i insist|^\W*you(?:'ve| have)? got (?:it|that)(?: right)?)\b)/i;
const NO = new RegExp(
  `${LEAD.replace('|no|nope|yes', '')}(?:no+|nope|nah|n|negative|(?:nothing|none|nobody|no[- ]one|(?:almost|nearly|practically) (?:none|nothing)|hardly any|never)(?=\\W*$|[,.;!]| (?:to|at all|whatsoever|yet|so far|that|of (?:them|it|that|those|these|the \\w+|my \\w+|our \\w+)\\W*$|in|there|here|really|thanks|thank)\\b)|do(?:n'?t| not)(?: do (?:it|that))?(?:,? please)?(?=\\W*$)|not (?:really|quite|yet|today|now|right now|at the moment|at all|that i .{1,20}|any more|necessary|exactly|so far|as far .{1,20}))(?=[\\s,.!;…]|$)`,
  'i',
);
const NO_INSIDE =
  /(?:\b(?:no thanks|no thank you|rather not|keep (?:that|it|this) (?:to myself|private)|no need|no chance|(?:that|this|it)(?:'?s| is) (?:wrong|incorrect|not (?:right|correct|true))|no way|by no means|not a chance|(?:absolutely|definitely|certainly|probably|of course|surely|better|maybe|perhaps) not|do(?: not|n'?t) think so|'?m afraid not)\b)|[,;.] ?(?:so )?(?:no|nope)[^\w?]*$/i;
/** A "no" that belongs to a noun: "no lights". */
const NO_OF_NOUN =
  /^no (?!it|i\b|they|we|he|she|you|that|this|there|the|my|not|never|wait|thank|please|sorry|longer|but|and|because|so\b|is|are|does|do\b|did|still|longer|way|problem)[a-z]/i;
const RESERVATION = /\b(?:yes|yeah|ok|okay|fine|sure)\b[\s,]*(?:but|except|only)\b/i;

const QUESTION_START =
  /^\W*(?:(?:and|but|so|ok|okay|oh|hi|hello|hey|wait|sorry|well|yes|no|please|hm+|u+h+|u+m+|er+|ah+)[\s,.!]+){0,4}(?:(?:for|in|on|at|to|with|from|by|of|until|since|under) (?=what|which|how|whom|when|where|whose))?(?:who|whom|whose|what|whats|what's|when|whens|where|wheres|where's|why|how|hows|how's|which|can|could|do|does|did|is|are|was|were|will|would|should|shall|may|have you|has the|am i|any chance|any idea|must (?=i\b|we\b|it\b|they\b|you\b))\b/i;
/** The end of a statement that asks for confirmation: "It is loose, isn't it?" */
const TAG =
  /, ?(?:right|is(?:n'?t)? it|do(?:n'?t)? (?:i|you|they)|does(?:n'?t)? it|are(?:n'?t)? they|ok(?:ay)?|yeah|yes|no)$/i;

/** Returns true if a text has a question mark with no letter and no digit behind it. */
function endsInQuestionMark(text: string): boolean {
  const at = text.lastIndexOf('?');
  return at !== -1 && !/[\p{L}\p{N}]/u.test(text.slice(at));
}

/** Returns true if a sentence asks, with or without a question mark. "It is loose, isn't it?" states something. */
export function asks(sentence: string): boolean {
  if (endsInQuestionMark(sentence)) return !TAG.test(trimEndOf(sentence, ' ?!.'));
  if ((UNKNOWN_HOW.test(sentence) && !ANSWER_AT_END.test(sentence)) || asksToTell(sentence)) return true;
  if (!QUESTION_START.test(sentence)) return false;
  return !startsAsStatement(sentence);
}

/** A yes or a no at the end of a sentence: "I don't know how to do that, so no". */
const ANSWER_AT_END = /[,;] ?(?:so )?(?:yes|no|nope)\W*$/i;

/** "May" as a name or a month: no subject follows it. */
function isMay(first: string, sentence: string): boolean {
  return (
    first === 'may' &&
    !/\bmay (?:i|we|he|she|they|it|you|my|the|this|that|somebody|someone)\b/i.test(sentence)
  );
}

/** A verb without its subject: "will do", "would be great", "can do". */
const BARE_PROMISE = /^(?:will|would|can|could|should|must|may|might) (?:do|be|have|work|suit)\b/;

/** Returns true if a sentence begins like a question but states something: "when I turn the key, it clicks". */
function startsAsStatement(sentence: string): boolean {
  const words = wordsOf(sentence).filter(
    (word) => !/^(?:and|but|so|ok|okay|oh|hi|well|yes|yeah|no|nope|only|please|,)$/.test(word),
  );
  const [first = '', second = '', third = ''] = words;
  // "May, please" names a month, and "will do" agrees.
  if (isMay(first, sentence) || BARE_PROMISE.test(words.join(' '))) return true;
  if (first === 'when' || first === 'which') return isSubject(second) || second === 'the' || second === 'my';
  if (first === 'do' && /^(?:it|that|this|so)$/.test(second)) return words.length < 4;
  if (isAuxiliary(first)) return (second === 'not' && !isSubject(third)) || words.length === 1;
  return false;
}

/** Nothing but words for yes and for no. With both of them, such a message says neither. */
const CONTRADICTION = /^\W*(?:(?:yes|yeah|yep|no|nope|and|or)\b\W*){2,12}$/i;

/** A "no" of alarm before what is told: "oh no, there is smoke". */
const OH_NO = /^\W*oh,? no\b(?:\s?[,.!…]{1,3}\s?(?=\w)| (?=(?:there|my)\b))/i;
/** A "no" that takes back the words before it and goes on: "no wait, the other one". */
const NO_WAIT = /^\W*no,? (?:wait|hang on|hold on)\b(?=\W+\w)/i;

/** An explicit yes (+1) or no (-1) in a text; 0 without. */
export function explicitOf(text: string): -1 | 0 | 1 {
  if (CONTRADICTION.test(text) && /\bno/i.test(text) && /\by/i.test(text)) return 0;
  const no = isDenied(text.replaceAll(NO_TROUBLE, 'fine').replace(NO_WAIT, '').replace(OH_NO, ''));
  const yes = isAffirmed(text);
  if (no) return -1;
  return yes ? 1 : 0;
}

function isDenied(text: string): boolean {
  // "It isn't wrong, no": the last word only repeats the denial.
  if (repeatsDenial(text)) return false;
  return (NO.test(text) && !NO_OF_NOUN.test(text.trim())) || NO_INSIDE.test(text);
}

/** Tells whether a "no" at the end stands behind a denial: "It isn't wrong, no". */
function repeatsDenial(text: string): boolean {
  if (/^\W*(?:no|nope)\b/i.test(text)) return false;
  const last = /[,;] (?:no|nope)\W*$/i.exec(text);
  // "I can't wait, no": what the user will not or cannot do is a no of its own.
  if (last !== null && UNWILLING.test(text.slice(0, last.index))) return false;
  return last !== null && /\bnot\b|n['’]?t\b/i.test(text.slice(0, last.index));
}

const UNWILLING =
  /\b(?:i|we)(?:'m)? (?:(?:really|just) )?(?:(?:can|could|will|would|do|am|are) not|can['’]?t|couldn['’]?t|won['’]?t|wouldn['’]?t|don['’]?t|not)\b/i;

function isAffirmed(text: string): boolean {
  return (YES.test(text) || YES_INSIDE.test(text)) && !RESERVATION.test(text);
}

/** Phrases with a "no" that deny nothing. */
const NO_TROUBLE = /\bno (?:problems?|issues?|trouble|worries|doubt|question about (?:it|that))\b/gi;

/** Returns true if a text asks the agent to repeat its last words. */
export function asksToRepeat(text: string): boolean {
  return REPEAT.test(
    wordsOf(text)
      .filter((word) => /\w/.test(word))
      .join(' '),
  );
}

/** Words by which a user asks for time, and then tells what for: "one second, I'm looking for the code". */
const WAITING =
  /^\W*(?:(?:ok|okay|sure|yes|oh|sorry)[\s,.!]+)?(?:(?:just )?(?:one|a) (?:moment|second|sec|minute)|hold on|hang on|wait(?: a \w{2,9})?|give me (?:a|one) \w{2,9})\b(?:,? please)?[\s,.!:-]*i(?: am|'m|'ll| will| have to| need to| must| should)? (?:just |still |only )?(?:look|search|check|get|fetch|find|go|see|read|grab|open|try)(?:ting|ing|ning)?\b[^?]{0,80}$/i;

/** Returns true if a message only asks for time. */
export function asksForTime(text: string): boolean {
  return WAITING.test(text.replaceAll('’', "'"));
}

/** Returns the acts of a text. */
export function actsIn(text: string): Act[] {
  return [
    ...wholeClauseActs(text),
    ...(greets(text) ? (['greeting'] as const) : []),
    ...(THANKS.test(text) ? (['thanks'] as const) : []),
    ...(CORRECTION.test(text) ? (['correction'] as const) : []),
    ...(asksToRepeat(text) ? (['repeat'] as const) : []),
    ...(UNKNOWN.test(text) ? (['unknown'] as const) : []),
  ];
}
