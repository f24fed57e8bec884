/** Evidence by meaning, with word vectors of a few words. */
import { describe, expect, it } from 'vitest';
import { chooseInActionState } from '../../../../src/agent/embedded/choosing.ts';
import { stemOf } from '../../../../src/agent/embedded/language/stems.ts';
import type { WordVectors } from '../../../../src/agent/embedded/meaning/vectors.ts';
import { actionState, decisionState } from '../../../support/organization.ts';
import { graphOf, situationAt, userSays } from '../../support.ts';

const NEAR: readonly [string, string, number][] = [
  ['mutter', 'speak', 0.65],
  ['invoice', 'bill', 0.62],
  ['wallet', 'bill', 0.3],
  ['wallet', 'pipe', 0.29],
  ['car', 'parking', 0.7],
];
const KNOWN = new Set(NEAR.flatMap(([a, b]) => [stemOf(a), stemOf(b)]));

const VECTORS: WordVectors = {
  similarity: (a, b) =>
    NEAR.find(
      ([one, other]) =>
        (stemOf(one) === a && stemOf(other) === b) || (stemOf(one) === b && stemOf(other) === a),
    )?.[2] ?? 0,
  weight: (stem) => (KNOWN.has(stem) ? 0.8 : 0),
};

const GRAPH = graphOf([
  actionState(
    'desk',
    [
      'Ask: "What can I do for you?"',
      'If the caller asks about parking, answer: "Behind the house."',
      'If it is not clear, ask again.',
    ],
    [
      ['The caller says what it is about', 'sort'],
      ['The caller wants to speak to the porter', 'end'],
    ],
  ),
  decisionState('sort', [
    ['It is about a bill', 'end'],
    ['It is about a pipe', 'end'],
  ]),
  actionState('end', ['Bye.'], []),
]);

function chosen(said: string) {
  const [state] = GRAPH.states;
  if (state?.type !== 'action') throw new Error('It is an action state.');
  const at = situationAt(GRAPH, 'desk', { input: userSays(said) });
  const { choice } = chooseInActionState(
    { ...at, position: { ...at.position, performed: [0] } },
    state,
    VECTORS,
  );
  return `${choice.kind} ${choice.index}`;
}

describe('a word that is near in meaning', () => {
  it('is no wish when nothing else is said', () => {
    expect(chosen('mutter')).toBe('action 2');
    expect(chosen('Mutter mutter.')).toBe('action 2');
  });

  it('leads to a decision when it is near to one thing that is decided', () => {
    expect(chosen('I have got an invoice')).toBe('exit 0');
  });

  it('leads to no decision between two things to which it is equally near', () => {
    expect(chosen('I have got a wallet')).toBe('action 2');
  });

  it('finds the action that answers a question in other words', () => {
    expect(chosen('where can I leave the car?')).toBe('action 1');
  });
});
