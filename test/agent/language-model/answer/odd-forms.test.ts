/**
 * Forms that models give to "the choice on the first line, then the message". Each form is read at every split of its
 * characters in two, and one by one: the user sees the message alone, and the choice is the same.
 */
import { describe, expect, it } from 'vitest';
import { ChoiceStream } from '../../../../src/agent/language-model/answer/choice-stream.ts';
import { readEverywhere, RULES } from './reading.ts';

type Form = [name: string, answer: string, choice: string | null, message: string];

const OPEN = 'Open at nine.';

const FENCES: Form[] = [
  ['a fence around the choice', '```json\n{"action": 1}\n```\nOpen at nine.', 'action 1', OPEN],
  ['a fence around all of it', '```\n{"action": 1}\nOpen at nine.\n```', 'action 1', OPEN],
  ['a fence around words', '```\naction: 1\n```\nOpen at nine.', 'action 1', OPEN],
  ['tildes', '~~~json\n{"action": 1}\nOpen at nine.', 'action 1', OPEN],
  ['backticks', '`{"action": 1}`\nOpen at nine.', 'action 1', OPEN],
  ['backticks around an exit', '`exit 1`', 'exit 1', ''],
  [
    'a fence with a message inside',
    '```json\n{"action": 1, "message": "Open at nine."}\n```',
    'action 1',
    OPEN,
  ],
];

const WORDS: Form[] = [
  ['a word and a number', 'Choice: 2\nShall I remind you?', 'action 2', 'Shall I remind you?'],
  ['bold words', '**exit 1**', 'exit 1', ''],
  ['bold with a colon', '**Action: 1**\n\nOpen at nine.', 'action 1', OPEN],
  ['bold around the word alone', '**Action 1:** Open at nine.', 'action 1', OPEN],
  ['an option', 'Option 2: Shall I remind you?', 'action 2', 'Shall I remind you?'],
  ['a heading', '### Action 1\nOpen at nine.', 'action 1', OPEN],
  ['a quotation', '> action 1\nOpen at nine.', 'action 1', OPEN],
  ['a list', '- Action: 1\nOpen at nine.', 'action 1', OPEN],
  ['an equals sign', 'action=1\nOpen at nine.', 'action 1', OPEN],
  ['a number sign', 'Action #1\nOpen at nine.', 'action 1', OPEN],
  ['an underscore', 'action_1\nOpen at nine.', 'action 1', OPEN],
  ['a qualifier', 'Action number: 1\nOpen at nine.', 'action 1', OPEN],
  ['an exit condition', 'Exit condition 0', 'exit 0', ''],
  ['a reason in parentheses', 'exit: 0 (because the user named a day)', 'exit 0', ''],
  ['a reason behind an action', 'action: 1 (because they asked)\nOpen at nine.', 'action 1', OPEN],
  ['a reason behind a dash', 'Exit 1 - the user has had enough.', 'exit 1', ''],
  ['the option behind its number', 'Action 1: Explain the opening hours\nOpen at nine.', 'action 1', OPEN],
  ['brackets', '[1]\nOpen at nine.', 'action 1', OPEN],
  ['a number alone', '1\nOpen at nine.', 'action 1', OPEN],
  ['words in brackets', '[action: 1]\nOpen at nine.', 'action 1', OPEN],
  ['digits of another script', 'Action: ١\nOpen at nine.', 'action 1', OPEN],
  ['digits of full width', '{"action": "１"}\nOpen at nine.', 'action 1', OPEN],
  ['another language', 'Acción: 1\nAbrimos a las nueve.', 'action 1', 'Abrimos a las nueve.'],
  ['Chinese', '动作：1\n九点开门。', 'action 1', '九点开门。'],
  ['a sentence about the choice', 'The user asks for the hours. I choose action 1.', 'action 1', ''],
  ['a name', 'Action: Explain the opening hours\nOpen at nine.', 'action 1', OPEN],
  ['an exit by its description', 'Exit: The user named a day', 'exit 0', ''],
];

