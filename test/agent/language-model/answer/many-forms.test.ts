/**
 * Forms of answers in great number, made of parts: choices, exits, reasoning, tokens of templates, tool calls, ends that
 * are cut off. `test/fixtures/model-answers.json` has the parts; in `whole`, § stands for the message. Every form is read at
 * every split. Nothing of a choice reaches the user, and the choice is the one that is meant. Messages that look like a
 * form stay as they are.
 *
 * Not among them, since they cannot be told from a message: a sign that was cut off directly behind the last word (`<`, a
 * backtick, `"}`, `{"act`), three backticks or a line break in letters there, the word "Action" alone on the last line, and
 * "(end)". "Action Ⅰ" with a numeral of one character is a message, and words in front of a tool call are said. Where the
 * choice was made before, prose and comments in front of it, an option word for word, and a name in a tag are shown.
 */
import { describe, expect, it } from 'vitest';
import { ChoiceStream } from '../../../../src/agent/language-model/answer/choice-stream.ts';
import { answeredExit } from '../../../../src/agent/language-model/answer/plain-answer.ts';
import parts from '../../../fixtures/model-answers.json';
import { readEverywhere, RULES, type Read } from './reading.ts';

const OPEN = 'Open at nine.';
const ANSWER = `{"action": 1}\n${OPEN}`;
const SPOKEN: Read = { choice: 'action 1', message: OPEN };

/** Returns the forms that are read otherwise than expected, with what was read of them. */
function misread(forms: readonly string[], expected: Read, rules = RULES) {
  return forms.flatMap((form) => {
    const read = readEverywhere(form, rules);
    return JSON.stringify(read) === JSON.stringify(expected) ? [] : [[form, read]];
  });
}

/** The places of reasoning in an answer. */
const REASONED: readonly ((tag: string) => string)[] = [
  (tag) => `<${tag}>They ask {"exit": 0}? No.</${tag}>\n${ANSWER}`,
  (tag) => `They ask {"exit": 0}? No.\n</${tag}>\n${ANSWER}`,
  (tag) => `{"action": 1}\n<${tag}>They ask.</${tag}>\n${OPEN}`,
  (tag) => `${ANSWER}\n<${tag}>I said it.</${tag}>`,
  (tag) => `${ANSWER}\n<${tag}>Now I`,
  (tag) => `<${tag} duration="3s">They ask.</${tag}>${ANSWER}`,
  (tag) => `<${tag} >They ask.</${tag} >${ANSWER}`,
  (tag) => `<${tag}></${tag}>\n\n${ANSWER}`,
  (tag) => `<${tag}/>${ANSWER}`,
  (tag) => `<${tag}>They ask.</${tag}>\n<${tag}>Really.</${tag}>\n${ANSWER}`,
  (tag) => `<${tag}>They <think>x</think> ask.</${tag}>${ANSWER}`,
  (tag) => `<${tag}>\r\nThey ask.\r\n</${tag}>\r\n\r\n{"action": 1}\r\n${OPEN}\r\n`,
];
/** Tags of reasoning, in each of these places. */
const EVERYWHERE = [
  ...['think', 'thinking', 'reasoning', 'scratchpad', 'thought', 'reflection', 'analysis'],
  ...['internal_monologue', 'chain_of_thought', 'rationale', 'planning', 'antThinking'],
];

