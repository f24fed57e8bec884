/** Tests of triggers that are compared by meaning, with the table of word vectors that is deployed. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readVectors } from '../../src/agent/embedded/meaning/vectors.ts';
import { behaviorSetOff, isSetOff, relevantBehaviors } from '../../src/agent/embedded/triggers.ts';
import { TRIGGER_PAIRS, UNSEEN_PAIRS, type TriggerPair } from './trigger-pairs.ts';

const vectors = readVectors(readFileSync('assets/word-vectors.bin'));

/** Returns the messages that set off their triggers and should, and those that should not. */
function setOff(pairs: readonly TriggerPair[], table: typeof vectors | null) {
  const off = pairs.filter(([triggers, said]) => isSetOff(triggers, said, table));
  return { right: off.filter(([, , should]) => should), wrong: off.filter(([, , should]) => !should) };
}

describe('a trigger that is compared by meaning', () => {
  it('is set off by most messages in other words, where words alone meet few of them', () => {
    expect(setOff(TRIGGER_PAIRS, vectors).right.length).toBeGreaterThanOrEqual(29);
    expect(setOff(TRIGGER_PAIRS, null).right.length).toBeLessThanOrEqual(8);
    expect(setOff(UNSEEN_PAIRS, vectors).right.length).toBeGreaterThanOrEqual(14);
    expect(setOff(UNSEEN_PAIRS, null).right.length).toBeLessThanOrEqual(4);
  });

  it('is set off by hardly any message about something else', () => {
    const wrong = setOff(TRIGGER_PAIRS, vectors).wrong.length - setOff(TRIGGER_PAIRS, null).wrong.length;
    expect(wrong).toBeLessThanOrEqual(1);
    expect(setOff(UNSEEN_PAIRS, vectors).wrong.length).toBeLessThanOrEqual(1);
  });

  it.each([
    ['gluten, celiac or coeliac', 'is there gluten in it?', true],
    ['nuts, peanuts, gluten or celiac', 'is there wheat in it?', true],
    ['gluten, celiac or coeliac', 'Guten Abend', false],
    ['gluten, celiac or coeliac', 'Guten Morgen zusammen', false],
    ['a lawyer or a court', 'I will call my attorney', true],
    ['a lawyer or a court', 'I have no attorney', false],
    ['no refund', 'I demand a reimbursement', false],
  ])('%j and the message %j: %j', (trigger, said, expected) => {
    expect(isSetOff([trigger], said, vectors)).toBe(expected);
  });

  it('gives way to a set whose words are said, and then the nearer set is taken', () => {
    const sets = [
      { name: 'Near', triggers: ['a lawyer, the court or suing'] },
      { name: 'Said', triggers: ['an attorney or a solicitor'] },
    ];
    const input = [{ by: 'user' as const, text: 'You will hear from my attorney.' }];
    expect(relevantBehaviors(input, sets, vectors)).toEqual([1, 0]);
    expect(behaviorSetOff(input, sets, vectors)).toBe(1);
    expect(behaviorSetOff(input, sets.slice(0, 1), vectors)).toBe(0);
    expect(behaviorSetOff(input, sets.slice(0, 1))).toBeNull();
  });

  it('takes time that grows with the number of sets and not faster, however long the message is', () => {
    const sets = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        name: `${index}`,
        triggers: Array.from({ length: 20 }, (_each, at) => `a lawyer ${at}, the court or suing ${index}`),
      }));
    const text = 'the attorney, a judge and a jury saw the accused. '.repeat(200);
    const milliseconds = (count: number) => {
      const many = sets(count);
      const begin = performance.now();
      behaviorSetOff([{ by: 'user', text }], many, vectors);
      return performance.now() - begin;
    };
    milliseconds(20);
    expect(milliseconds(160)).toBeLessThan(Math.max(milliseconds(20), 2) * 8 * 6);
  });
});
