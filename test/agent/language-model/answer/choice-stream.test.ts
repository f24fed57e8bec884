import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChoiceStream, type ChoiceRules } from '../../../../src/agent/language-model/answer/choice-stream.ts';

const RULES: ChoiceRules = {
  actions: ['Ask for the day', 'Explain the opening hours', 'Offer help'],
  exits: ['The user named a day', 'The user wants to stop'],
  fallback: 1,
  chosen: false,
  speaker: 'Mira',
  thinksAloud: false,
};

/** Reads an answer that comes in these parts. `firstIsChoice` is true if its first step besides calls is a choice. */
function read(parts: readonly string[], rules: ChoiceRules = RULES) {
  const stream = new ChoiceStream(rules);
  const steps = [...parts.flatMap((part) => stream.push(part)), ...stream.end()];
  const choices = steps.filter((step) => step.type === 'choice').map(({ choice }) => choice);
  const pieces = steps.filter((step) => step.type === 'piece').map(({ text }) => text);
  return {
    choices,
    message: pieces.join(''),
    firstIsChoice: steps.find(({ type }) => type !== 'call')?.type === 'choice',
  };
}

const action = (index: number) => ({ kind: 'action', index }) as const;
const exit = (index: number) => ({ kind: 'exit', index }) as const;

/** Answers as models give them, and what they mean. */
const ANSWERS: [name: string, answer: string, choice: object | null, message: string][] = [
  ['the form asked for', '{"action": 2}\nWhich day?', action(2), 'Which day?'],
  ['an exit', '{"exit": 1}\n', exit(1), ''],
  ['an exit that goes on talking', '{"exit": 0}\nSee you then!', exit(0), ''],
  ['a fence around the choice', '```json\n{"action": 0}\n```\nWhich day?', action(0), 'Which day?'],
  ['a fence around everything', '```\n{"action": 0}\nWhich day?\n```', action(0), 'Which day?'],
  ['a choice in backticks', '`{"action": 0}` Which day?', action(0), 'Which day?'],
  ['reasoning in front', '<think>\n{"exit": 0}? No.\n</think>\n\n{"action": 2}\nHi.', action(2), 'Hi.'],
  ['no line break', '{"action":2}Which day?', action(2), 'Which day?'],
  ['an index in quotes', '{"action": "2"}\nHi.', action(2), 'Hi.'],
  ['both, one of them null', '{"exit": null, "action": 0}\nHi.', action(0), 'Hi.'],
  ['kind and index', '{"choice": "exit", "index": 1}', exit(1), ''],
  ['a choice inside of another object', '{"choice": {"action": 2}}\nHi.', action(2), 'Hi.'],
  [
    'the message inside',
    '{"action": 2, "message": "Say \\"when\\" {please}"}\n',
    action(2),
    'Say "when" {please}',
  ],
  ['no valid JSON', '{action: 2}\nHi.', action(2), 'Hi.'],
  ['words', 'Action: 2\nHi.', action(2), 'Hi.'],
  ['an exit in words', 'exit 1', exit(1), ''],
  ['an object that is no choice', '{"mood": "good"}\nHi.', action(1), 'Hi.'],
  ['plain words', 'Which day suits you?', action(1), 'Which day suits you?'],
  [
    'plain words that begin like a choice',
    'Exit through the door, please.',
    action(1),
    'Exit through the door, please.',
  ],
  ['plain words of two letters', 'Ex', action(1), 'Ex'],
  ['a message in braces', '{name}, hello!', action(1), '{name}, hello!'],
  [
    'a message that begins with code',
    '```js\nlet a;\n```\nThat is it.',
    action(1),
    '```js\nlet a;\n```\nThat is it.',
  ],
  ['white space around', '\n {"action": 2}\n\n  Hi. \n', action(2), 'Hi.'],
  ['code at the end', '{"action": 2}\nUse `x`', action(2), 'Use `x`'],
  ['a choice alone', '{"action": 2}', action(2), ''],
  ['an object alone that is no choice', '{"mood": 1}', null, ''],
  ['nothing', ' \n', null, ''],
  ['reasoning alone', '<think>Well,', null, ''],
];

