/** The words by which a graph speaks of the user: "the guest", "the caller". They come from the graph itself. */
import type { ContextGraph } from '../../../registry/graph.ts';

const ROLE = /^(?:the|a|an) ([a-z]{3,20})\b/i;
const OCCASION =
  /^(?:if|when|whenever|in case|should) (?:the|a|an) ([a-z]{3,20}) (?:\w+ )?(?:asks?|says?|wants?|needs?|gives?|greets?|accepts?|declines?|describes?|would|cannot|only|hesitates|does not (?:know|want|understand|answer|like|agree|need|have|remember)|is (?:not )?(?:sure|unsure|silent|interested|undecided|angry|upset|in (?:a hurry|doubt)|a|an|asking|looking|calling)|has (?:not|no|a|any|already|questions?|given|told|named|said|asked))\b/i;
/** A description whose subject is a person, by its verb: "says", "wants". */
const OF_PERSON =
  /^(?:the|a|an) [a-z]{3,20} (?:\w+ )?(?:says?|asks?|wants?|needs?|would|confirms?|declines?|accepts?|refuses?|agrees?|answers?|tells?|(?:has|have) (?:given|told|named|said|answered|chosen|described|provided)|gives?|names|corrects?|withdraws?|thanks?|cannot|knows?|prefers?|likes?)\b/i;
/** An instruction whose object is a person: "Thank the resident". */
const ADDRESSES =
  /(?:^|[,.;] (?:and |then )?|\b(?:and|then) )(?:thank|greet|welcome|wish|advise|congratulate) the ([a-z]{3,20})\b/i;
const NO_ROLE = new Set([
  'tool',
  'book',
  'system',
  'answer',
  'agent',
  'calendar',
  'reply',
  'message',
  'team',
]);

const known = new WeakMap<ContextGraph, ReadonlySet<string>>();

function rolesIn({ states }: ContextGraph): Set<string> {
  const roles = new Set(['user']);
  // What decides right behind a tool may say something too, as a person does: "the diary says that it is free".
  const behindTools = new Set(
    states.flatMap((state) => (state.type === 'tool-call' ? [state.next_state] : [])),
  );
  for (const state of states) {
    const exits = 'exit_conditions' in state && !behindTools.has(state.name) ? state.exit_conditions : [];
    const found = [
      ...exits.map(({ description }) =>
        OF_PERSON.test(description) ? ROLE.exec(description)?.[1] : undefined,
      ),
      ...(state.type === 'action'
        ? state.actions.flatMap((action) => [OCCASION.exec(action)?.[1], ADDRESSES.exec(action)?.[1]])
        : []),
    ];
    for (const role of found)
      if (role !== undefined && !NO_ROLE.has(role.toLowerCase())) roles.add(role.toLowerCase());
  }
  return roles;
}

/** The roles of the user in a graph, in lower case; "user" is always one. */
export function rolesOf(graph: ContextGraph): ReadonlySet<string> {
  const roles = known.get(graph) ?? rolesIn(graph);
  known.set(graph, roles);
  return roles;
}
