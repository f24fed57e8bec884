/** Messages with an answer and a question, or with two questions. */
import { describe, expect, it } from 'vitest';
import { hireBoat } from './boat-hire.ts';

describe('a message that answers and asks', () => {
  it.each([
    ['a kayak please, and how much is the deposit?', 'The deposit is 50 euros.'],
    ['who may steer? I want the dinghy', 'Adults may steer.'],
    ['The canoe. When do you open?', 'We open at eight.'],
  ])('%j moves on, and the question is answered before the next one is asked', async (saying, answer) => {
    const { said, state } = await hireBoat('yes', saying);
    expect(state).toBe('ask_when');
    expect(said).toBe(`${answer} Could you tell me the day and the time?`);
  });

  it('keeps its place when it only asks', async () => {
    const { said, state } = await hireBoat('yes', 'how much is the deposit for a kayak?');
    expect(state).toBe('ask_boat');
    expect(said).toBe('The deposit is 50 euros. Which boat shall it be?');
  });

  it('keeps its place when it hesitates and asks', async () => {
    const { state } = await hireBoat('yes', 'hmm, let me think. Who may steer?');
    expect(state).toBe('ask_boat');
  });
});

describe('a message with two questions', () => {
  it.each([
    [
      'how much is the deposit and who may steer?',
      'The deposit is 50 euros. Adults may steer. Which boat shall it be?',
    ],
    [
      'Who may steer? What is the deposit?',
      'Adults may steer. The deposit is 50 euros. Which boat shall it be?',
    ],
    ['when do you open, and who may steer', 'We open at eight. Adults may steer. Which boat shall it be?'],
  ])('%j has both answered', async (saying, answers) => {
    const { said, state } = await hireBoat('yes', saying);
    expect(state).toBe('ask_boat');
    expect(said).toBe(answers);
  });
});
