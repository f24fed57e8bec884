/** Odd forms of answers to questions that are no choice of an action state: decisions, inputs of tools, reflections. */
import { describe, expect, it } from 'vitest';
import {
  answeredExit,
  answeredJson,
  plainAnswer,
} from '../../../src/agent/language-model/answer/plain-answer.ts';
import { languageModelReasoner } from '../../../src/agent/language-model/language-model.ts';
import type { ReflectionState } from '../../../src/registry/graph.ts';
import { scriptedModel, situation, tool, triage } from './situations.ts';

const EXITS = ['The user named a day', 'The user wants to stop'];

describe('an answer as JSON', () => {
  it.each([
    ['in a fence', '```json\n{"day": "Fri"}\n```'],
    ['behind words', 'Here you are:\n{"day": "Fri"}'],
    ['with a comma too many', '{"day": "Fri",}'],
    ['with a comment', '{"day": "Fri" // the day\n}'],
    ['with single quotes', "{'day': 'Fri'}"],
    ['with typographic quotes', '{“day”: “Fri”}'],
    ['with bare keys', '{day: "Fri"}'],
    ['with a brace that is missing', '{"day": "Fri"'],
    ['behind a byte order mark', '\uFEFF{"day": "Fri"}'],
    ['behind reasoning', '<think>{"day": "Mon"}?</think>{"day": "Fri"}'],
    ['behind reasoning in another tag', '<thinking>{"day": "Mon"}?</thinking>{"day": "Fri"}'],
    ['behind reasoning without its begin', 'Hm, {"day": "Mon"}?\n</think>\n{"day": "Fri"}'],
    [
      'in a channel',
      '<|channel|>analysis<|message|>{"day": "Mon"}?<|end|><|start|>assistant<|channel|>final<|message|>{"day": "Fri"}<|return|>',
    ],
    ['with the end of a turn', '{"day": "Fri"}<|im_end|>\n<|im_start|>user\n{"day": "Sat"}'],
    ['in a tag', '<answer>{"day": "Fri"}</answer>'],
  ])('is read %s', (_form, answer) => {
    expect(answeredJson(answer)).toEqual({ day: 'Fri' });
  });

  it('keeps the texts in it as they are', () => {
    const value = { text: '<message>Use <b>{braces}</b>, a<|b|>c</message>', note: '// no comment' };
    expect(answeredJson(JSON.stringify(value))).toEqual(value);
  });

  it('is none where there is no object', () => {
    expect(answeredJson('I do not know.')).toBeUndefined();
    expect(answeredJson('')).toBeUndefined();
  });
});

describe('a decision', () => {
  it.each<[string, number | null]>([
    ['{"exit": 1}', 1],
    ['{"exit": "The user wants to stop"}', 1],
    ['Exit 0', 0],
    ['**Exit 1**', 1],
    ['Exit: The user named a day', 0],
    ['Option 1.', 1],
    ['exit: one', 1],
    ['1', 1],
    ['(0)', 0],
    ['I choose exit 0.', 0],
    ['They named Friday, so I will take exit 0.', 0],
    ['<think>exit 1?</think>exit 0', 0],
    ['exit 7', null],
    ['It depends.', null],
  ])('is read from %j', (answer, exit) => {
    expect(answeredExit(answer, EXITS)).toBe(exit);
  });

  it('in words needs no second call', async () => {
    const { asked, models } = scriptedModel([['**Exit 0**']]);
    const step = await languageModelReasoner({ models }).decide(situation(), triage, []).next([]);
    expect([step.value, asked.length]).toEqual([0, 1]);
  });

  it('follows a tool call that is written into the text', async () => {
    const call = '<tool_call>{"name": "look", "arguments": {"day": "Fri"}}</tool_call>';
    const { models } = scriptedModel([[call], ['{"exit": 0}']]);
    const steps = languageModelReasoner({ models }).decide(situation(), triage, [tool('look')]);
    expect((await steps.next([])).value).toMatchObject({ calls: [{ input: { day: 'Fri' } }] });
    expect((await steps.next(['free'])).value).toBe(0);
  });
});

describe('a reflection', () => {
  it.each([
    ['<thinking>Hm.</thinking>They are in a hurry.'],
    [
      '<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>They are in a hurry.',
    ],
    ['analysisHm.assistantfinalThey are in a hurry.'],
    ['<s>They are in a hurry.</s>'],
    ['They are in a hurry.<|im_end|>\n<|im_start|>user\nThanks'],
  ])('has neither reasoning nor special tokens: %s', async (answer) => {
    expect(plainAnswer(answer).text).toBe('They are in a hurry.');
    const state: ReflectionState = {
      type: 'reflection',
      name: 'weigh',
      problem: 'Are they in a hurry?',
      word_limit: 10,
      next_state: 'done',
      tool_call_specs: [],
      audio_fillers: [],
      audio_filler_triggered_after: 2,
    };
    const { models } = scriptedModel([[answer]]);
    const step = await languageModelReasoner({ models }).reflect(situation(), state, []).next([]);
    expect(step.value).toBe('They are in a hurry.');
  });
});
