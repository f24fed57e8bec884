/** Short answers to questions with two or three answers, on charts whose words no set of dialogues has. */
import { describe, expect, it } from 'vitest';
import { chartGraph } from '../../../../scripts/agent-test/charts.ts';
import { exitEvidence } from '../../../../src/agent/embedded/deciding/exits.ts';
import { WEIGHTS } from '../../../../src/agent/embedded/weights.ts';
import { momentOf } from '../../../../src/agent/embedded/deciding/moment.ts';
import { understandMessage } from '../../../../src/agent/embedded/language/message.ts';
import { situationAt, userSays } from '../../support.ts';

/** Returns the index of the answer that a saying clearly gives; -1 for none. */
function answered(question: string, answers: string[], say: string, help?: string): number {
  const node = { id: 'ask', question, help, answers: answers.map((text) => ({ text, next: 'done' })) };
  const graph = chartGraph({ name: 'Chart', nodes: [node], conclusions: [{ id: 'done', text: 'Done.' }] });
  const state = graph.states.find(({ name }) => name === 'ask');
  if (state?.type !== 'action') throw new Error('A node becomes an action state.');
  const at = situationAt(graph, 'ask', { input: userSays(say) });
  const { read, hearing } = momentOf(at, state, understandMessage(say), null);
  const evidence = exitEvidence(read, hearing);
  const [best = 0, next = 0] = [...evidence].sort((a, b) => b - a);
  return best >= WEIGHTS.leastToChoose && best - next >= 0.08 ? evidence.indexOf(best) : -1;
}

describe('an answer of small words', () => {
  const WAYS = ['the gate does not swing at all', 'the gate swings by herself', 'the gate swings at B'];
  it.each<[string, number]>([
    ['not at all', 0],
    ['by herself', 1],
    ['at B', 2],
    ['B', 2],
    ['it is', -1],
    ['please', -1],
  ])('%j is the end of description %i', (say, expected) => {
    expect(answered('How does the gate swing?', WAYS, say)).toBe(expected);
  });

  it('takes none when two descriptions end in it', () => {
    const both = ['the gate swings by herself', 'the bell rings by herself'];
    expect(answered('What is going on?', both, 'by herself')).toBe(-1);
  });
});

describe('a yes', () => {
  const FAN = ['the fan can be heard', 'the fan rattles'];
  it.each<[string, number]>([
    ['yes', 0],
    ['I can hear it', 0],
    ['no', 1],
  ])('or a no goes by the exit that says exactly what is asked: %j', (say, expected) => {
    expect(answered('Do you hear the fan?', FAN, say)).toBe(expected);
  });

  it.each<[string, number]>([
    ['yes, it is in the wall', 0],
    ['no', 1],
  ])('goes by a particle where exits are told by one: %j', (say, expected) => {
    expect(answered('Is the hook in the eye?', ['the hook is in', 'the hook is out'], say)).toBe(expected);
  });

  it('means none of three alternatives', () => {
    const three = ['the cake is burnt', 'the cake is raw', 'the cake has sunk'];
    expect(answered('Is the cake burnt, raw, or has it sunk?', three, 'yes')).toBe(-1);
  });
});

describe('a denial', () => {
  it('is a no when it denies the thing that is asked about', () => {
    const smoke = ['the whistle blows', 'the whistle stays silent'];
    expect(answered('Does the whistle on the kettle blow?', smoke, "there's no whistle")).toBe(1);
  });

  it('is no answer when the user cannot look', () => {
    const answers = ['the rope is wet', 'the rope is dry'];
    expect(answered('Is the rope wet?', answers, "I can't reach the rope")).toBe(-1);
  });
});

describe('an explanation', () => {
  const YES_NO = ['yes', 'no'];
  it.each<[string, string, string, number]>([
    ['Is a key stuck?', 'Every key should bounce back.', 'they bounce back', 1],
    ['Is a key stuck?', 'Every key should bounce back.', "one doesn't bounce back", 0],
    ['Does the scale work?', 'The pointer should tremble.', 'the pointer trembles', 0],
    ['Is the cork tight?', 'If the cork turns, it is not tight.', 'the cork turns', 1],
  ])('tells by what should be the case which answer is given: %s %s %s', (question, help, say, expected) => {
    expect(answered(question, YES_NO, say, help)).toBe(expected);
  });
});
