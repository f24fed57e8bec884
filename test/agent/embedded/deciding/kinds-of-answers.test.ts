/** Kinds of answers, on a graph of a boat rental whose words no set of dialogues has. */
import { describe, expect, it } from 'vitest';
import { chooseInActionState } from '../../../../src/agent/embedded/choosing.ts';
import type { Chosen } from '../../../../src/agent/embedded/deciding/moment.ts';
import { messageFor } from '../../../../src/agent/embedded/message.ts';
import type { Situation, Utterance } from '../../../../src/agent/reasoner.ts';
import type { ContextGraph } from '../../../../src/registry/graph.ts';
import { actionState } from '../../../support/organization.ts';
import { graphOf, situationAt, userSays } from '../../support.ts';

const GRAPH = graphOf([
  actionState(
    'topic',
    ['Greet the sailor: "Harbour desk. Is it about a boat or about an engine?"'],
    [
      ['It is about a boat', 'boat'],
      ['It is about an engine', 'engine'],
      ['The sailor says goodbye', 'end'],
    ],
  ),
  actionState(
    'boat',
    ['Ask whether it is a kayak, a canoe or both.'],
    [
      ['The sailor wants a kayak only', 'aboard'],
      ['The sailor wants a canoe only', 'name'],
      ['The sailor wants both a kayak and a canoe', 'price'],
    ],
  ),
  actionState(
    'aboard',
    ['Ask: "Will you be aboard on that day?"'],
    [
      ['The sailor will be aboard', 'name'],
      ['The sailor will not be aboard', 'topic'],
    ],
  ),
  actionState(
    'keep',
    ['Ask whether the trip is really to be cancelled, or rather to be postponed.'],
    [
      ['The trip is to be cancelled', 'name'],
      ['The trip is to be postponed', 'topic'],
      ['The sailor would rather keep the trip as it is', 'aboard'],
    ],
  ),
  actionState(
    'leave',
    ['Ask whether the sailor really wants to leave the club.'],
    [
      ['The sailor really wants to leave the club', 'end'],
      ['The sailor wants to stay in the club', 'name'],
    ],
  ),
  actionState(
    'name',
    ['Ask for the first and the last name.', 'If no name was given, ask again.'],
    [
      ['The sailor has given their first and last name', 'engine'],
      ['The sailor does not want to give a name', 'aboard'],
    ],
  ),
  actionState(
    'engine',
    ['Ask: "On which day shall we look at it?"', 'If no day was named, ask again for a day.'],
    [['The sailor has named a day', 'end']],
  ),
  actionState(
    'price',
    ['Ask: "Shall it be the one for 15, for 25 or for 40 euros?"'],
    [['The sailor has chosen a price', 'end']],
  ),
  actionState(
    'more',
    ['Ask: "Is there anything else?"'],
    [['The sailor needs nothing else, or says goodbye', 'end']],
  ),
  actionState('end', ['Say: "Ahoy!"'], []),
]);

function stateOf(graph: ContextGraph, name: string) {
  const state = graph.states.find((candidate) => candidate.name === name);
  if (state?.type !== 'action') throw new Error(`There is no action state "${name}".`);
  return state;
}

function situation(name: string, said: string, more: Partial<Situation> = {}): Situation {
  const made = situationAt(GRAPH, name, { input: userSays(said), ...more });
  return { ...made, position: { ...made.position, performed: [0] } };
}

/** Returns the state that a message leads to, or the state itself. */
function leadsTo(name: string, said: string, position: Partial<Situation['position']> = {}): string {
  const made = situation(name, said);
  const { choice } = chooseInActionState(
    { ...made, position: { ...made.position, ...position } },
    stateOf(GRAPH, name),
  );
  return choice.kind === 'action'
    ? name
    : String(stateOf(GRAPH, name).exit_conditions[choice.index]?.next_state);
}

