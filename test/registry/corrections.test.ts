import { describe, expect, it } from 'vitest';
import { correctionHints, statesWithoutCorrection } from '../../src/registry/checks/corrections.ts';
import type { ActionState } from '../../src/registry/graph.ts';
import { actionState, decisionState } from '../support/organization.ts';
import { graphOf } from '../support/scripted-turn.ts';
import { RegistryInMemory } from './registry-in-memory.ts';
import { sampleFile } from './sample-file.ts';

const END = actionState('end', ['Say goodbye.'], []);
const size = actionState('size', ['Ask: "Which size?"'], [['a size', 'address']]);
const address = actionState('address', ['Find out the address.'], [['an address', 'confirm']]);
const confirm = actionState('confirm', ['Say: "Is it right?"'], [['yes', 'end']]);

const reopened = (state: ActionState): ActionState => ({ ...state, revisit: true });

describe('a state without a way to correct its answer', () => {
  it('asks for something, and nothing behind it leads back', () => {
    expect(statesWithoutCorrection(graphOf([size, address, confirm, END]))).toEqual(['size', 'address']);
  });

  it('is none that opts in to be reopened', () => {
    expect(statesWithoutCorrection(graphOf([reopened(size), address, confirm, END]))).toEqual(['address']);
  });

  it('is none to which a later state leads back, also through states that do not speak', () => {
    const back = actionState(
      'confirm',
      ['Say: "Is it right?"'],
      [
        ['yes', 'end'],
        ['no', 'which'],
      ],
    );
    const which = decisionState('which', [
      ['the size', 'size'],
      ['the address', 'address'],
    ]);
    expect(statesWithoutCorrection(graphOf([size, address, back, which, END]))).toEqual([]);
    const onlyAddress = decisionState('which', [['the address', 'address']]);
    expect(statesWithoutCorrection(graphOf([size, address, back, onlyAddress, END]))).toEqual(['size']);
  });

  it('is none that only tells something, and none behind which the conversation ends', () => {
    const tell = actionState('tell', ['Say: "Welcome."'], [['on', 'confirm']]);
    expect(statesWithoutCorrection(graphOf([tell, confirm, END]))).toEqual([]);
  });

  it('is found in linear time in a long graph', () => {
    const names = Array.from({ length: 500 }, (_, index) => `s${index}`);
    const states = names.map((name, index) =>
      actionState(
        name,
        ['Ask?'],
        names.slice(index + 1, index + 100).map((next) => ['on', next]),
      ),
    );
    expect(statesWithoutCorrection(graphOf([...states, END]))).toHaveLength(499);
  });

  it('is told with the publication that brings its graph, and not again', async () => {
    const registry = new RegistryInMemory();
    const { hints } = await registry.publish(sampleFile());
    expect(hints).toEqual([
      expect.stringMatching(/^Graph "Stall", version 1: no way leads back to ".+"\. Set "revisit"/),
    ]);
    expect((await registry.publish(sampleFile())).hints).toEqual([]);
  });

  it('is named in a hint with its graph, and with what helps', () => {
    expect(correctionHints([graphOf([size, address, confirm, END])])).toEqual([
      'Graph "Graph", version 1: no way leads back to "size", "address". Set "revisit" where the user may correct the answer.',
    ]);
    expect(correctionHints([graphOf([reopened(size), reopened(address), confirm, END])])).toEqual([]);
  });
});