describe('an answer of a model', () => {
  it.each(ANSWERS)('is read: %s', (_name, answer, choice, message) => {
    const expected = { choices: choice === null ? [] : [choice], message };
    expect(read([answer])).toMatchObject(expected);
    expect(read(answer.split(''))).toMatchObject(expected);
  });

  it('means the same wherever it is cut', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ANSWERS), fc.array(fc.nat(60), { maxLength: 6 }), ([, answer], cuts) => {
        const at = [0, ...cuts.map((cut) => Math.min(cut, answer.length)), answer.length].sort(
          (a, b) => a - b,
        );
        const parts = at.slice(1).map((end, index) => answer.slice(at[index], end));
        expect(read(parts)).toEqual(read([answer]));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['signs in front of a fence', '**\n```{"action": 1, "message": "Hi.', 'Hi.'],
    ['signs in front of a fence with a language', '* json\n{"action": 1, "message": "Hi.', 'Hi.'],
    ['white space behind the role of a turn', '! Hi<|start|>assistant\n (because)', '! Hi(because)'],
    ['lines behind the role of a turn', '{"action": 1}<|start|>assistant\n\n"Hi."', 'Hi.'],
    [
      'a backslash that escapes nothing',
      '{"action": 1, "message": "Hi.\\nUse C:\\ Windows',
      'Hi.\nUse C:\\ Windows',
    ],
    ['an escape sequence before a wrong one', '{"action": 1, "message": "\\u0041\\q', 'A\\q'],
  ])('is read alike in one part and letter by letter: %s', (_name, answer, message) => {
    expect(read([answer]).message).toBe(message);
    expect(read(Array.from(answer))).toEqual(read([answer]));
  });

  it('has at most one choice, which comes before the message, for any text and however it is cut', () => {
    const texts = fc.array(
      fc.oneof(
        fc.constantFrom(
          '{"action": 1}',
          '{"exit": 0}',
          '```',
          '\n',
          '{',
          '}',
          '"',
          'action',
          '<think>',
          '</think>',
          '`',
          '**',
          '- ',
          ' (because)',
          'Action: 1',
          'Option 2:',
          'exit 0',
          '[1]',
          '{"action": 1, "message": "',
          'Mira: ',
          'Message: ',
          '<|im_end|>',
          '<|channel|>final<|message|>',
          '<|start|>assistant',
          '<tool_call>{"name": "a"}</tool_call>',
          '<action>1</action>',
          'analysis',
          'assistantfinal',
          'Okay, ',
          '\\u00',
          '🎉',
        ),
        fc.string(),
      ),
    );
    fc.assert(
      fc.property(texts, (parts) => {
        const cut = read(parts);
        expect(cut).toEqual(read([parts.join('')]));
        expect(read(Array.from(parts.join('')))).toEqual(cut);
        expect(cut.choices.length).toBeLessThanOrEqual(1);
        if (cut.message !== '') expect(cut.firstIsChoice).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is the message alone when the choice was made before', () => {
    const rules = { ...RULES, chosen: true };
    expect(read(['Which', ' day?'], rules)).toMatchObject({ choices: [], message: 'Which day?' });
    expect(read(['{"exit": 0}\nWhich day?'], rules)).toMatchObject({ choices: [], message: 'Which day?' });
  });

  it('is passed on from the first letter after the choice', () => {
    const stream = new ChoiceStream(RULES);
    expect(stream.push('{"action": 2}')).toEqual([{ type: 'choice', choice: action(2) }]);
    expect(stream.push('\n')).toEqual([]);
    expect(stream.push('W')).toEqual([{ type: 'piece', text: 'W' }]);
  });

  it('is held to its end when it does not begin with its choice', () => {
    const stream = new ChoiceStream(RULES);
    expect(stream.push('W')).toEqual([]);
    expect(stream.end()).toEqual([
      { type: 'choice', choice: action(1) },
      { type: 'piece', text: 'W' },
    ]);
  });

  it('is passed on from its first letter when the choice was made before', () => {
    const stream = new ChoiceStream({ ...RULES, chosen: true });
    expect(stream.push('Which')).toEqual([{ type: 'piece', text: 'Which' }]);
  });
});
