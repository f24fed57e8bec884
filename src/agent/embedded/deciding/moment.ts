/** A state at the moment of a message, and the choices that it leaves. */
import type { ActionState } from '../../../registry/graph.ts';
import type { Choice, Situation } from '../../reasoner.ts';
import type { ReadAction } from '../actions.ts';
import type { Evidence } from '../evidence.ts';
import type { Message } from '../language/message.ts';
import { questionIn, withYes } from '../reading/questions.ts';
import { rolesOf } from '../reading/roles.ts';
import { readState, type ReadState } from '../reading/states.ts';
import { vocabularyOf } from '../reading/vocabulary.ts';
import type { WordVectors } from '../meaning/vectors.ts';
import { hear } from '../words.ts';
import { isPolar } from '../reading/described-kinds.ts';
import { hearingOf, type Hearing } from './hearing.ts';

/** A choice, and how it is made. */
export interface Chosen {
  choice: Choice;
  /** True if the choice is made because the message was not understood. */
  missed: boolean;
  /** Words that are said in place of the action's own. */
  words?: string;
  /** Words that are said before the pending question, which is asked again. */
  lead?: string;
  /** True if the whole action is said behind `lead`, and not only its question. */
  whole?: boolean;
  /** Other actions that answer a question of the message. Their words, without what they ask, are said first. */
  answers?: readonly string[];
  /** True if the user asks for time to think or to look. */
  waits?: boolean;
  /** True if only the question of the action is said, without the words before it. */
  repeats?: boolean;
}

/** Returns the choice of the action at `index`. */
export const perform = (index: number, missed = false): Chosen => ({
  choice: { kind: 'action', index },
  missed,
});
/** Returns the choice of the exit at `index`. */
export const leaveBy = (index: number): Chosen => ({ choice: { kind: 'exit', index }, missed: false });

/** Returns what the user said, or what events told, in this turn. */
export function saidBy({ input }: Situation, by: 'user' | 'event'): string {
  return hear(
    input
      .filter((utterance) => utterance.by === by)
      .map(({ text }) => text)
      .join('\n'),
  );
}

/** Returns the indexes of the plain actions behind the last one that was performed, in their order. */
export function plainAhead(actions: readonly ReadAction[], performed: readonly number[]): number[] {
  const plain = actions.flatMap(({ occasion }, index) => (occasion === null ? [index] : []));
  const reached = Math.max(-1, ...performed.filter((index) => plain.includes(index)));
  return plain.filter((index) => index > reached);
}

/** The action that asks the pending question: the plain one performed last. */
export function pending(actions: readonly ReadAction[], performed: readonly number[]): number {
  const last = actions.findLastIndex(({ occasion }, index) => occasion === null && performed.includes(index));
  return last === -1
    ? Math.max(
        0,
        actions.findIndex(({ occasion }) => occasion === null),
      )
    : last;
}

/**
 * Returns the index of the action to perform when the message leads nowhere: the first one for a misunderstanding,
 * else the one that asks the pending question.
 */
export function again(actions: readonly ReadAction[], performed: readonly number[]): number {
  const clarifying = actions.findIndex(({ clarifies }) => clarifies);
  return clarifying === -1 ? pending(actions, performed) : clarifying;
}

/** A state with what was said in it. */
export interface Moment {
  situation: Situation;
  state: ActionState;
  read: ReadState;
  actions: readonly ReadAction[];
  hearing: Hearing;
}

/** Returns a state as it is read. In a graph that was called, the terminal state does not end the conversation. */
function readInPlace({ graph, position }: Situation, state: ActionState): ReadState {
  const read = readState(graph, state);
  if (position.returns.length === 0) return read;
  return { ...read, exits: read.exits.map((exit) => ({ ...exit, ends: false })) };
}

/** Hears a message in answer to the question that waits in a state. */
export function momentOf(
  situation: Situation,
  state: ActionState,
  message: Message,
  vectors: WordVectors | null,
): Moment {
  const read = readInPlace(situation, state);
  const actions = read.actions.map((action) => action.read);
  const asked = pending(actions, situation.position.performed);
  const question = questionIn(state, asked, rolesOf(situation.graph));
  const hearing = hearingOf(
    message,
    read.exits.some(({ ways: [way] }) => way !== undefined && isPolar(way)) ? withYes(question) : question,
    { vocabulary: vocabularyOf(situation.graph), vectors, now: situation.clock?.now ?? Date.now() },
    read,
  );
  return { situation, state, read, actions, hearing };
}

/** Returns the index of the greatest evidence above 0, the first of equals; -1 when there is none. */
export function greatest(evidence: readonly Evidence[]): number {
  let winner = -1;
  evidence.forEach((each, index) => {
    if (each > 0 && each > (evidence[winner] ?? 0)) winner = index;
  });
  return winner;
}
