/** Words that carry no matter of their own in a clause: pronouns, auxiliaries, articles, prepositions, particles. */
export const FUNCTION_WORDS: ReadonlySet<string> = new Set(
  (
    'a about actually ago ah also am an and any anything are around as at be because been before being but by can could ' +
    'definitely did do does doing done each either else er even exactly for from get gets getting given go goes going got had ' +
    'has have having he hello her here hey hi him his how i if in into is it its itself just kind let like lot lots may maybe me might moment ' +
    'more most much must my myself need needs now of oh ok okay on or other our own perhaps please put quite rather really right s said ' +
    'say says she should since so some somehow something sort still such sure t than thank thanks that the their them then there these they ' +
    'thing things this those though to too totally up down us very want wanted wants was way we well were what when whenever where whether which ' +
    'while who why will with would yes yeah yep yet you your yours ' +
    // How a person comes to know what they say.
    'see seen saw hear heard think thought know knew known tell told believe guess suppose assume notice noticed find found check checked ' +
    'look looks looked looking seem seems feel feels apparently probably possibly certainly obviously whatsoever honestly afraid ' +
    'hm hmm hmmm um umm uh er erm ah aha huh phew uff ' +
    'thx ty cheers ta pls plz user bit try tried trying pretty fairly'
  ).split(' '),
);

/** Particles that have a meaning where no noun follows them: "it is on", "both are in". */
const PARTICLES = new Set('on off in out up down'.split(' '));
/** Words behind which a particle is no preposition. */
const BEHIND_PARTICLE = new Set(
  'now again already at either fine still when but and or as yet there here on too then yes no for'.split(
    ' ',
  ),
);
/** Words before "one" and "all" with which these count nothing and only point at something: "that one", "at all". */
const POINTING = new Set('this that the which another at no other each every last first'.split(' '));

/** Words behind which "ok" describes something: "it is ok". */
const JUDGES = new Set('is are was were be looks look seems seem all works'.split(' '));

/**
 * Returns true if the "one" at `index` counts something: "one end", "only one", as opposed to "that one" and "I have
 * got one".
 */
function countsOne(words: readonly string[], index: number): boolean {
  const [before = '', next] = [words[index - 1], words[index + 1]];
  if (POINTING.has(before)) return before === 'the' && next !== undefined && /^(?:only|single)$/.test(next);
  if (next === 'more' || next === 'moment' || next === 'thing') return false;
  return (
    /^(?:only|just|is)$/.test(before) || index === 0 || (next !== undefined && !FUNCTION_WORDS.has(next))
  );
}

/** Returns true if the "all" at `index` counts a noun: "at all speeds", as opposed to "not at all". */
function countsAll(words: readonly string[], index: number): boolean {
  const next = words[index + 1] ?? '';
  return words[index - 1] === 'at' && /^\p{L}{3,}s$/u.test(next) && !FUNCTION_WORDS.has(next);
}

/** Returns true if the word at `index` describes something: "it is ok". */
function judges(words: readonly string[], index: number): boolean {
  return JUDGES.has(words[index - 1] ?? '');
}

/** Words between a verb and what it says of something: "it is not quite right", "is everything right". */
const BESIDE_JUDGEMENT = new Set('not all quite that this it they these those everything'.split(' '));

/** Returns true if the word at `index` describes something, also in a question and in a denial. */
function isJudged(words: readonly string[], index: number): boolean {
  let before = index - 1;
  while (BESIDE_JUDGEMENT.has(words[before] ?? '')) before -= 1;
  return JUDGES.has(words[before] ?? '');
}

/** Returns true if no noun follows the word at `index`. */
function isLast(words: readonly string[], index: number): boolean {
  const next = words[index + 1];
  return next === undefined || BEHIND_PARTICLE.has(next);
}

/** Returns true if the word at `index` has a matter of its own. */
export function hasMatter(words: readonly string[], index: number): boolean {
  const word = words[index] ?? '';
  if (PARTICLES.has(word)) {
    return word === 'off' || word === 'out' || isLast(words, index);
  }
  if (word === 'ok' || word === 'okay' || word === 'alright' || word === 'even') return judges(words, index);
  // "It is right", as opposed to "it is right above the heater".
  if (word === 'right') return isJudged(words, index) && isLast(words, index);
  if (word === 'just') return /^(?:my|the|this|one|an?|our)$/.test(words[index + 1] ?? '');
  if (word === 'all') return !POINTING.has(words[index - 1] ?? '') || countsAll(words, index);
  if (word === 'one') return countsOne(words, index);
  // "A little better" is a degree, "a little one" a size.
  if (word === 'little') return words[index - 1] !== 'a' || words[index + 1] === 'one';
  return !FUNCTION_WORDS.has(word);
}
