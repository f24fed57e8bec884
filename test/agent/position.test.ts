import { describe, expect, it } from 'vitest';
import { enterState, performAction, recordAnswer, startPosition } from '../../src/agent/position.ts';

const START = startPosition(['ddddddddddddddddddddddd1', 1], 'greet');

describe('a position', () => {
  it('starts without actions, answers, queries or results', () => {
    expect(START).toEqual({
      graph: ['ddddddddddddddddddddddd1', 1],
      state: 'greet',
      performed: [],
      answers: {},
      returns: [],
      asked: [],
      behavior: null,
      tool_results: [],
    });
  });

  it('keeps characters whole where it cuts an answer', () => {
    for (const text of [`a${'🎉'.repeat(500)}`, '🎉'.repeat(500), `${'x'.repeat(199)}🎉`]) {
      const kept = recordAnswer(START, text).answers['greet'] ?? '';
      expect(kept.isWellFormed()).toBe(true);
      expect(text.startsWith(kept)).toBe(true);
      expect(kept.length).toBeGreaterThanOrEqual(199);
    }
  });

  it('stores each performed action once, until a state is entered', () => {
    const performed = [1, 0, 1].reduce(performAction, START);
    expect(performed.performed).toEqual([1, 0]);
    expect(enterState(performed, 'ask')).toEqual({ ...START, state: 'ask', performed: [] });
    expect(START.performed).toEqual([]);
  });

  it('stores the last answer of a state, as the newest of all answers', () => {
    const first = recordAnswer(START, 'one');
    const second = recordAnswer(enterState(first, 'ask'), 'two');
    const third = recordAnswer(enterState(second, 'greet'), 'three');
    expect(Object.entries(third.answers)).toEqual([
      ['ask', 'two'],
      ['greet', 'three'],
    ]);
  });

  it('cuts a long answer to 200 characters', () => {
    expect(recordAnswer(START, 'x'.repeat(201)).answers).toEqual({ greet: 'x'.repeat(200) });
  });

  it('stores 40 answers and drops the oldest', () => {
    const states = Array.from({ length: 41 }, (_, index) => `state_${index}`);
    const position = states.reduce((before, state) => recordAnswer(enterState(before, state), state), START);
    expect(Object.keys(position.answers)).toEqual(states.slice(1));
  });
});
