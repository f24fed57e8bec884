/** Reads answers of models at every split of their characters. */
import { expect } from 'vitest';
import { ChoiceStream, type ChoiceRules } from '../../../../src/agent/language-model/answer/choice-stream.ts';

export const RULES: ChoiceRules = {
  actions: ['Ask for the day', 'Explain the opening hours', 'Offer to send a reminder'],
  exits: ['The user named a day', 'The user wants to stop'],
  fallback: 0,
  chosen: false,
  speaker: 'Mira',
  thinksAloud: false,
};

/** Reading of an answer: its choice, its message and its tool calls. */
export interface Read {
  choice: string | null;
  message: string;
  calls?: [name: string, input: string][];
}

/** Reads an answer that comes in parts. */
export function read(parts: readonly string[], rules: ChoiceRules = RULES): Read {
  const stream = new ChoiceStream(rules);
  const steps = [...parts.flatMap((part) => stream.push(part)), ...stream.end()];
  const out: Read = { choice: null, message: '' };
  let spoke = false;
  for (const step of steps) {
    if (step.type === 'piece') {
      expect(step.text).not.toBe('');
      expect(step.text.isWellFormed()).toBe(true);
      out.message += step.text;
      spoke = true;
    } else if (step.type === 'choice') {
      expect([out.choice, spoke]).toEqual([null, false]);
      out.choice = `${step.choice.kind} ${step.choice.index}`;
    } else if (step.type === 'wrong') {
      expect([out.choice, spoke]).toEqual([null, false]);
      out.choice = `wrong ${step.said.value}`;
    } else out.calls = [...(out.calls ?? []), [step.name, step.input]];
  }
  return out;
}

/** Reads an answer at every split, and whole. All readings are the same. */
export function readEverywhere(answer: string, rules: ChoiceRules = RULES): Read {
  const whole = read([answer], rules);
  expect(read(Array.from(answer), rules), 'character by character').toEqual(whole);
  expect(read(answer.split(''), rules), 'unit by unit').toEqual(whole);
  for (let at = 1; at < answer.length; at += 1) {
    expect(read([answer.slice(0, at), answer.slice(at)], rules), `split at ${at}`).toEqual(whole);
  }
  return whole;
}
