import { describe, expect, it } from 'vitest';
import { chatRequest, NO_CONCESSIONS } from '../../../src/agent/language-model/request.ts';
import { isEcho, beginsOf } from '../../../src/agent/language-model/answer/echo.ts';
import { scriptedModel } from './situations.ts';

const [choice] = scriptedModel([]).models();
const prompt = [
  { role: 'system' as const, content: 'You are Mira, a receptionist of the clinic.' },
  { role: 'user' as const, content: 'one\ntwo\n', stable: [4] },
  { role: 'assistant' as const, content: 'You are Mira, a receptionist of the clinic.' },
];

describe('a request without the role of instructions', () => {
  it('begins its first question with them, and its stable ends move with it', () => {
    if (choice === undefined) throw new Error('There is no model.');
    const { messages } = chatRequest(choice, { prompt }, { ...NO_CONCESSIONS, system: true });
    const [first, ...others] = messages;
    expect(others).toEqual(prompt.slice(2));
    if (first?.role !== 'user') throw new Error('The first message is no question.');
    const [end = 0] = first.stable ?? [];
    expect(first.content.slice(0, end)).toBe(`${prompt[0]?.content}\n\none\n`);
    expect(first.content.slice(end)).toBe('two\n');
  });
});

describe('an answer that repeats its prompt', () => {
  const begins = beginsOf(prompt);
  it('is known by the begin of a message of the prompt, once there is enough of it', () => {
    const repeated = `${prompt[0]?.content} And so on.`;
    expect(isEcho(repeated, begins, false)).toBe(true);
    expect(isEcho(repeated.slice(0, 20), begins, false)).toBe('more');
    expect(isEcho(repeated.slice(0, 20), begins, true)).toBe(false);
  });

  it('is no answer in the words of a tool', () => {
    const output = 'Your visit is on Friday at half past nine, with Dr. Ng.';
    const asked = beginsOf([...prompt, { role: 'tool', content: output }]);
    expect(isEcho(output, asked, true)).toBe(false);
  });

  it('is no answer that begins with the same words', () => {
    expect(isEcho('You are welcome. Which day suits you?', begins, false)).toBe(false);
    expect(isEcho('one', begins, false)).toBe(false);
  });
});
