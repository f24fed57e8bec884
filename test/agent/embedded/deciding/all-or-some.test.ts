import { describe, expect, it } from 'vitest';
import { chartGraph } from '../../../../scripts/agent-test/charts.ts';
import { chooseInActionState } from '../../../../src/agent/embedded/choosing.ts';
import { graphOf, situationAt, userSays } from '../../support.ts';

/** Returns the answer that a message gives to a question with three nodes behind it; "asks again" for none. */
function taken(question: string, answers: readonly string[], said: string): string {
  const { states } = chartGraph({
    name: 'Lamps',
    nodes: [
      {
        id: 'ask',
        question,
        answers: answers.map((text, index) => ({ text, next: `fine_${index}` })),
      },
    ],
    conclusions: answers.map((text, index) => ({ id: `fine_${index}`, text })),
  });
  const graph = graphOf(states);
  const state = graph.states.find(({ name }) => name === 'ask');
  if (state?.type !== 'action') throw new Error('"ask" is not an action state.');
  const situation = situationAt(graph, 'ask', { input: userSays(said) });
  const { choice } = chooseInActionState(
    { ...situation, position: { ...situation.position, performed: [0] } },
    state,
  );
  return choice.kind === 'exit' ? (answers[choice.index] ?? '') : 'asks again';
}

const LAMPS = ['all lamps are dark', 'only some lamps are dark'];
const PAGES = ['the smear is on every page', 'the smear is only on the first page'];

describe('exits that tell the whole from a part', () => {
  it.each([
    ['no lamp is lit', 0],
    ['not one of them is lit', 0],
    ['every one of them', 0],
    ['all of them are', 0],
    ['the lot', 0],
    ['not all, the one in the hall is lit', 1],
    ['some of them', 1],
    ['just the kitchen ones', 1],
    ['only two of them', 1],
    ['the garden one', 1],
  ])('are told by the words for a quantity: %j is answer %i', (said, expected) => {
    expect(taken('Are all lamps dark, or only some of them?', LAMPS, said)).toBe(LAMPS[expected]);
  });

  it.each([
    ['on the second page too', 0],
    ['it is always there', 0],
    ['not only on the first one', 0],
    ['just on the first', 1],
    ['the others are clean', 1],
  ])('are told by other pages and times: %j is answer %i', (said, expected) => {
    expect(taken('Is the smear on every page, or only on the first?', PAGES, said)).toBe(PAGES[expected]);
  });

  it.each(['hello', 'my uncle repairs lamps', 'why do you ask?'])('are left alone by %j', (said) => {
    expect(taken('Are all lamps dark, or only some of them?', LAMPS, said)).toBe('asks again');
  });
});
