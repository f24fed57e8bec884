/** An exit that is the only one for an answer to an open question. */
import { isAside, isPolar } from './described-kinds.ts';
import type { Question } from './questions.ts';
import type { Description } from './descriptions.ts';

/** The most exits that answer a question of which one is for any answer: the other one refuses. */
const MAX_ANSWERS = 2;
/** The fewest options that a question lists for a choice among more than a yes and a no. */
const FEWEST_OPTIONS = 3;

/** A description of an exit, as far as it is looked at here. `request` is true if it describes a wish. */
type Way = Pick<Description, 'acts' | 'propositions' | 'otherwise' | 'awaits'> & { request: boolean };

/** Returns true if a description only denies: "No interest in a boat". */
function onlyDenies({ propositions }: Way): boolean {
  return propositions.length > 0 && propositions.every(({ negated }) => negated);
}

function answers({ ways: [way] }: { ways: readonly Way[] }): boolean {
  return way !== undefined && !isAside(way) && !isPolar(way) && !way.otherwise;
}

/**
 * Returns exits of which the only one that answers an open question waits for any answer to it: "They want to take a boat
 * out" at "Which boat would you like: a kayak, a canoe or a board?" A wish does so only where the question lists what can
 * be wished for.
 */
export function withSoleAnswer<Read extends Way, Exit extends { ways: readonly Read[] }>(
  exits: readonly Exit[],
  { proposition, options, assent, closing }: Question,
): readonly Exit[] {
  const isChoice = options.length >= FEWEST_OPTIONS;
  const isOpen = isChoice || (proposition === null && !assent);
  const answering = exits.filter(answers);
  if (closing || !isOpen || answering.length > MAX_ANSWERS) return exits;
  const affirming = answering.filter(({ ways: [way] }) => way !== undefined && !onlyDenies(way));
  const [sole] = affirming;
  const [own, ...beyond] = sole?.ways ?? [];
  if (affirming.length !== 1 || own === undefined || own.awaits || (own.request && !isChoice)) return exits;
  return exits.map((exit) =>
    exit === sole ? { ...exit, ways: [{ ...own, awaits: true, assumed: true }, ...beyond] } : exit,
  );
}
