import { describe, expect, it } from 'vitest';
import type { OrganizationFile } from '../../../../src/registry/organization.ts';
import { actionState, testOrganization } from '../../../support/organization.ts';
import { graphOf, Talk } from '../../support.ts';

const GRAPH = graphOf([
  actionState(
    'topic',
    ['Ask: "Is it about a kayak or a canoe?"'],
    [
      ['It is about a kayak', 'length'],
      ['It is about a canoe', 'length'],
      ['The guest wants to speak to a person', 'desk'],
      ['The guest declines, or says goodbye', 'end'],
    ],
  ),
  actionState(
    'length',
    [
      'Ask: "For how many hours?"',
      'If the guest asks whether you are a machine, say: "Yes, but a friendly one. How many hours?"',
    ],
    [
      ['The guest has given the number of hours', 'topic'],
      ['The guest says goodbye', 'end'],
    ],
  ),
  actionState('desk', ['Say: "I put you through."'], [['The guest says goodbye', 'end']]),
  actionState('end', ['Say: "Goodbye!"'], []),
]);
const FILE: OrganizationFile = {
  ...testOrganization('0'.repeat(64)),
  graphs: [GRAPH],
  dynamic_behavior_sets: [],
};

async function talk(...said: string[]) {
  const talked = new Talk(FILE, GRAPH.name);
  let last = await talked.say(null);
  for (const each of said) last = await talked.say(each);
  return { last, state: talked.position.state };
}

describe('a message about the agent or the conversation', () => {
  it.each([
    'are you a bot?',
    'Are you really human?',
    'am I speaking with a real person',
    'is this a recording?',
    'who are you?',
    "what's your name?",
  ])('is told who the agent is, and keeps the place: %s', async (said) => {
    const { last, state } = await talk(said);
    expect(last).toMatch(/^I am .+, an automated assistant of .+\. Is it about a kayak or a canoe\?$/);
    expect(state).toBe('topic');
  });

  it.each(['how are you?', 'Hi there, how are you doing today?', "hey! how's it going?"])(
    'is answered politely where it asks how the agent is, and keeps the place: %s',
    async (said) => {
      const { last, state } = await talk(said);
      expect([last, state]).toEqual(['I am doing well, thank you. Is it about a kayak or a canoe?', 'topic']);
    },
  );

  it.each(['how are you sending the kayak?', 'how is it going to be paid?'])(
    'is told from a question about a matter: %s',
    async (said) => {
      expect((await talk(said)).last).not.toContain('doing well');
    },
  );

  it('gives way to the words of the graph, to a wish for a person, and to a question about another thing', async () => {
    expect((await talk('a kayak', 'are you a machine?')).last).toContain('friendly one');
    expect((await talk('are you a robot? let me speak to a person')).state).toBe('desk');
    expect((await talk('who is the teacher of the kayak course?')).last).not.toContain('automated');
    expect((await talk('is this a good machine for beginners?')).last).not.toContain('automated');
  });

  it('has the last words repeated without an apology', async () => {
    expect((await talk('sorry, what?')).last).toBe('Is it about a kayak or a canoe?');
    expect((await talk('can you say that again?')).last).toBe('Is it about a kayak or a canoe?');
  });

  it('is told what the agent takes', async () => {
    expect((await talk('a canoe', 'what can you do for me?')).last).toContain('the number of hours');
  });

  it('hears a complaint, and takes the answer that it holds', async () => {
    const { last, state } = await talk('you are useless');
    expect([last, state]).toEqual(['I am sorry about that. Is it about a kayak or a canoe?', 'topic']);
    expect((await talk('I already told you, a kayak')).state).toBe('length');
  });

  it.each([
    'my arm hurts',
    'I do not know',
    'that is a sad story',
    'half past six',
    'I remember nothing of it',
  ])('does not end because of what is bad, unknown or beside the point: %s', async (said) => {
    expect((await talk(said)).state).not.toBe('end');
  });

  it.each(['no thanks', 'goodbye', "I don't want one", 'never mind'])('ends by %s', async (said) => {
    expect((await talk(said)).state).toBe('end');
  });
});