const JSONS: Form[] = [
  ['the message in a field', '{"action": 1, "message": "Open at nine."}', 'action 1', OPEN],
  ['the message in a field of another name', '{"action": 1, "response": "Open at nine."}', 'action 1', OPEN],
  ['the message before the choice', '{"message": "Open at nine.", "action": 1}', 'action 1', OPEN],
  [
    'escapes in the message',
    '{"action":1,"message":"\\"Nine\\"\\nor \\u0031\\u0030 \\ud83c\\udf89"}',
    'action 1',
    '"Nine"\nor 10 🎉',
  ],
  ['a message that is cut off', '{"action": 1, "message": "Open at ni', 'action 1', 'Open at ni'],
  [
    'fields behind the message',
    '{"action": 1, "message": "Open at nine.", "confidence": 0.9}',
    'action 1',
    OPEN,
  ],
  ['a name', '{"action": "Explain the opening hours"}\nOpen at nine.', 'action 1', OPEN],
  ['a part of a name', '{"action": "explain_opening_hours"}\nOpen at nine.', 'action 1', OPEN],
  ['a number with its name', '{"action": "1. Explain the opening hours"}\nOpen at nine.', 'action 1', OPEN],
  ['an exit by its description', '{"exit": "User named a day"}', 'exit 0', ''],
  ['another key', '{"exit_condition": 1}', 'exit 1', ''],
  ['a key in camel case', '{"selectedAction": 1}\nOpen at nine.', 'action 1', OPEN],
  ['an object for the index', '{"action": {"index": 1, "name": "Explain"}}\nOpen at nine.', 'action 1', OPEN],
  ['a type and an index', '{"type": "exit", "index": 0}', 'exit 0', ''],
  ['a choice in words', '{"choice": "action 1"}\nOpen at nine.', 'action 1', OPEN],
  ['a list', '[{"action": 1}]\nOpen at nine.', 'action 1', OPEN],
  ['single quotes', "{'action': 1}\nOpen at nine.", 'action 1', OPEN],
  ['typographic quotes', '{“action”: 1}\nOpen at nine.', 'action 1', OPEN],
  ['a comma at the end', '{"action": 1,}\nOpen at nine.', 'action 1', OPEN],
  ['several lines', '{\n  "action": 1\n}\n\nOpen at nine.', 'action 1', OPEN],
  ['a reason in a field', '{"reason": "They asked.", "action": 1}\nOpen at nine.', 'action 1', OPEN],
  ['a reason behind it', '{"exit": 0} (the user said Friday)', 'exit 0', ''],
  ['bold around it', '**{"action": 1}**\nOpen at nine.', 'action 1', OPEN],
  ['a label', 'Choice: {"action": 1}\nOpen at nine.', 'action 1', OPEN],
  ['the exit as null', '{"action": 1, "exit": null}\nOpen at nine.', 'action 1', OPEN],
  ['a message in quotes', '{"action": 1}\n"Open at nine."', 'action 1', OPEN],
  ['a labelled message', '{"action": 1}\nMessage: Open at nine.', 'action 1', OPEN],
  ['a separator', '{"action": 1}\n---\nOpen at nine.', 'action 1', OPEN],
];

const ROLES: Form[] = [
  ['in front of the choice', 'Assistant: {"action": 1}\nOpen at nine.', 'action 1', OPEN],
  ['in front of the message', '{"action": 1}\nAssistant: Open at nine.', 'action 1', OPEN],
  ['by the name of the agent', '{"action": 1}\nMira: Open at nine.', 'action 1', OPEN],
  ['in bold', '{"action": 1}\n**Mira:** Open at nine.', 'action 1', OPEN],
];

