/** One state that asks, with a message in answer to it. */
import { chooseInActionState } from '../../../../src/agent/embedded/choosing.ts';
import { actionState } from '../../../support/organization.ts';
import { graphOf } from '../../../support/scripted-turn.ts';
import { situationAt, userSays } from '../../support.ts';

/** Returns the index of the exit that a message takes in a state; null when the agent stays. */
export function exitTaken(action: string, descriptions: readonly string[], text: string): number | null {
  const state = actionState(
    'here',
    [action],
    descriptions.map((description, index): [string, string] => [description, index === 0 ? 'next' : 'end']),
  );
  const graph = graphOf([
    state,
    actionState('next', ['Ask: "When?"'], []),
    actionState('end', ['Say: "Bye."'], []),
  ]);
  const position = { ...situationAt(graph, 'here').position, performed: [0] };
  const { choice } = chooseInActionState(
    situationAt(graph, 'here', { position, input: userSays(text), arrived: false }),
    state,
  );
  return choice.kind === 'exit' ? choice.index : null;
}
