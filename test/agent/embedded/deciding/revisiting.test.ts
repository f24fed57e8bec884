/** Conversations in which a user corrects an earlier answer, with the embedded agent. */
import { describe, expect, it } from 'vitest';
import { ORDER_GRAPH, orderOrganization } from '../../order-graph.ts';
import { Talk } from '../../support.ts';

const ANSWERS = ['Jon Baker', 'medium please', '555 123 4567', 'jon@example.org'];

/** Returns the path of the last message, and the words of the agent. */
async function after(sayings: readonly string[]) {
  const talk = new Talk(orderOrganization(), 'Orders');
  let said = (await talk.say(null)) ?? '';
  for (const saying of sayings) {
    // A conversation is stored between two turns.
    talk.position = JSON.parse(JSON.stringify(talk.position)) as typeof talk.position;
    said = await talk.say(saying);
  }
  const path = talk.logs.at(-1)?.transitions.map(({ next_state }) => next_state) ?? [];
  return { talk, path, said };
}

const readBack = (size: string, phone = '555 123 4567', email = 'jon@example.org') =>
  `A ${size} one, call ${phone}, receipt to ${email}. Shall I place the order?`;

describe('a correction of an earlier answer', () => {
  it.each([
    ['wait, the size should be large', readBack('large')],
    ['no wait, make it large', readBack('large')],
    ['make it a large one instead', readBack('large')],
    ['Large.', readBack('large')],
    ['change the size to small', readBack('small')],
    ['the size must be small, sorry', readBack('small')],
    ['sorry, the phone number is 555 999 8888', readBack('medium', '555 999 8888')],
    ['wrong number, it is 555 222 3333', readBack('medium', '555 222 3333')],
    ['actually my e-mail is jb@example.net', readBack('medium', '555 123 4567', 'jb@example.net')],
    ['jb@example.net', readBack('medium', '555 123 4567', 'jb@example.net')],
    ['hold on, small and call 555 333 2222', readBack('small', '555 333 2222')],
  ])('"%s" goes back and then past the states whose answers are known', async (saying, expected) => {
    const { path, said } = await after([...ANSWERS, saying]);
    expect(said).toBe(expected);
    expect(path.at(-1)).toBe('confirm');
  });

  it.each([
    ['can I change the size?', 'ask_size'],
    ['the size is wrong', 'ask_size'],
    ['go back to the size please', 'ask_size'],
    ['can you change the phone number please', 'ask_phone'],
    ['the e-mail is not right', 'ask_email'],
  ])('"%s" asks for the answer again, because it has no new one', async (saying, state) => {
    const { talk, path, said } = await after([...ANSWERS, saying]);
    expect(path).toEqual([state]);
    const asked = ORDER_GRAPH.states.find(({ name }) => name === state);
    expect(asked?.type === 'action' && asked.actions[0]).toContain(said);
    expect(
      await talk.say(state === 'ask_size' ? 'large' : state === 'ask_phone' ? '555 777 1111' : 'a@b.example'),
    ).toContain('Shall I place the order?');
  });

  it.each([
    ['yes please', 'pay'],
    ['what sizes are there?', 'confirm'],
    ['how much does a large one cost?', 'confirm'],
    ['no', 'confirm'],
    ['hmm, let me think', 'confirm'],
    ['the weather is bad today', 'confirm'],
    ['medium', 'confirm'],
  ])('"%s" is none', async (saying, state) => {
    const { talk, path } = await after([...ANSWERS, saying]);
    expect(talk.position.state).toBe(state);
    expect(path.filter((name) => name.startsWith('ask_'))).toEqual([]);
  });

  it('is noted where the user is asked for something else in the meantime', async () => {
    const { said, talk } = await after([...ANSWERS.slice(0, 3), 'the size should be large']);
    expect(said).toBe('I have noted: large. Which e-mail address shall the receipt go to?');
    expect(talk.position.state).toBe('ask_email');
    expect(await talk.say('jon@example.org')).toBe(readBack('large'));
  });

  it('decides again behind the reopened state', async () => {
    const { path, talk } = await after([...ANSWERS, 'make it large']);
    expect(path).toContain('large_note');
    await talk.say('no, small please');
    expect(talk.logs.at(-1)?.transitions.map(({ next_state }) => next_state)).not.toContain('large_note');
  });

  it('has what was agreed to before confirmed again', async () => {
    const { said, talk } = await after([...ANSWERS, 'yes', 'wait, the size should be large']);
    expect(said).toBe(readBack('large'));
    expect(await talk.say('yes')).toBe('Would you like to pay by card or in cash?');
  });

  it('is an answer and no correction where the present state asks for the same', async () => {
    const { path } = await after([...ANSWERS.slice(0, 1), 'medium, no wait, large']);
    expect(path).toEqual(['sort_size', 'large_note', 'ask_phone']);
  });

  it('reopens nothing in a graph in which no state opts in', async () => {
    const states = ORDER_GRAPH.states.map(({ ...state }) => {
      if (state.type === 'action') delete state.revisit;
      return state;
    });
    const talk = new Talk(orderOrganization({ ...ORDER_GRAPH, states }), 'Orders');
    await talk.say(null);
    for (const saying of [...ANSWERS, 'wait, the size should be large']) await talk.say(saying);
    expect(talk.position.state).toBe('confirm');
    expect(talk.logs.at(-1)?.transitions).toEqual([]);
    expect(talk.position).not.toHaveProperty('passed');
  });
});
