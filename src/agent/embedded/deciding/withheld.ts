/** Answers that give no value: the user does not have or know what is asked for, or does not want to tell it. English. */
import type { Evidence } from '../evidence.ts';
import { sentencesOf } from '../language/clauses.ts';
import { asksFreely } from '../reading/free-answers.ts';
import type { ReadDescription, ReadExit } from '../reading/states.ts';
import { isRefusal } from '../signals.ts';
import { stemsOf } from '../words.ts';
import { CLEAR, type Hearing } from './hearing.ts';
import { withLeaveTaking } from './leave-taking.ts';

/** Reason for which no value was given. */
type Withheld = 'unknown' | 'refused';

/** Words before and behind a clause, and adverbs in it, that change nothing. */
const BEFORE = new Set('no oh ah well um hm so and but sorry then'.split(' '));
const BEHIND = new Set(
  'at to hand with me on here right now the moment any more anymore off offhand by heart yet ready handy sorry exactly for sure in front of us be honest home somewhere either you thanks'.split(
    ' ',
  ),
);
const ADVERBS = new Set(
  'really honestly simply just currently still even unfortunately quite actually yet absolutely totally'.split(
    ' ',
  ),
);
/** A longer clause tells more than that no value is given. */
const MAX_WORDS = 20;
const APOLOGY = /^(?:(?:i|we) (?:am|are) (?:afraid|sorry)(?: that)?|to be honest|at the moment|right now) /;

/** Returns the words of a clause in lower case, without those that change nothing. */
function core(words: readonly string[]): string {
  let said = words.filter((word) => /\w/.test(word) && !ADVERBS.has(word));
  while (said.length > 2 && BEHIND.has(said.at(-1) ?? '')) said.pop();
  // "No idea" has a "no" of its own.
  while (said.length > 2 && BEFORE.has(said[0] ?? '')) said = said.slice(1);
  return said.length > MAX_WORDS ? '' : said.join(' ').replace(APOLOGY, '');
}

const SELF = '^(?:(?:i|we) )?';
const OBJECT =
  '(?: (?:it|that|this|them|one|any|either|the|my|our|a|an|what|which|where|when|how)(?: \\w{1,30}){0,6})?$';
const NOT =
  '(?:do not|can not|cannot|could not|did not|have not|never|will not be able to|am not able to|dont)';

/** Clauses by which a user does not know. They withhold a description and a reason, too. */
const NOT_KNOWN: readonly RegExp[] = [
  new RegExp(`${SELF}${NOT} (?:know|remember|recall|say|tell|think of)${OBJECT}`),
  new RegExp(
    `${SELF}(?:have |there is )?(?:no|not the (?:faintest|slightest)) (?:idea|clue)(?: what| which| where)?$`,
  ),
  new RegExp(
    `${SELF}(?:dunno|idk|(?:am )?not (?:sure|certain)|would not know|(?:have )?(?:clean )?(?:forgot|forgotten)${OBJECT.slice(0, -1)})$`,
  ),
];
/** Clauses by which a user does not have a thing or its number. */
const NOT_THERE: readonly RegExp[] = [
  new RegExp(`${SELF}${NOT} (?:have|find|got|get|see|locate|own|read)(?: got)?${OBJECT}`),
  new RegExp(
    `${SELF}(?:have |must have |seem to have )?(?:lost|misplaced|thrown away|threw away|left|deleted) (?:it|that|them)$`,
  ),
  new RegExp(
    `${SELF}(?:there is|have(?: got)?|it has) (?:none|not any|no such thing|no (?:number|code|name|address|letter|receipt|paper)s?)$`,
  ),
];
const TELL =
  '(?:say|saying|tell|telling|answer|answering|give|giving|share|sharing|disclose|disclosing|reveal|hand out|give out|talk about)';
/** Clauses by which a user does not want to tell it. */
const REFUSED: readonly RegExp[] = [
  new RegExp(`${SELF}(?:would )?(?:rather|prefer)(?: to)? not(?: to)?$`),
  new RegExp(`${SELF}(?:would )?(?:rather|prefer)(?: to)? not(?: to)? ${TELL}(?: you| us)?${OBJECT}`),
  new RegExp(
    `${SELF}(?:do not (?:want|wish|like) to|do not feel like|will not|would not like to|am not (?:going to|willing to)|refuse to|not) ${TELL}(?: you| us)?${OBJECT}`,
  ),
  /^(?:(?:that|this|it) (?:is|stays) )?(?:private|confidential|personal|a secret|secret|my (?:own )?business|too personal|none of your (?:business|concern)|not your business|no one(?: s|s)? business)$/,
  new RegExp(
    `${SELF}(?:refuse|decline|(?:would like to )?keep (?:it|that|this) (?:private|to myself|for myself)|keep (?:it|that|this))$`,
  ),
  /^no comment$/,
];

function says(patterns: readonly RegExp[], said: string): boolean {
  return patterns.some((pattern) => pattern.test(said));
}

/**
 * Returns why a message gives no value; null when it may give one. `isFree` is true where a description in any words is
 * asked for.
 */
function withheldIn(text: string, isFree: boolean): Withheld | null {
  if (isRefusal(text)) return 'refused';
  const clauses = sentencesOf(text.replaceAll(/[’]/g, "'")).flatMap((sentence) => sentence.clauses);
  const last = clauses.findLast(({ words }) => !/^(?:sorry|thanks|thank you|please)$/.test(words.join(' ')));
  if (last === undefined) return null;
  const said = core(last.words);
  if (says(NOT_KNOWN, said)) return 'unknown';
  if (says(REFUSED, said)) return 'refused';
  return !isFree && says(NOT_THERE, said) ? 'unknown' : null;
}