describe('an answer', () => {
  it.each<[state: string, said: string, next: string]>([
    // A denial beside the subject does not change the subject.
    ['topic', "my boat isn't here", 'boat'],
    ['topic', 'Lovely. The engine is not running', 'engine'],
    // One of several options, with a word that only agrees.
    ['boat', 'okay, a kayak', 'aboard'],
    ['boat', 'fine, a canoe then', 'name'],
    ['boat', 'both please', 'price'],
    // The matter is left out behind the verb.
    ['aboard', 'I will be there', 'name'],
    ['aboard', "I won't be", 'topic'],
    // What is wanted instead counts before what is taken back.
    ['keep', "No, don't cancel it, I'd rather postpone it", 'topic'],
    ['keep', 'cancel it please', 'name'],
    ['leave', 'yes, really', 'end'],
    // Both names are asked for.
    ['name', 'Ludmila', 'name'],
    ['name', 'Ludmila Benz', 'engine'],
    ['name', 'Benz, Ludmila', 'engine'],
    ['name', 'first name Ludmila, last name Benz', 'engine'],
    ['name', 'Ludmila Benz is my name', 'engine'],
    ['name', "I'd rather not say", 'aboard'],
    ['name', 'I prefer to keep that to myself', 'aboard'],
    // A vague wish names no day.
    ['engine', 'the sooner the better', 'engine'],
    ['engine', 'as early as you can', 'engine'],
    ['engine', 'Thursday, the sooner the better', 'end'],
    // A number in words is the same as in digits.
    ['price', 'forty', 'end'],
    ['price', 'the one for twenty-five', 'end'],
    ['price', 'seventy', 'price'],
    // A user who thanks and asks for time does not say goodbye.
    ['more', 'thanks, one moment please', 'more'],
    ['more', 'oh thanks, hold on', 'more'],
    ['more', 'no thanks', 'end'],
  ])('in %s, %j leads to %s', (state, said, next) => {
    expect(leadsTo(state, said)).toBe(next);
  });

  it('needs no more for the end of a graph that was called than for any other exit', () => {
    const returns = [{ graph: [GRAPH.id, 1] as [string, number], state: 'topic' }];
    expect(leadsTo('engine', 'on a day that ends in y, whatever suits', {})).toBe('engine');
    expect(leadsTo('engine', 'some time after work', { returns })).toBe('end');
  });
});

/** Returns what the agent says to a message that it does not understand, after messages of its own. */
function saidAfter(name: string, said: string, own: readonly string[]): string {
  const history: Utterance[] = own.flatMap((text) => [
    { by: 'agent' as const, text },
    { by: 'user' as const, text: 'hm' },
  ]);
  const made = situation(name, said, { history });
  const state = stateOf(GRAPH, name);
  const chosen: Chosen = chooseInActionState(made, state);
  if (chosen.choice.kind !== 'action') throw new Error('An exit was taken.');
  return messageFor(made, state, chosen.choice.index, chosen);
}

describe('a message that is not understood', () => {
  it('is answered with the question of the state, also where its words are not quoted', () => {
    expect(saidAfter('name', 'xyzzy 3', [])).toContain('Could you tell me the first and the last name?');
  });

  it('is answered by what the state takes after the same question twice', () => {
    const question = 'Could you tell me the first and the last name?';
    const offered = saidAfter('name', 'xyzzy 3', [question, `Sorry. ${question}`]);
    expect(offered).toContain('To go on, please tell me your first and last name.');
    expect(offered).not.toContain(question);
    expect(offered).toContain('“stop”');
    expect(saidAfter('name', 'xyzzy 3', [question, 'To go on, please tell me your name.'])).toContain(
      question,
    );
  });

  it('is answered by the choices of the state where it waits for no fact', () => {
    const question = 'Is it about a boat or about an engine?';
    expect(saidAfter('topic', 'xyzzy', [question, question])).toContain(
      'Do you mean that it is about a boat, or it is about an engine?',
    );
  });

  it.each(['hello', 'Guten Tag', 'bonjour'])('is no apology when it only greets: %j', (greeting) => {
    expect(saidAfter('engine', greeting, [])).toBe('Hello! On which day shall we look at it?');
  });

  it('is no apology when it only thanks', () => {
    expect(saidAfter('engine', 'thanks', [])).toBe('You are welcome. On which day shall we look at it?');
  });
});
