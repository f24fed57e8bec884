/**
 * Plays one state in the styles of many authors: phrasings of its question, of the descriptions of its exits and of what
 * a user says, combined at random with a fixed seed.
 */
import { chooseInActionState } from '../../../../src/agent/embedded/choosing.ts';
import type { WordVectors } from '../../../../src/agent/embedded/meaning/vectors.ts';
import { actionState } from '../../../support/organization.ts';
import { graphOf, situationAt, userSays } from '../../support.ts';

/** Phrasings that mean the same. `{U}` and `{u}` stand for the user: "The caller" and "the caller". */
export interface StyleGroup {
  name: string;
  /** Actions that ask. */
  questions: readonly string[];
  /** The phrasings of each exit. */
  exits: readonly (readonly string[])[];
  /** Tells what users say, by the index of the exit that they mean; -1 for what is no answer. */
  answers: readonly (readonly [exit: number, said: readonly string[]])[];
  /** The exit that ends the conversation. */
  ends?: number;
}

/** Result of a group: the number of right combinations, of all, and a line for each wrong one. */
export interface PlayedStyles {
  right: number;
  of: number;
  wrong: string[];
}

const ROLES = ['user', 'caller', 'customer', 'guest', 'patient', 'visitor'];

/** Returns a function that picks from lists at random, in the same way for the same seed. */
function picker(seed: number): <T>(list: readonly T[]) => T {
  let state = seed;
  return <T>(list: readonly T[]) => {
    state = (state * 16_807) % 2_147_483_647;
    return list[state % list.length] as T;
  };
}

/** One combination: the action that asks, and the exits in their order. */
interface Combination {
  question: string;
  exits: { index: number; description: string }[];
}

/** Returns the index of the exit that is taken in a combination; -1 for none. */
function takenIn(
  { question, exits }: Combination,
  said: string,
  ends: number | null,
  vectors: WordVectors | null,
): number {
  const nameOf = (index: number) => (index === ends ? 'end' : `answer_${index}`);
  const asking = actionState(
    'ask',
    [question],
    exits.map(({ index, description }) => [description, nameOf(index)]),
  );
  const behind = exits
    .filter(({ index }) => index !== ends)
    .map(({ index }) => actionState(nameOf(index), ['Say: "Fine."'], [['A color is named', 'end']]));
  const graph = graphOf([asking, ...behind, actionState('end', ['Say: "Goodbye."'], [])]);
  const situation = situationAt(graph, 'ask', { input: userSays(said) });
  const { choice } = chooseInActionState(
    { ...situation, position: { ...situation.position, performed: [0] } },
    asking,
    vectors,
  );
  return choice.kind === 'exit' ? (exits[choice.index]?.index ?? -1) : -1;
}

/** Plays each answer of a group in `times` combinations. */
export function playStyles(
  group: StyleGroup,
  { times, seed, vectors = null }: { times: number; seed: number; vectors?: WordVectors | null },
): PlayedStyles {
  const pick = picker(seed);
  const combined = (): Combination => {
    const role = pick(ROLES);
    const filled = (text: string) => text.replaceAll('{U}', `The ${role}`).replaceAll('{u}', `the ${role}`);
    const exits = group.exits.map((phrasings, index) => ({ index, description: filled(pick(phrasings)) }));
    return { question: filled(pick(group.questions)), exits: pick([exits, exits.toReversed()]) };
  };
  const sayings = group.answers.flatMap(([exit, said]) => said.map((text) => ({ exit, text })));
  const played: PlayedStyles = { right: 0, of: 0, wrong: [] };
  for (const { exit, text } of sayings.flatMap((saying) => Array.from({ length: times }, () => saying))) {
    const combination = combined();
    const taken = takenIn(combination, text, group.ends ?? null, vectors);
    played.of += 1;
    if (taken === exit) played.right += 1;
    else {
      const exits = combination.exits.map(({ description }) => description).join(' | ');
      played.wrong.push(`"${text}" at "${combination.question}" takes ${taken} and not ${exit} of ${exits}`);
    }
  }
  return played;
}