describe('an answer in one of many forms', () => {
  it('has its choice in front, in whatever words and signs', () => {
    expect(parts.choices.length).toBeGreaterThan(200);
    expect(
      misread(
        parts.choices.map((choice) => `${choice}\n${OPEN}`),
        SPOKEN,
      ),
    ).toEqual([]);
  });

  it('is an exit, of which nothing is said', () => {
    expect(misread(parts.exits, { choice: 'exit 0', message: '' })).toEqual([]);
  });

  it('is an exit for a decision too', () => {
    expect(parts.exits.filter((exit) => answeredExit(exit, RULES.exits) !== 0)).toEqual([]);
  });

  it('has no choice in a line of its message', () => {
    const said = { choice: 'action 1', message: 'Open at nine.\nCome.' };
    for (const choice of [
      '{"action": 1}',
      '{"exit": 0}.',
      '`{"action": 1}`',
      "{'action': 1}",
      '{action: 1}',
    ]) {
      const read = readEverywhere(`{"action": 1}\nOpen at nine. ${choice}\nCome. ${choice}`);
      expect({ ...read, message: read.message.replaceAll(/ ?`?(?=\n|$)/g, '') }).toEqual(said);
    }
  });

  it('has its message beside, inside of or in front of the choice, under labels and names', () => {
    const forms = parts.whole.map((form) => form.replaceAll('§', OPEN));
    expect(forms.length).toBeGreaterThan(200);
    expect(misread(forms, SPOKEN)).toEqual([]);
  });

  it('has reasoning in tags of any name in front', () => {
    const forms = parts.reasoning.map((tag) => `<${tag}>They ask {"exit": 0}? No.</${tag}>\n${ANSWER}`);
    expect(misread(forms, SPOKEN)).toEqual([]);
  });

  it.each(EVERYWHERE)('has reasoning in the tag %s at any place', (tag) => {
    expect(
      misread(
        REASONED.map((form) => form(tag)),
        SPOKEN,
      ),
    ).toEqual([]);
    expect(misread([`<${tag}>They ask for the hours`], { choice: null, message: '' })).toEqual([]);
  });

  it('has tokens, headers and invisible characters around it, and an end that is cut off', () => {
    expect(
      misread(
        parts.before.map((before) => before + ANSWER),
        SPOKEN,
      ),
    ).toEqual([]);
    expect(
      misread(
        parts.behind.map((behind) => ANSWER + behind),
        SPOKEN,
      ),
    ).toEqual([]);
  });

  it('is a tool call in the text, in the form of any template', () => {
    const calls: Read = { choice: null, message: '', calls: [['look_up', '{"day":"Fri"}']] };
    expect(misread(parts.calls, calls)).toEqual([]);
  });

  it('has parts of every kind together', () => {
    const read = (answer: string) => {
      const stream = new ChoiceStream(RULES);
      const steps = [...stream.push(answer), ...stream.end()];
      const choices = steps.flatMap((step) => (step.type === 'choice' ? [step.choice] : []));
      return { choices, message: steps.map((step) => (step.type === 'piece' ? step.text : '')).join('') };
    };
    const messages = [
      OPEN,
      'Open.\n\n1. Call us.\n2. Come by.\n\nNote: ring twice.',
      'Use `ls` and <name>, 3 < 5.',
    ];
    const wrong: unknown[] = [];
    for (const [index, behind] of parts.behind.entries()) {
      for (const before of [...parts.before.map((part) => `${part}{"action": 1}`), ...parts.choices]) {
        const message = messages[index % messages.length] ?? OPEN;
        const { choices, message: said } = read(`${before}\n${message}${behind}`);
        const isRight = said === message && choices.length === 1 && choices[0]?.index === 1;
        if (!isRight) wrong.push([before, message, behind, said]);
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('an answer whose choice was made before, in one of many forms', () => {
  const chosen = { ...RULES, chosen: true };
  const spoken: Read = { choice: null, message: OPEN };

  it('has no reasoning, tokens and cut ends', () => {
    const tokens = [
      '[BOS]',
      '<sep>',
      '<|start_of_role|>assistant<|end_of_role|>',
      '<|think|>They ask.<|/think|>',
    ];
    const reasoned = [
      ...[
        '[thinking]They ask.[/thinking]',
        '<|inner_prefix|>They ask.<|inner_suffix|>',
        '<explanation>x</explanation>\n',
      ],
      ...EVERYWHERE.map((tag) => `<${tag}>They ask {"exit": 0}.</${tag}>\n`),
    ];
    expect(
      misread(
        [...tokens, ...reasoned].map((before) => before + OPEN),
        spoken,
        chosen,
      ),
    ).toEqual([]);
    expect(
      misread(
        parts.behind.map((behind) => OPEN + behind),
        spoken,
        chosen,
      ),
    ).toEqual([]);
  });

  it('repeats its choice, announced or not', () => {
    const repeated = [
      ...[
        '{"action": 0}',
        'Action 0',
        '**Action: 0**',
        '- Action 0',
        'Exit #1',
        'Action number one',
        'action -> 1',
      ],
      ...['Here is my answer:\n{"action": 1}', 'Thought: they ask.\n{"action": 1}', '### Choice: action 1'],
    ];
    expect(
      misread(
        repeated.map((choice) => `${choice}\n${OPEN}`),
        spoken,
        chosen,
      ),
    ).toEqual([]);
  });
});

describe('a message that looks like a form', () => {
  it('stays as it is behind a choice, where the choice was made before, and alone', () => {
    expect(parts.messages.length).toBeGreaterThan(150);
    for (const text of parts.messages) {
      const message = text.trim();
      expect(readEverywhere(`{"action": 1}\n${text}`)).toEqual({ choice: 'action 1', message });
      expect(readEverywhere(text, { ...RULES, chosen: true })).toEqual({ choice: null, message });
      expect(readEverywhere(text)).toEqual({ choice: 'action 0', message });
    }
  });

  it('may have code with tags and choices of its own', () => {
    const code = 'Write this:\n```html\n<think>x</think>\n<action>1</action>\n```\nThen wait.';
    expect(readEverywhere(`{"action": 1}\n${code}`)).toEqual({ choice: 'action 1', message: code });
  });
});