const PLACES: Form[] = [
  [
    'prose in front',
    'The user asked about the hours, so I will explain.\n{"action": 1}\nOpen at nine.',
    'action 1',
    OPEN,
  ],
  ['prose in front on its line', 'Here is my answer: {"action": 1} Open at nine.', 'action 1', OPEN],
  ['prose in front of an exit', 'The user named a day.\n\n{"exit": 0}', 'exit 0', ''],
  ['the choice at the end', 'Open at nine.\n{"action": 1}', 'action 1', OPEN],
  ['the choice at the end in words', 'Open at nine.\n\n**Action 1**', 'action 1', OPEN],
  ['deliberation and no message', 'Let me choose the best option:\n{"action": 1}', 'action 1', ''],
  ['the choice twice', '{"action": 1}\n{"action": 1}\nOpen at nine.', 'action 1', OPEN],
  ['the choice again behind the message', '{"action": 1}\nOpen at nine.\n{"action": 1}', 'action 1', OPEN],
  ['the choice again in words', '{"action": 1}\nOpen at nine.\nAction: 1', 'action 1', OPEN],
  [
    'the choice again with the message inside',
    '{"action": 1}\n{"action": 1, "message": "Open at nine."}',
    'action 1',
    OPEN,
  ],
  ['nothing behind the choice', '{"action": 1}\n\n', 'action 1', ''],
  ['an exit that goes on talking', '{"exit": 0}\nSee you then!', 'exit 0', ''],
  ['two objects in one line', '{"action": 1} {"action": 1} Open at nine.', 'action 1', OPEN],
];

const XML: Form[] = [
  ['a tag for the choice', '<action>1</action>\nOpen at nine.', 'action 1', OPEN],
  ['a tag for an exit', '<exit>0</exit>', 'exit 0', ''],
  ['tags for both', '<action>1</action><message>Open at nine.</message>', 'action 1', OPEN],
  [
    'a tag around both',
    '<response><action>1</action><message>Open at nine.</message></response>',
    'action 1',
    OPEN,
  ],
  ['an attribute', '<action index="1"/>\nOpen at nine.', 'action 1', OPEN],
  ['JSON in a tag', '<choice>{"action": 1}</choice>\nOpen at nine.', 'action 1', OPEN],
  ['an answer in a tag', '<answer>{"action": 1}\nOpen at nine.</answer>', 'action 1', OPEN],
  ['a tag that is never closed', '<action>1\nOpen at nine.', 'action 1', OPEN],
];

const REASONING: Form[] = [
  ['in front', '<think>\n{"exit": 0}? No.\n</think>\n\n{"action": 1}\nOpen at nine.', 'action 1', OPEN],
  ['in another tag', '<thinking>They ask.</thinking>{"action": 1}\nOpen at nine.', 'action 1', OPEN],
  ['in brackets', '[THINK]They ask.[/THINK]{"action": 1}\nOpen at nine.', 'action 1', OPEN],
  [
    'ended by a bare tag',
    'Okay, they ask.\n{"action": 0}\nno, wait.\n</think>\n{"action": 1}\nOpen at nine.',
    'action 1',
    OPEN,
  ],
  ['behind the choice', '{"action": 1}\n<think>nine?</think>Open at nine.', 'action 1', OPEN],
  ['that is never ended', '<think>They ask for the hours', null, ''],
  ['that is never ended, with an answer', '<think>They ask.\n{"action": 1}\nOpen at nine.', 'action 1', OPEN],
  ['alone', '<think>They ask.</think>', null, ''],
  ['by another sign', '◁think▷They ask.◁/think▷{"action": 1}\nOpen at nine.', 'action 1', OPEN],
];

const TOKENS: Form[] = [
  ['the end of a turn', '{"action": 1}\nOpen at nine.<|im_end|>', 'action 1', OPEN],
  [
    'a turn that was made up',
    '{"action": 1}\nOpen at nine.<|im_end|>\n<|im_start|>user\nThanks!',
    'action 1',
    OPEN,
  ],
  ['the header of a turn', '<|im_start|>assistant\n{"action": 1}\nOpen at nine.<|im_end|>', 'action 1', OPEN],
  [
    'the header of Llama',
    '<|start_header_id|>assistant<|end_header_id|>\n\n{"action": 1}\nOpen at nine.<|eot_id|>',
    'action 1',
    OPEN,
  ],
  [
    'the header of Gemma',
    '<start_of_turn>model\n{"action": 1}\nOpen at nine.<end_of_turn>',
    'action 1',
    OPEN,
  ],
  ['the end of a sequence', '<s>{"action": 1}\nOpen at nine.</s>', 'action 1', OPEN],
  ['the end of DeepSeek', '{"action": 1}\nOpen at nine.<｜end▁of▁sentence｜>', 'action 1', OPEN],
  [
    'channels',
    '<|channel|>analysis<|message|>They ask.<|end|><|start|>assistant<|channel|>final<|message|>{"action": 1}\nOpen at nine.<|return|>',
    'action 1',
    OPEN,
  ],
  [
    'channels without their tokens',
    'analysisThey ask. {"action": 0}?assistantfinal{"action": 1}\nOpen at nine.',
    'action 1',
    OPEN,
  ],
  ['an end at the begin', '<|im_end|>\n{"action": 1}\nOpen at nine.', 'action 1', OPEN],
];

