/**
 * Acts that take a whole clause: a farewell, a withdrawal and the wish for a person. The same words inside a longer
 * clause tell something else: "that's all I have in the bank", "never mind the cost", "leave a message". English.
 */
import { wordsOf } from './clauses.ts';

/** Words before an act that add nothing to it: "ok great, thanks". */
const BEFORE = new Set(
  (
    'oh ah aha um uh er hm hmm well so and but or ok okay alright great perfect thanks thank you please sorry fine good lovely ' +
    'right no nope nah not nothing none yes yeah yep then super awesome cool nice now actually really excellent wonderful brilliant cheers wow ' +
    'just maybe perhaps think guess suppose believe on second thought thoughts hi hello hey ta thx ty sure honestly in that case'
  ).split(' '),
);
/** Words behind an act that add nothing to it: "that's all for now, thank you very much". */
const BEHIND = new Set(
  (
    'thanks thank you very so much then now really actually please again here too everyone everybody mate dear sir madam ' +
    'anyway already though for today me us moment time being your help from my our side this ok okay cheers thx ty bye goodbye and all ' +
    'after the folks guys guess think i'
  ).split(' '),
);
/** The most words of a clause that is an act. */
const MAX_WORDS = 16;

/** Signs between clauses. What stands before a colon belongs to what is behind it: "repeat after me: goodbye". */
const PUNCTUATION = /^[,;()–—…]|^\.{3}$/;
const SENTENCE_END = /[.!?…\n]+/;

/** Returns the clauses of a text between signs, each as its words, contractions expanded. */
function clausesBetweenSigns(text: string): string[][] {
  return text.split(SENTENCE_END).flatMap((sentence) => {
    const clauses: string[][] = [[]];
    for (const word of wordsOf(sentence))
      if (PUNCTUATION.test(word)) clauses.push([]);
      else if (word !== ':') clauses.at(-1)?.push(word);
    return clauses.filter(({ length }) => length > 0);
  });
}

/** Returns true if a clause is one of the phrases, perhaps with words before and behind it that add nothing. */
function isPhrase(words: readonly string[], phrase: RegExp): boolean {
  if (words.length > MAX_WORDS) return false;
  for (let from = 0; from < words.length; from += 1) {
    for (let to = words.length; to > from; to -= 1) {
      if (phrase.test(words.slice(from, to).join(' '))) return true;
      if (!BEHIND.has(words[to - 1] ?? '')) break;
    }
    if (!BEFORE.has(words[from] ?? '') && words[from] !== 'i') return false;
  }
  return false;
}

const I = '(?:(?:i|we) )?';
const I_AM = '(?:i am|im|we are|i have|we have)';
const NOTHING_MORE =
  '(?:(?:nothing|no|none) (?:else|more|further)|no (?:more|further|other) \\w+|not anything (?:else|more|further))';

/** Phrases that end a conversation, whatever was said before them. */
const GOODBYE = new RegExp(
  `^(?:good ?bye+|bye+(?: bye+)?|(?:see|catch|talk to) (?:you|ya)(?: (?:later|soon|tomorrow|around|then|(?:on )?\\w+day|next \\w+))?|cya|ciao|farewell|good ?night|` +
    `take care(?: of yourself)?|have (?:a|an) (?:very )?(?:good|great|nice|lovely|wonderful|pleasant) (?:day|one|evening|weekend|night|time|afternoon|week|rest of \\w+ \\w+)|` +
    `(?:till|until) (?:then|next time|tomorrow)|so long|cheerio|${I}(?:have got|have|got|need|must|should) to (?:go|run|leave|hang up)|(?:i )?(?:gotta|must) (?:go|run)|` +
    `(?:${I}(?:have|got|have got|dialed|dialled|called|rang|must have) )?(?:dialed |dialled |called )?(?:the |a )?wrong number|(?:i )?(?:have )?(?:mis-?dial+ed|dial+ed wrong)|` +
    `${I}(?:would like to |want to |will |can |let us )?(?:hang(?:ing)? up|(?:end|finish|close|stop) (?:the|this|our) (?:call|chat|conversation)))$`,
);

/** Phrases that end a conversation where nothing is left to be said. */
const FINISHED = new RegExp(
  `^(?:(?:(?:that|this|it)(?: s| is| was| will be| would be|s| ll be)?|thats|that ll be|guess that is|those are) (?:really |actually |about )?(?:all|it|everything|the lot)(?: (?:that )?(?:i|we) (?:wanted|needed|need|want|had|have|was after|came for|called for)(?: to (?:know|ask|hear|say|do))?)?|` +
    `that (?:will|would|ll) do(?: it| nicely)?|` +
    `(?:there is |i have |we have |i have got )?${NOTHING_MORE}(?: (?:from|on) (?:me|us|my side|our side|my mind))?(?: to (?:ask|add|say|report|do))?|` +
    `${I}(?:do not|did not|will not|have not|can not|could not) (?:\\w+ )?(?:need|want|have|require|got|think of|be needing)? ?(?:(?:anything|nothing|any \\w+) (?:else|more|further)|any (?:more|further|other) \\w+|any ?more)(?: (?:from|at) \\w+(?: \\w+)?)?|` +
    `${I}(?:have|got|have got) (?:everything|all|what)(?: (?:i|we) (?:need|needed|want|wanted))?|` +
    `${I_AM} (?:all )?(?:done|set|finished|good|sorted|fine)(?: (?:here|with (?:everything|this call|my questions)))?|(?:all )?(?:done|set|sorted)|all good)$`,
);