/** Descriptions of a user who does not know or have what is asked for. What follows the match names what it is. */
const DESCRIBES_UNKNOWN =
  /\b(?:do|does|did)(?: not|n['’]t) (?:(?:currently|yet) )?(?:know|have|remember|recall|find)\b|\b(?:cannot|can not|can['’]t|could(?: not|n['’]t)|(?:is|are) (?:not able|unable) to) (?:find|tell|say|remember|give|provide|name|state|locate)\b|\b(?:has|have) (?:no|not got)\b|\b(?:lost|forgot(?:ten)?) (?:it|them|the|their)\b|\b(?:is|are|was|were) (?:not|un)(?: |(?=known))(?:known|there|available|at hand|found)\b|\bwithout\b|^no (?!one\b)|\bunknown\b/i;
/** Descriptions of a user who does not want to tell it. */
const DESCRIBES_REFUSED =
  /\b(?:refuses?|declines?|rather not|prefers? not|unwilling|not willing|withholds?|keeps? (?:it|that|this) (?:back|private|to themselves)|(?:(?:do|does|will|would)(?: not|n['’]t)|won['’]t) (?:(?:want|wish|like|care) to )?(?:give|tell|say|share|answer|name|provide|state|disclose|reveal))\b/i;
const VERBS =
  /\b(?:to|us|give|gives|giving|tell|tells|say|share|answer|name|names|provide|state|disclose|reveal|it|that|this|one|any|them|at|hand|their|known|given|told|not|does|want|wants|wish|like)\b/gi;

/** Returns true if a description names nothing behind its act, or a thing that the state asks for. */
function isAbout(rest: string, asked: ReadonlySet<string>): boolean {
  return stemsOf(rest.replaceAll(VERBS, ' ')).length === 0 || stemsOf(rest).some((stem) => asked.has(stem));
}

/** Returns how an exit describes a user who gives no value; null for any other exit. */
function describedAs({ text, awaits }: ReadDescription, asked: ReadonlySet<string> | null): Withheld | null {
  if (awaits) return null;
  for (const [withheld, pattern] of [
    ['refused', DESCRIBES_REFUSED],
    ['unknown', DESCRIBES_UNKNOWN],
  ] as const) {
    const found = pattern.exec(text);
    if (found === null) continue;
    if (asked === null || isAbout(text.slice(found.index + found[0].length), asked)) return withheld;
  }
  return null;
}

/** Evidence for the only exit of a user who gives no value, where it names another reason. */
const OTHER_REASON = 0.7;

/**
 * Returns the evidence for exits where a value is waited for and the message gives none: for the exit of a user who does
 * not know it or does not want to tell it, and none for the exit that waits. Null where the message may give a value.
 */
function withheldEvidence(exits: readonly ReadExit[], hearing: Hearing): Evidence[] | null {
  const ways = exits.map(({ ways: [way] }) => way);
  const waiting = ways.filter((way) => way?.awaits === true);
  if (waiting.length === 0 || hearing.message.questions.length > 0 || hearing.message.acts.has('repeat'))
    return null;
  const { text } = hearing.message;
  const withheld = withheldIn(text, asksFreely(hearing.question, exits));
  if (withheld === null) return null;
  const kinds = waiting.flatMap((way) => way?.kinds ?? []).filter(({ name }) => name !== 'matter');
  if (kinds.some(({ name, find }) => name !== 'number' && find(text) !== null)) return null;
  // The only other exit is about what is asked for, in whatever words: "has no papers".
  const isOnlyOther = exits.length === 2 && waiting.length === 1;
  const asked = new Set([...hearing.question.stems, ...waiting.flatMap((way) => stemsOf(way?.text ?? ''))]);
  const described = ways.map((way) =>
    way === undefined ? null : describedAs(way, isOnlyOther ? null : asked),
  );
  const isSole = described.filter((each) => each !== null).length === 1;
  return described.map((each) => (each === null ? 0 : each === withheld ? CLEAR : isSole ? OTHER_REASON : 0));
}

/** Returns true if a value is asked for, and the user has not understood the question. */
function asksToRepeat(exits: readonly ReadExit[], { message: { acts, statements } }: Hearing): boolean {
  const isUnclear = exits.some(({ ways: [way] }) => way?.acts.has('unclear') === true);
  const waits = exits.some(({ ways: [way] }) => way?.awaits === true);
  return waits && !isUnclear && acts.has('repeat') && statements.length < 2;
}

/**
 * Settles the evidence for exits that wait for a value, for users who give none, and for those by which users take their
 * leave.
 */
export function withoutValue(
  exits: readonly ReadExit[],
  evidence: readonly Evidence[],
  hearing: Hearing,
): Evidence[] {
  if (asksToRepeat(exits, hearing)) return exits.map(() => 0);
  const settled = withLeaveTaking(exits, evidence, hearing);
  const withheld = withheldEvidence(exits, hearing);
  if (withheld === null) return settled;
  return exits.map(({ ways: [way] }, index) =>
    way?.awaits === true ? 0 : Math.max(settled[index] ?? 0, withheld[index] ?? 0),
  );
}