const WRONG: Form[] = [
  ['an action that does not exist', '{"action": 7}\nOpen at nine.', 'wrong 7', ''],
  ['an exit that does not exist', '{"exit": 2}\nBye.', 'wrong 2', ''],
  ['a negative number', '{"action": -1}\nOpen at nine.', 'wrong -1', ''],
  ['a name of nothing', '{"action": "Sing a song"}\nLa la.', 'wrong Sing a song', ''],
  ['a number too high, in words', 'Action: 9\nOpen at nine.', 'wrong 9', ''],
  ['a number too high, in a tag', '<action>9</action>\nOpen at nine.', 'wrong 9', ''],
];

const MESSAGES: Form[] = [
  ['plain words', 'Which day suits you?', 'action 0', 'Which day suits you?'],
  [
    'a sentence with the word',
    'Exit through the door, please.',
    'action 0',
    'Exit through the door, please.',
  ],
  [
    'a sentence with a number',
    'Exit 12 is closed today, I hear.',
    'action 0',
    'Exit 12 is closed today, I hear.',
  ],
  ['braces', '{"action": 1}\nWrite {name}, {"a": 1} or [x].', 'action 1', 'Write {name}, {"a": 1} or [x].'],
  ['quotes within', '{"action": 1}\n"Nine" is when we open.', 'action 1', '"Nine" is when we open.'],
  [
    'a list',
    '{"action": 1}\nHours:\n- Mon: 9\n- Tue: 10\n\n1. Call\n2. Come',
    'action 1',
    'Hours:\n- Mon: 9\n- Tue: 10\n\n1. Call\n2. Come',
  ],
  ['code', '{"action": 1}\n```js\nlet a = {};\n```', 'action 1', '```js\nlet a = {};\n```'],
  [
    'signs',
    '{"action": 1}\na < b, <3, 5 <6 and <b>bold</b> *yes*',
    'action 1',
    'a < b, <3, 5 <6 and <b>bold</b> *yes*',
  ],
  ['an emoji', '{"action": 1}\n🎉 Nine! 👩‍👩‍👧', 'action 1', '🎉 Nine! 👩‍👩‍👧'],
  [
    'the word option',
    '{"action": 1}\nOption A is nine.\nOption B is ten.',
    'action 1',
    'Option A is nine.\nOption B is ten.',
  ],
];

describe.each([
  ['fences', FENCES],
  ['words', WORDS],
  ['JSON', JSONS],
  ['roles', ROLES],
  ['places of the choice', PLACES],
  ['tags', XML],
  ['reasoning', REASONING],
  ['special tokens', TOKENS],
  ['choices that do not exist', WRONG],
  ['messages, which stay as they are', MESSAGES],
])('an answer with %s', (_name, forms) => {
  it.each(forms)('is read as its choice and its message: %s', (_form, answer, choice, message) => {
    expect(readEverywhere(answer)).toEqual({ choice, message });
  });
});