const THE_MATTER =
  '(?:it|that|this|them|those|everything|anything|all of (?:it|this|that)|the (?:whole|entire)(?: \\w+)?|(?:this|that) (?:order|claim|request|idea|booking|conversation|chat|question))';
/** Things that a user gives up by forgetting them. "Cancel my order" can be a wish of its own. */
const THEIR_MATTER = '(?:the|my|our) (?:order|claim|request|idea|booking|conversation|chat|question)';
const ALONG =
  '(?: (?:here|there|be|at that|any ?more|altogether|completely|now|as (?:it|they) (?:is|are|was|were)|the way (?:it|they) (?:is|are)))?';

/** Phrases by which a user takes back a wish: their object is what the conversation is about. */
const WITHDRAWAL = new RegExp(
  `^(?:(?:stop|cancel|abort|quit|exit)|never ?mind(?: (?:it|that|this|about (?:it|that|this)|me|all that))?|` +
    `(?:${I}(?:will |would |let us |want to |would rather |can )?)(?:rather )?(?:leave|forget|scrap|drop|ditch|skip|bin|abandon|cancel|stop)(?: about)? ${THE_MATTER}${ALONG}|(?:forget|scrap|ditch|abandon)(?: about)? ${THEIR_MATTER}${ALONG}|` +
    `${I}(?:have )?changed (?:my|our) minds?(?: about ${THE_MATTER})?|${I}(?:have )?(?:had )?(?:on )?second thoughts?|call it off|${I}(?:will )?give up|${I}(?:will )?pass|` +
    `${I}(?:do not|need not|no need to) (?:bother|trouble)(?: \\w+)?|` +
    `(?:${I}(?:am |are )?)(?:will )?(?:going|go|try|look) (?:elsewhere|somewhere else)|` +
    `(?:(?:can|could|may|shall) )?${I}(?:please )?(?:would|want to|need to|have to|will|would like to|would rather|am going to|let us|lets)?(?: (?:just|rather|better|now))* ?(?:stop|quit|abort)(?: here| now| this| it| there)?|` +
    `${I}(?:have )?decided (?:not to(?: (?:do|have|take|buy|order|book) ${THE_MATTER})?|against(?: (?:it|that|this|them|one|the \\w+))?|to (?:stay|keep|drop|do without)(?: (?:it|that|this|them|at home|where (?:i|we) (?:am|are)))?)|` +
    `${I}(?:really )?(?:do not|no longer) (?:think (?:i|we) )?(?:want|need|like|will|will be needing|will need|be needing|want to)(?: (?:to|it|that|this|one|them|anything|any))?(?: (?:any ?more|at all|do|go on|continue|carry on|proceed)){0,2}(?: (?:with )?(?:it|that|this))?|` +
    `${I}(?:do not|no longer) (?:want|wish|like) to (?:\\w+ ){1,4}(?:any ?more|after all)|${I}(?:would |will )?(?:rather|prefer) not(?: to)? (?:\\w+ ){1,4}after all|` +
    `${I}(?:do not think (?:i|we) (?:need|want|will)(?: \\w+){0,3})|${I}(?:would |will )?(?:rather|prefer) (?:not(?: to)?(?: (?:go on|continue|carry on|proceed)(?: (?:with )?${THE_MATTER})?)?|keep(?:ing)? (?:it|that|this|them|mine|one|the (?:\\w+ )?\\w+|my (?:\\w+ )?\\w+))|` +
    `${I}will keep (?:it|them|that|this|the \\w+)|${I}(?:will|would) not (?:be needing|need)(?: (?:it|that|this|one|anything|any|them))?)$`,
);

/** A prohibition: "don't send it". "I don't drive" forbids nothing. */
const PROHIBITION = new RegExp(
  `^(?:do not|please do not) (?!hang|go|leave|worry|know|think|have|want|see|mind|care|remember|understand|need|like|feel|get|believe|hear|forget|recall|own|use|cancel|stop|quit|abort|end|delete|remove|drop|close|undo|rush|worry|panic|hurry|shout|laugh|lie)[a-z]{3,}(?: (?:it|that|this|them|me|us|anything|any|one|(?:the|my|our|a) \\w+))?(?: (?:up|out|off|away|back|after all))?$`,
);
/** A clause that a subject begins. */
const OF_SUBJECT = /\b(?:i|we|you|they|he|she|it|that|this) (?:do|did|would|could|can|will) not\b/;

