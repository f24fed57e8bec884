/** Facts that the user has told before the question for them, or has told already in answer to it. */
import type { ActionState, ContextGraph } from '../../../registry/graph.ts';
import type { Situation } from '../../reasoner.ts';
import type { FactKind } from '../facts/kinds.ts';
import type { Message } from '../language/message.ts';
import { askedState, toldIn, wantedBy } from '../recollection.ts';
import type { ReadExit } from '../reading/states.ts';

/** Kinds of facts that are one kind to the user, or several: "at what time" and "which other time". */
const SAME_KIND: Readonly<Record<string, readonly string[]>> = {
  clock: ['time'],
  'day and time': ['day', 'time', 'day and time'],
  'full name': ['name'],
};

function kindsOf(graph: ContextGraph, state: ActionState): string[] {
  return wantedBy(graph, state).kinds.flatMap(({ name }) => SAME_KIND[name] ?? [name]);
}

/**
 * Returns true if the message already was the answer of this state, or of another one that asks for such a fact: a time
 * that is taken is no answer to the question for another time.
 */
export function isSpent(situation: Situation, state: ActionState, { text }: Message): boolean {
  const kinds = kindsOf(situation.graph, state);
  return Object.entries(situation.position.answers).some(([name, answer]) => {
    if (answer === '' || !text.startsWith(answer)) return false;
    const other = askedState(situation, name);
    return (
      name === state.name ||
      (other !== null && kindsOf(other.graph, other.state).some((kind) => kinds.includes(kind)))
    );
  });
}

/** Facts of these kinds are recognized by their words. Digits alone may be a postcode, a code or a year. */
const CLEAR_KINDS: readonly string[] = [
  'email',
  'birth date',
  'phone',
  'house number',
  'licence plate',
  'day and time',
  'full name',
  'month',
  'name',
];

function kindsAwaited(exit: ReadExit | undefined): readonly FactKind[] {
  return exit?.ways[0]?.kinds ?? [];
}

/** Returns true if a message tells the facts that an exit waits for, in words by which each is recognized anywhere. */
export function isAwaitedTold(exit: ReadExit | undefined, { text }: Message): boolean {
  const kinds = kindsAwaited(exit);
  return (
    kinds.length > 0 && kinds.every(({ name, find }) => CLEAR_KINDS.includes(name) && find(text) !== null)
  );
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
