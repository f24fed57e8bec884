import { describe, expect, it } from 'vitest';
import { readState } from '../../../../src/agent/embedded/reading/states.ts';
import { actionState } from '../../../support/organization.ts';
import { graphOf } from '../../../support/scripted-turn.ts';

function read(question: string, descriptions: readonly string[]) {
  const state = actionState(
    'ask',
    [`Ask: "${question}"`],
    descriptions.map((description) => [description, 'end']),
  );
  const { exits, order } = readState(graphOf([state, actionState('end', ['Say: "Bye!"'], [])]), state);
  const named = exits.map(({ ways: [way] }) =>
    (way?.named ?? []).flatMap(({ words }) => words.map(([stem]) => stem)).join(' '),
  );
  return { named, order };
}

describe('the options of a question', () => {
  it('name the exits in other words than theirs, in any order of the exits', () => {
    const question = 'Would you like to borrow, to prolong or to bring something back?';
    const { named } = read(question, [
      'A loan is to last longer, so it is renewed',
      'Something is returned',
      'The reader takes a book home',
    ]);
    expect(named).toEqual(['prolong', 'bring back', 'borrow']);
  });

  it('name nothing where their words speak for the same exit', () => {
    expect(
      read('Is it the gate or the fence?', ['The gate or the fence is broken', 'Neither']).named,
    ).toEqual(['', '']);
  });

  it('are not left over for an exit that only denies', () => {
    const question = 'Do you hear a noise in the engine or the wheels?';
    expect(read(question, ['The driver hears a noise', 'The driver hears no noise']).named).toEqual(['', '']);
  });

  it('tell the order of the exits', () => {
    const exits = ['Beech is wanted', 'Oak is wanted', 'Pine is wanted'];
    expect(read('Oak, pine or beech?', exits).order).toEqual([1, 2, 0]);
    expect(read('We have oak, pine and beech. Which wood?', exits).order).toEqual([1, 2, 0]);
    expect(read('Which wood?', exits).order).toEqual([]);
  });
});