const PERSON =
  '(?:human(?: being)?|(?:real |live |actual |living |human )?(?:person|agent|operator|receptionist|representative|rep|adviser|advisor|colleague|supervisor|manager|boss|somebody|someone|anyone|anybody|people|staff|member of staff|front desk)(?: (?:real|human|in charge|at the desk|there|on your team|from your team|on the staff|on the phone))?)';
const A = '(?:an? |the |your |some |one of your )?';

/** The wish to speak to a person or to be called back. */
const HUMAN = new RegExp(
  `^(?:${A}(?:human(?: being)?|(?:real|live|actual|living|human) (?:person|human|human being|agent|one|somebody|someone)|operator|receptionist|representative|someone real)|` +
    `(?:(?:can|could|may|might|shall|should) (?:i|we|you) |(?:i|we) (?:would |do |really |just )?(?:like|want|need|prefer|wish|rather|have|demand|insist on|would|will)(?: to)? |let (?:me|us) |is it possible to |how (?:can|do) i |there |is there |get |give |put |connect |transfer |pass )(?:\\w+ ){0,4}?${A}(?:(?:speak|talk|chat|be connected|be put through|speaking|talking)(?: (?:to|with))? )?${A}${PERSON}(?: \\w+){0,3}|` +
    `(?:\\w+ ){0,6}(?:speak|talk|chat)(?:ing)? (?:to|with) ${A}${PERSON}(?: \\w+){0,3}|` +
    `(?:\\w+ ){0,5}(?:connect|transfer|pass|get|give) me (?:on |over |through )?(?:to |with )?${A}${PERSON}(?: \\w+){0,3}|` +
    `(?:\\w+ ){0,5}put me through(?: (?:to|now|please)(?: \\w+){0,4})?|(?:\\w+ ){0,6}(?:call|ring|phone) (?:me|us) back(?: \\w+){0,4}|(?:\\w+ ){0,6}call ?back(?: from)?(?: \\w+){0,4})$`,
);
/** Words that tell of the past, or that deny the wish. */
const NO_WISH = /\b(?:not|never|was|were|did|had|yesterday|nobody|without|already|tried|told|said|says)\b/;

/** Words of a clause that only thanks, greets, agrees or praises. */
const COURTESY =
  /\b(?:thank|thanks|thx|ty|cheers|help\w*|kind|nice|great|lovely|good|perfect|fine|wonderful|brilliant|sorry|please|day|yes|no|nope|nah|ok|okay|bye|goodbye|alright)\b/;

/** Returns true if a clause states a matter of its own beside a farewell. */
function hasMatterOfItsOwn(words: readonly string[]): boolean {
  const isAct = [GOODBYE, FINISHED].some((phrase) => isPhrase(words, phrase)) || withdraws(words);
  return (
    !isAct && !words.every((word) => BEFORE.has(word) || BEHIND.has(word)) && !COURTESY.test(words.join(' '))
  );
}

/** Returns true if a clause takes a wish back, or forbids what was wished for. */
function withdraws(words: readonly string[]): boolean {
  return isPhrase(words, WITHDRAWAL) || (!OF_SUBJECT.test(words.join(' ')) && isPhrase(words, PROHIBITION));
}

/** Words by which a user goes on after a farewell: "bye. Oh wait, one more thing". */
const GOES_ON =
  /^(?:oh |ah |no |but |and )*(?:wait|hang on|hold on|one (?:more|other)|actually|before|also)\b/;

function farewellOf(clauses: readonly string[][]): 'farewell' | 'finished' | null {
  const at = clauses.findLastIndex((words) => isPhrase(words, GOODBYE) || isPhrase(words, FINISHED));
  if (at === -1) return null;
  const rest = clauses.slice(at + 1);
  if (rest.some((words) => GOES_ON.test(words.join(' ')) || hasMatterOfItsOwn(words))) return null;
  if (isPhrase(clauses[at] ?? [], GOODBYE)) return 'farewell';
  return clauses.slice(0, at).some(hasMatterOfItsOwn) ? 'finished' : 'farewell';
}

/** Acts that take a whole clause. */
export type WholeClauseAct = 'farewell' | 'finished' | 'withdrawal' | 'human';

/**
 * Returns the acts of a message that take a whole clause: "farewell" when it ends the conversation, "finished" when it
 * tells a matter and that this is all, "withdrawal" when it takes back what the user wanted, "human" when it asks for a
 * person or for a call back.
 */
export function wholeClauseActs(text: string): WholeClauseAct[] {
  const clauses = clausesBetweenSigns(text);
  const farewell = farewellOf(clauses);
  const wishes = clauses.filter((words) => !NO_WISH.test(words.join(' ')));
  return [
    ...(farewell === null ? [] : [farewell]),
    ...(clauses.some(withdraws) ? (['withdrawal'] as const) : []),
    ...(wishes.some((words) => isPhrase(words, HUMAN)) ? (['human'] as const) : []),
  ];
}
