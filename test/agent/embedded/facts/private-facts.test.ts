/** Names, house numbers and licence plates, and where the agent goes on when a message told them before the question. */
import { describe, expect, it } from 'vitest';
import { chooseInActionState } from '../../../../src/agent/embedded/choosing.ts';
import { findLicencePlate, findLicencePlateInAnswer } from '../../../../src/agent/embedded/facts/contacts.ts';
import { kindsNamedIn } from '../../../../src/agent/embedded/facts/kinds.ts';
import { findIntroducedFullName, findIntroducedName } from '../../../../src/agent/embedded/facts/names.ts';
import { findHouseNumber, findHouseNumberInAnswer } from '../../../../src/agent/embedded/facts/places.ts';
import type { Choice } from '../../../../src/agent/reasoner.ts';
import { actionState } from '../../../support/organization.ts';
import { graphOf, situationAt, userSays } from '../../support.ts';

describe('a house number', () => {
  it.each<[string, string]>([
    ['22 Poplar Street', '22'],
    ['Elm Avenue 14c', '14c'],
    ['it is number 9', '9'],
    ['house number 120', '120'],
  ])('in %j is %j', (said, number) => {
    expect(findHouseNumber(said)).toBe(number);
  });

  it.each(['two large boxes', 'my number is 0151 4455', 'at seven', 'Elm Avenue'])('is not in %j', (said) => {
    expect(findHouseNumber(said)).toBeNull();
  });

  it.each<[string, string | null]>([
    ['44', '44'],
    ['7b', '7b'],
    ['sixty-two', 'sixty-two'],
    ['not 12, 14', '14'],
    ['I have to look it up', null],
  ])('answers the question for it in %j: %j', (said, number) => {
    expect(findHouseNumberInAnswer(said)).toBe(number);
  });

  it('is another fact than a number and than an address', () => {
    const namesOf = (text: string) => kindsNamedIn(text).map(({ name }) => name);
    expect(namesOf('The house number was given')).toEqual(['house number']);
    expect(namesOf('The street and the house number were given')).toEqual(['address']);
    expect(namesOf('The number was given')).toEqual(['number']);
  });
});

describe('a licence plate', () => {
  it.each<[string, string]>([
    ['it is K LM 4471', 'K LM 4471'],
    ['AB12 CDE', 'AB12 CDE'],
    ['7XYZ123', '7XYZ123'],
    ['not B-CD 12 but B-CE 12', 'B-CE 12'],
  ])('in %j is %j', (said, plate) => {
    expect(findLicencePlate(said)).toBe(plate);
  });

  it.each(['31', 'I am 31', 'a moment please', 'two of 12'])('is not in %j', (said) => {
    expect(findLicencePlate(said)).toBeNull();
  });

  it('may be typed in small letters in the answer to the question for it', () => {
    expect(findLicencePlateInAnswer('k lm 4471')).toBe('k lm 4471');
    expect(findLicencePlateInAnswer('let me go and look')).toBeNull();
  });
});

describe('a name that was not asked for', () => {
  it.each<[string, string]>([
    ['a place for my son Idris Okoye', 'Idris Okoye'],
    ["it's about my little sister Carmen de la Cruz, born in May", 'Carmen de la Cruz'],
    ['my full name is Wanda Zielinski', 'Wanda Zielinski'],
  ])('in %j is %j', (said, name) => {
    expect(findIntroducedFullName(said)).toBe(name);
  });

  it.each(['my son plays the piano', 'my mother Tongue', 'my sister is ill'])('is not in %j', (said) => {
    expect(findIntroducedName(said)).toBeNull();
  });
});

describe('a state with a quoted question, just reached', () => {
  const GRAPH = graphOf([
    actionState('house', ['Ask: "At which number?"'], [['The house number was given', 'owner']]),
    actionState('owner', ['Ask: "Whose name is on the bell?"'], [['The name was given', 'code']]),
    actionState('code', ['Ask: "And the postcode?"'], [['The postcode was given', 'end']]),
    actionState('end', ['Say: "Bye!"'], []),
  ]);
  const chosen = (name: string, said: string): Choice => {
    const state = GRAPH.states.find((candidate) => candidate.name === name);
    if (state?.type !== 'action') throw new Error(`"${name}" is not an action state.`);
    return chooseInActionState(situationAt(GRAPH, name, { input: userSays(said), arrived: true }), state)
      .choice;
  };

  it('is left when the message gave the fact that its exit waits for', () => {
    expect(chosen('house', 'Poplar Street 22')).toEqual({ kind: 'exit', index: 0 });
    expect(chosen('owner', 'Poplar Street 22, the name is Okoye')).toEqual({ kind: 'exit', index: 0 });
  });

  it('asks when the message did not give it, or only digits that may mean anything', () => {
    expect(chosen('house', 'Poplar Street')).toEqual({ kind: 'action', index: 0 });
    expect(chosen('owner', 'Poplar Street 22')).toEqual({ kind: 'action', index: 0 });
    expect(chosen('code', 'I was born in 1954')).toEqual({ kind: 'action', index: 0 });
  });
});
