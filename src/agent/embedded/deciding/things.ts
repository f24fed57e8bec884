/**
 * Evidence for exits that name things to choose among, of which one is in trouble: "the brakes don't work" and "the
 * brakes" both tell that it is the brakes. English.
 */
import { evidenceOf, type Evidence, type WeightedProposition } from '../evidence.ts';
import type { Clause } from '../language/clauses.ts';
import { isAuxiliary, isNegator } from '../language/grammar.ts';
import { relation } from '../language/scales.ts';
import { stemOf } from '../language/stems.ts';
import type { ReadDescription } from '../reading/states.ts';

/** The most words between a denial and the place that it rules out: "not in the tyre". */
const REACH = 3;

/** Returns the index of the first word of a clause that names the thing of a proposition; -1 without one. */
function thingIn({ words }: Clause, { words: described }: WeightedProposition): number {
  return words.findIndex((word) =>
    described.some(([stem, weight]) => weight === 1 && relation(stemOf(word), stem) === 1),
  );
}

/**
 * Returns true if a clause denies something of the thing at `index`, and not the thing: "the battery does not charge",
 * "there is no air in the tyre".
 */
function deniesOfThing({ words }: Clause, index: number): boolean {
  const isSubject = isAuxiliary(words[index + 1] ?? '') && words.slice(index + 2).some(isNegator);
  const before = words.slice(0, index);
  const isPlace = IN_THING.test(before.join(' ')) && !before.slice(-REACH).some(isNegator);
  return isSubject || isPlace;
}

const IN_THING = /\b(?:in|inside|on) (?:the|my|our|an?)$/;

/** Returns the evidence of one clause for one proposition, where what is denied is not the thing itself. */
function evidenceFor(clause: Clause, proposition: WeightedProposition, subject: readonly string[]): Evidence {
  const at = thingIn(clause, proposition);
  if (at === -1 || clause.negated === proposition.negated) return 0;
  if (clause.negated)
    return deniesOfThing(clause, at) ? evidenceOf({ ...clause, negated: false }, proposition) : 0;
  const [thing = '', ...others] = clause.stems;
  return others.length === 0 && subject.some((stem) => relation(stem, thing) === 1)
    ? evidenceOf(clause, { ...proposition, negated: false })
    : 0;
}

/** Returns the evidence of clauses that tell of the thing of an exit, whatever they deny of it. */
export function thingEvidence(
  { ofThings, weighted, subject }: ReadDescription,
  clauses: readonly Clause[],
): Evidence {
  if (!ofThings) return 0;
  const named = subject.split(' ').map(stemOf);
  return Math.max(
    0,
    ...clauses.flatMap((clause) => weighted.map((each) => evidenceFor(clause, each, named))),
  );
}