describe('a tool call in the text', () => {
  const input = '{"day":"Fri"}';
  it.each<[string, string]>([
    ['of Hermes and Qwen', '<tool_call>\n{"name": "look_up", "arguments": {"day":"Fri"}}\n</tool_call>'],
    ['of Mistral', '[TOOL_CALLS][{"name": "look_up", "arguments": {"day":"Fri"}}]'],
    ['of Llama', '<|python_tag|>{"name": "look_up", "parameters": {"day":"Fri"}}<|eom_id|>'],
    ['of Llama, as a function', '<function=look_up>{"day":"Fri"}</function>'],
    ['with parameters in tags', '<function=look_up><parameter=day>Fri</parameter></function>'],
    [
      'of gpt-oss',
      '<|channel|>commentary to=functions.look_up <|constrain|>json<|message|>{"day":"Fri"}<|call|>',
    ],
    [
      'of DeepSeek',
      '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>look_up\n```json\n{"day":"Fri"}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
    ],
    ['that is never closed', '<tool_call>{"name": "look_up", "arguments": {"day":"Fri"}}'],
  ])('is read as a call in a form %s', (_name, answer) => {
    const { calls, message, choice } = readEverywhere(answer);
    expect(calls).toEqual([['look_up', input]]);
    expect([message, choice]).toEqual(['', null]);
  });

  it('keeps its name when it is broken, so that the model can be told', () => {
    const { calls, message } = readEverywhere(
      '<tool_call>{"name": "look_up", "arguments": {"day": </tool_call>',
    );
    expect(calls?.map(([name]) => name)).toEqual(['look_up']);
    expect(message).toBe('');
  });

  it('may be one of two, and stand behind a message', () => {
    const call = (name: string) => `<tool_call>{"name": "${name}", "arguments": {}}</tool_call>`;
    expect(readEverywhere(`{"action": 1}\nOne moment.\n${call('a')}\n${call('b')}`)).toEqual({
      choice: 'action 1',
      message: 'One moment.',
      calls: [
        ['a', '{}'],
        ['b', '{}'],
      ],
    });
  });

  it('is the choice when it has the name of a choice', () => {
    expect(readEverywhere('<tool_call>{"name": "exit", "arguments": {"index": 0}}</tool_call>').choice).toBe(
      'exit 0',
    );
  });
});

describe('an answer whose choice was made before', () => {
  const chosen = { ...RULES, chosen: true };
  it.each<[string, string, string]>([
    ['is its message', 'Which day?', 'Which day?'],
    ['may repeat the choice', '{"action": 0}\nWhich day?', 'Which day?'],
    ['may name another', '{"exit": 1}\nWhich day?', 'Which day?'],
    ['may have its message in JSON', '{"message": "Which day?"}', 'Which day?'],
    ['may have a role', 'Mira: Which day?', 'Which day?'],
    ['may have a tag', '<think>Hm.</think>Which day?', 'Which day?'],
    [
      'may begin with reasoning that no tag opens',
      'Okay, the user wants a day.</think>Which day?',
      'Which day?',
    ],
    ['may begin like reasoning', 'Okay, your visit is on Friday.', 'Okay, your visit is on Friday.'],
    ['may end with the choice', 'Which day?\n{"action": 0}', 'Which day?'],
  ])('%s: %j', (_name, answer, message) => {
    expect(readEverywhere(answer, chosen)).toEqual({ choice: null, message });
  });

  it('is held to its end where the model is known to reason in its text', () => {
    const answer = 'Days are nice.\nYes.</think>Which day?';
    expect(readEverywhere(answer, { ...chosen, thinksAloud: true }).message).toBe('Which day?');
  });
});

describe('an answer that begins with its choice', () => {
  it.each([
    ['{"action": 1}\n', 'Open'],
    ['{"action": 1, "message": "', 'Open'],
    ['action: 1\n', 'Open'],
    ['<think>Hm.</think>{"action": 1}\n', 'Open'],
  ])('is passed on as it comes behind %j', (head, word) => {
    const stream = new ChoiceStream(RULES);
    const before = stream.push(head);
    const after = stream.push(word);
    expect([...before, ...after]).toEqual([
      { type: 'choice', choice: { kind: 'action', index: 1 } },
      { type: 'piece', text: word },
    ]);
    expect(stream.push(' at')).toEqual([{ type: 'piece', text: ' at' }]);
  });
});
