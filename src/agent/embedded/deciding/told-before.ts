/** Facts that the user has told before the question for them, or has told already in answer to it. */
import type { ActionState, ContextGraph } from '../../../registry/graph.ts';
import type { Situation } from '../../reasoner.ts';
import type { FactKind } from '../facts/kinds.ts';
import { askedState, toldIn, wantedBy } from '../recollection.ts';
import type { ReadExit } from '../reading/states.ts';

/** Kinds of facts that are one kind to the user, or several: "at what time" and "which other time". */
const SAME_KIND: Readonly<Record<string, readonly string[]>> = {
  clock: ['time'],
  'day and time': ['day', 'time', 'day and time'],
  'full name': ['name'],
};

/** Returns the names of the kinds of facts that a state asks for, as the user tells them. */
export function kindsOf(graph: ContextGraph, state: ActionState): string[] {
  return wantedBy(graph, state).kinds.flatMap(({ name }) => SAME_KIND[name] ?? [name]);
}

function kindsAwaited(exit: ReadExit | undefined): readonly FactKind[] {
  return exit?.ways[0]?.kinds ?? [];
}

/** Kinds of facts that stay the same for a user through a conversation, whatever else they want. */
const OF_USER: readonly string[] = ['email', 'birth date', 'phone', 'full name', 'name'];
/** Words by which an exit waits for a fact about the user, and not about a person or a thing that the user speaks of. */
const OF_ANOTHER =
  /\b(?:another|other|new|different|second|whose|child(?:'s|ren's)?|pet(?:'s)?|of (?:the|an?|their|his|her) (?!user|caller|customer|patient|guest|client)\w+)\b/i;

/** Returns true if a state that the user has answered asked for a fact of a kind. */
function wasAsked(situation: Situation, kind: string): boolean {
  return Object.keys(situation.position.answers).some((name) => {
    const asked = askedState(situation, name);
    return asked !== null && kindsOf(asked.graph, asked.state).includes(kind);
  });
}

/**
 * Returns true if the user has told the facts about themselves that an exit waits for in an earlier message, before any
 * state asked for them: "this is Rosa Vidal, my kettle leaks".
 */
export function isKnown(situation: Situation, exit: ReadExit | undefined): boolean {
  const kinds = kindsAwaited(exit);
  if (kinds.length === 0 || OF_ANOTHER.test(exit?.exit.description ?? '')) return false;
  const names = kinds.map(({ name }) => name);
  if (!names.every((name) => OF_USER.includes(name))) return false;
  if (names.some((name) => (SAME_KIND[name] ?? [name]).some((kind) => wasAsked(situation, kind))))
    return false;
  const earlier = toldIn({ ...situation, input: [] });
  return kinds.every(({ find }) => earlier.some(({ message }) => find(message.text) !== null));
}
