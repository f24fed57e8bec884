/**
 * Evidence for exits of which one says that something is so everywhere and one that it is so in a part only: "all lamps
 * are dark", "only some lamps are dark". English.
 */
import type { Evidence } from '../evidence.ts';
import type { Message } from '../language/message.ts';
import type { ReadExit } from '../reading/states.ts';
import { WEIGHTS } from '../weights.ts';

const PART = /\b(?:only|just|some|merely|a few|one (?:side|end|part|half|of)|single|part(?:ly| of))\b/i;
const WHOLE = /\b(?:all|every\w*|any|both|each|whole|entire|always|no|none|too|as well|also)\b/i;

/** Words of an answer that tell of a part. */
const SAYS_PART =
  /\b(?:not (?:all|every\w*|both|always|the whole)|(?:some|a few|a couple|(?<!\b(?:every|each|any|not|no) )one|two|half|part|most|several) of (?:them|it|the|those|these)|except|apart from|the others? (?:is|are|do|does|works?)|the \w+ one)\b|(?<!\bnot )\b(?:only|just (?:the|one|a few|some|when|in|on|at))\b/i;
/** Words of an answer that tell of the whole. */
const SAYS_WHOLE =
  /\b(?:all(?! (?:right|good|the best|ok|i|that|about))|every(?:thing|where|body|one)?|both|each|the whole|the entire|the lot|always|whenever|any ?(?:time|where)|any \w+|not (?:one|a single|only|just)|none of (?:them|it|the)|no matter|the same|even|too|as well|also|either|alike|throughout|constantly)\b/i;
/** Words that add other parts, whatever else is said. */
const SAYS_MORE =
  /\b(?:not (?:only|just|one|a single)|even (?:in|on|at|when|if|with|without)|too|as well|also)\b/i;
/** A denial of every one: "no lamp is lit". */
const NONE_IS = /^(?:there (?:is|are) )?(?:no|not one|not a single|none|nothing) /;

function isWhole({ statements }: Message, said: string): boolean {
  return SAYS_WHOLE.test(said) || statements.some(({ words }) => NONE_IS.test(`${words.join(' ')} `));
}

/** Returns the evidence for each exit; no evidence where the exits do not tell the whole from a part. */
export function allOrSomeEvidence(exits: readonly ReadExit[], message: Message): Evidence[] {
  const none = exits.map(() => 0);
  const ways = exits.map(({ ways: [way] }) => (way === undefined || way.awaits || way.request ? null : way));
  const parts = ways.flatMap((way, index) => (way !== null && PART.test(way.text) ? [index] : []));
  const wholes = ways.flatMap((way, index) =>
    way !== null && WHOLE.test(way.text) && !parts.includes(index) ? [index] : [],
  );
  const [part, whole] = [parts[0], wholes[0]];
  if (part === undefined || whole === undefined || parts.length > 1 || wholes.length > 1) return none;
  const said =
    message.questions.length === 0
      ? message.text
      : message.statements.map(({ words }) => words.join(' ')).join(', ');
  const isPart = SAYS_PART.test(said) && !SAYS_MORE.test(said);
  const taken = isPart ? part : isWhole(message, said) ? whole : -1;
  return none.map((_each, index) => (index === taken ? WEIGHTS.quantified : 0));
}

/** Limits the evidence for the other one of the two exits, where a message tells the whole from a part. */
export function withAllOrSome(evidence: readonly Evidence[], quantities: readonly Evidence[]): Evidence[] {
  if (!quantities.some((each) => each > 0)) return [...evidence];
  return evidence.map((own, index) => {
    const quantity = quantities[index] ?? 0;
    return quantity > 0
      ? Math.max(own, quantity)
      : Math.min(own, WEIGHTS.quantified - 2 * WEIGHTS.leastMargin);
  });
}
