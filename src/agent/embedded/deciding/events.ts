/** Choices of the embedded agent on an event: something that happens without a message of the user. */
import type { ActionState } from '../../../registry/graph.ts';
import type { Situation } from '../../reasoner.ts';
import { evidenceOf, type Evidence } from '../evidence.ts';
import { clausesOf, sentencesOf, type Clause } from '../language/clauses.ts';
import { readState, type ReadDescription } from '../reading/states.ts';
import { rolesOf } from '../reading/roles.ts';
import { again, greatest, leaveBy, pending, perform, plainAhead, type Chosen } from './moment.ts';

/** The least evidence of an event for an exit or an occasion that describes it. */
const LEAST = 0.6;

/** The evidence of an event for a description: none where it describes what the user says or wants. */
function eventEvidence(
  way: ReadDescription | null,
  clauses: readonly Clause[],
  roles: ReadonlySet<string>,
): Evidence {
  if (way === null || way.awaits || way.request || roles.has(way.subject.replace(/^(?:the|an?) /, '')))
    return 0;
  return Math.max(0, ...clauses.flatMap((clause) => way.weighted.map((each) => evidenceOf(clause, each))));
}

/**
 * Chooses on an event. It is no answer: an exit or an action is taken only when it describes what has happened, else
 * the pending question is asked again.
 */
export function chooseOnEvent(situation: Situation, state: ActionState, event: string): Chosen {
  const { exits, actions } = readState(situation.graph, state);
  const roles = rolesOf(situation.graph);
  const clauses = sentencesOf(event).flatMap(({ text }) => clausesOf(text));
  const evidence = [
    ...exits.map(({ ways: [way] }) => eventEvidence(way ?? null, clauses, roles)),
    ...actions.map(({ occasion }) => eventEvidence(occasion, clauses, roles)),
  ].map((each) => (each >= LEAST ? each : 0));
  const best = greatest(evidence);
  if (best !== -1) return best < exits.length ? leaveBy(best) : perform(best - exits.length);
  const read = actions.map((action) => action.read);
  return { ...perform(pending(read, situation.position.performed)), repeats: true };
}

/** Chooses when nothing was said and nothing has happened: the next plain action, or the pending question again. */
export function chooseOnSilence({ graph, position }: Situation, state: ActionState): Chosen {
  const read = readState(graph, state).actions.map((action) => action.read);
  return perform(plainAhead(read, position.performed)[0] ?? again(read, position.performed));
}
