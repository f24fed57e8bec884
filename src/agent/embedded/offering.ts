/** Offers what a state takes, for a user who was not understood twice. English. */
import type { ActionState, ContextGraph } from '../../registry/graph.ts';
import { trimEndOf } from '../../text.ts';
import { askBetween } from './asking.ts';
import { toSecondPerson } from './persons.ts';
import { readState, type ReadExit } from './reading/states.ts';
import { rolesOf } from './reading/roles.ts';
import { isAside, isPolar } from './reading/described-kinds.ts';

/** Matches the words before what an exit waits for: "their name" of "The user has given their name". */
const AWAITED =
  /\b(?:has|have) (?:given|told|named|said|answered|provided|described|shared|chosen|picked|mentioned|explained|stated) (?:us |you |me )?/i;
/** A list of examples at the end of a description. */
const EXAMPLES = /,? (?:such as|for example|for instance|e\.g\.|like)[,:]? ["“].*$/is;

const IN_OTHER_WORDS = 'Please try it in other words, or tell me what you need instead.';

function awaitedBy({ exit }: ReadExit, roles: ReadonlySet<string>): string | null {
  const text = exit.description.replace(EXAMPLES, '');
  const found = AWAITED.exec(text);
  if (found === null) return null;
  return trimEndOf(toSecondPerson(text.slice(found.index + found[0].length), roles), '.') || null;
}

/** The sentences for exits by which a user stops or asks for a person. */
function waysOut(exits: readonly ReadExit[]): string[] {
  const acts = exits.flatMap(({ ways: [way] }) => [...(way?.acts ?? [])]);
  return [
    ...(acts.includes('human') ? ['If you would rather talk to a person, say so.'] : []),
    ...(acts.includes('withdrawal') ? ['You can also say “stop”.'] : []),
  ];
}

/**
 * Returns sentences about what the state takes: what it waits for, what it can mean, and how to stop.
 */
export function offerOf(graph: ContextGraph, state: ActionState): string {
  const { exits } = readState(graph, state);
  const roles = rolesOf(graph);
  const awaited = exits.flatMap((exit) =>
    exit.ways[0]?.awaits === true ? (awaitedBy(exit, roles) ?? []) : [],
  );
  const others = exits.filter(
    ({ ways: [way] }) => way !== undefined && !way.awaits && !isAside(way) && !isPolar(way) && !way.otherwise,
  );
  const between =
    awaited.length > 0 || others.length < 2
      ? null
      : askBetween(
          graph,
          others.map(({ exit }) => exit.description),
        );
  if (awaited.length === 0 && between === null) return [IN_OTHER_WORDS, ...waysOut(exits)].join(' ');
  return [
    ...(awaited.length > 0 ? [`To go on, please tell me ${awaited.join(' or ')}.`] : []),
    ...(between === null ? [] : [between]),
    ...waysOut(exits),
  ].join(' ');
}
