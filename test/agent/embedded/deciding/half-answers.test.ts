/** Answers to a question for two things, and facts that are told before their question. */
import { describe, expect, it } from 'vitest';
import { hireBoat } from './boat-hire.ts';

describe('half an answer', () => {
  it.each([
    ['on Sunday', 'And at what time?', 'at ten'],
    ['half past nine', 'And on which day?', 'Thursday'],
  ])('%j has the other half asked for', async (first, asked, second) => {
    const { talk, said, state } = await hireBoat('yes', 'a canoe', first);
    expect([state, said]).toEqual(['ask_when', asked]);
    await talk.say(second);
    expect(talk.position.state).toBe('ask_name');
  });

  it('is a whole one when both are told', async () => {
    const { state } = await hireBoat('yes', 'a canoe', 'Sunday at ten');
    expect(state).toBe('ask_name');
  });

  it('is completed by the last name', async () => {
    const { talk, said, state } = await hireBoat('yes', 'a canoe', 'Sunday at ten', 'Amina');
    expect([state, said]).toEqual(['ask_name', 'And your last name?']);
    await talk.say('Diop');
    expect(talk.position.state).toBe('ask_card');
  });

  it.each(["that's my full name", 'I only have one name', 'I have no last name'])(
    'is a whole one when the user says %j',
    async (saying) => {
      const { talk } = await hireBoat('yes', 'a canoe', 'Sunday at ten', 'Amina');
      await talk.say(saying);
      expect(talk.position.state).toBe('ask_card');
    },
  );
});

describe('an answer of another kind than the named fact', () => {
  it.each(['the kayak', 'we are five people'])('%j is taken where the exit names both', async (saying) => {
    expect((await hireBoat('yes', saying)).state).toBe('ask_when');
  });

  it.each(['purple', 'my aunt'])('%j is none', async (saying) => {
    expect((await hireBoat('yes', saying)).state).toBe('ask_boat');
  });
});

describe('a fact that was told before its question', () => {
  it('passes the question in the same message', async () => {
    const { state } = await hireBoat('yes', 'the kayak, on Sunday at ten');
    expect(state).toBe('ask_name');
  });

  it('passes the question of a later message', async () => {
    const { talk, state } = await hireBoat(
      'yes',
      'a kayak, my phone number is 555 201 3377',
      'Sunday at ten',
    );
    expect(state).toBe('ask_name');
    await talk.say('Amina Diop');
    expect(talk.position.state).toBe('ask_card');
    await talk.say('KX 20311');
    expect(talk.position.state).toBe('end');
  });

  it.each(['I was there last Sunday at ten, it was lovely. A kayak', 'are you open on Sunday at ten?'])(
    'is not told by %j',
    async (saying) => {
      const { talk } = await hireBoat('yes', saying);
      if (talk.position.state === 'ask_boat') await talk.say('a kayak');
      expect(talk.position.state).toBe('ask_when');
    },
  );
});
