/**
 * Forms in which families of models give their choice and message, beside those of `odd-forms.test.ts`. Each form is
 * read at every split of its characters: the user sees the message alone, and the choice is the same.
 */
import { describe, expect, it } from 'vitest';
import { readEverywhere, RULES } from './reading.ts';

type Form = [name: string, answer: string, choice: string | null, message: string];

const OPEN = 'Open at nine.';
const ZERO = '\u200B';

const INVISIBLE: Form[] = [
  ['a byte order mark', '\uFEFF{"action": 1}\nOpen at nine.', 'action 1', OPEN],
  ['a zero-width space', `${ZERO}{"action": 1}${ZERO}\n${ZERO}Open at nine.`, 'action 1', OPEN],
  ['a word joiner inside the JSON', '{"action":\u2060 1}\nOpen at nine.', 'action 1', OPEN],
  ['no-break spaces', '{"action":\u00A01}\nOpen at nine.', 'action 1', OPEN],
  ['narrow no-break spaces in words', 'Action\u202F:\u202F1\nOpen at nine.', 'action 1', OPEN],
  ['returns at line ends', '{"action": 1}\r\n\r\nOpen at nine.\r\n', 'action 1', OPEN],
  ['a line separator', '{"action": 1}\u2028Open at nine.', 'action 1', OPEN],
  ['a soft hyphen in the word', 'Ac\u00ADtion: 1\nOpen at nine.', 'action 1', OPEN],
  ['a left-to-right mark', '\u200E{"exit": 0}', 'exit 0', ''],
  ['full-width letters', 'Ａｃｔｉｏｎ：１\nOpen at nine.', 'action 1', OPEN],
  ['full-width braces', '｛"action"：1｝\nOpen at nine.', 'action 1', OPEN],
];

const JSONS: Form[] = [
  ['a comment at the end of a line', '{\n  "action": 1 // they asked\n}\nOpen at nine.', 'action 1', OPEN],
  ['a comment between stars', '{"action": 1 /* the hours */}\nOpen at nine.', 'action 1', OPEN],
  ['bare keys', '{action: 1}\nOpen at nine.', 'action 1', OPEN],
  ['a plus in front of the number', '{"action": +1}\nOpen at nine.', 'action 1', OPEN],
  ['a decimal point', '{"action": 1.0}\nOpen at nine.', 'action 1', OPEN],
  ['an arrow', '{"action" => 1}\nOpen at nine.', 'action 1', OPEN],
  ['a colon that is missing', '{"action" 1}\nOpen at nine.', 'action 1', OPEN],
  ['a brace too many', '{"action": 1}}\nOpen at nine.', 'action 1', OPEN],
  ['doubled braces', '{{"action": 1}}\nOpen at nine.', 'action 1', OPEN],
  ['escaped quotes', '{\\"action\\": 1}\nOpen at nine.', 'action 1', OPEN],
  ['a brace that is missing', '{"action": 1\nOpen at nine.', 'action 1', OPEN],
  ['an end in the number', '{"exit": 0', 'exit 0', ''],
  ['an end in the message, behind an escape', '{"action": 1, "message": "Open at nine.\\', 'action 1', OPEN],
  ['low quotes', '{„action“: 1}\nOpen at nine.', 'action 1', OPEN],
  ['backticks for quotes', '{`action`: 1}\nOpen at nine.', 'action 1', OPEN],
  ['angle quotes', '{«action»: 1}\nOpen at nine.', 'action 1', OPEN],
  [
    'single quotes around a message with an apostrophe',
    "{'action': 1, 'message': \"It's nine.\"}",
    'action 1',
    "It's nine.",
  ],
  ['single quotes around all', "{'action': 1, 'message': 'Open at nine.'}", 'action 1', OPEN],
  [
    'a line break inside of the message',
    '{"action": 1, "message": "Open\nat nine."}',
    'action 1',
    'Open\nat nine.',
  ],
  ['both kinds, one of them empty', '{"action": 1, "exit": ""}\nOpen at nine.', 'action 1', OPEN],
  ['both kinds, one of them none', '{"exit": "none", "action": "1"}\nOpen at nine.', 'action 1', OPEN],
  ['a list of two', '["action", 1]\nOpen at nine.', 'action 1', OPEN],
  ['an object for each part', '{"action": 1}\n{"message": "Open at nine."}', 'action 1', OPEN],
  [
    'lines of JSON with a type',
    '{"type": "choice", "action": 1}\n{"type": "message", "content": "Open at nine."}',
    'action 1',
    OPEN,
  ],
  ['a text that is JSON again', '"{\\"action\\": 1}"\nOpen at nine.', 'action 1', OPEN],
  [
    'reasons first, with braces in them',
    '{"thought": "Use {hours}", "action": 1, "message": "Open at nine."}',
    'action 1',
    OPEN,
  ],
  [
    'the name of the option with its kind',
    '{"choice": "action: Explain the opening hours"}\nOpen at nine.',
    'action 1',
    OPEN,
  ],
  ['Python', "{'action': 1, 'exit': None}\nOpen at nine.", 'action 1', OPEN],
  ['a call of Python', 'action(1)\nOpen at nine.', 'action 1', OPEN],
  ['an assignment', 'choice = {"action": 1}\nOpen at nine.', 'action 1', OPEN],
];

const WORDS: Form[] = [
  ['a number in parentheses', '(2)\nShall I remind you?', 'action 2', 'Shall I remind you?'],
  ['a number with a period', '2.\nShall I remind you?', 'action 2', 'Shall I remind you?'],
  ['a number with a closing parenthesis', '1)\nOpen at nine.', 'action 1', OPEN],
  ['an option with a period', 'Option 2.\nShall I remind you?', 'action 2', 'Shall I remind you?'],
  ['an option with a period on one line', 'Option 2. Shall I remind you?', 'action 2', 'Shall I remind you?'],
  ['a bullet', '• Action 1\nOpen at nine.', 'action 1', OPEN],
  ['a star', '* action: 1\nOpen at nine.', 'action 1', OPEN],
  ['an arrow', '→ Action 1\nOpen at nine.', 'action 1', OPEN],
  ['an emoji', '✅ Action 1\nOpen at nine.', 'action 1', OPEN],
  ['an emoji with a joiner', '👉🏽 Exit 1', 'exit 1', ''],
  ['a digit in an emoji', 'Action 1️⃣\nOpen at nine.', 'action 1', OPEN],
  ['a number in words', 'Action one\nOpen at nine.', 'action 1', OPEN],
  ['an exit in words', 'Exit: zero', 'exit 0', ''],
  ['YAML', 'action: 1\nmessage: Open at nine.', 'action 1', OPEN],
  ['YAML with quotes', 'action: 1\nmessage: "Open at nine."', 'action 1', OPEN],
  ['YAML with a block', 'action: 1\nmessage: |\n  Open at nine.', 'action 1', OPEN],
  ['YAML with a document', '---\naction: 1\nmessage: Open at nine.', 'action 1', OPEN],
  ['TOML', 'action = 1\nmessage = "Open at nine."', 'action 1', OPEN],
  ['a table', '| action | 1 |\n\nOpen at nine.', 'action 1', OPEN],
  ['German', 'Aktion: 1\nAb neun.', 'action 1', 'Ab neun.'],
  ['French', 'Action : 1\nÀ neuf heures.', 'action 1', 'À neuf heures.'],
  ['German, for an exit', 'Ausgang 0', 'exit 0', ''],
  ['two languages', 'Acción (Action): 1\nAbrimos a las nueve.', 'action 1', 'Abrimos a las nueve.'],
  ['Chinese brackets', '【动作：1】\n九点开门。', 'action 1', '九点开门。'],
  ['Japanese', 'アクション：1\n九時です。', 'action 1', '九時です。'],
  ['a verb in front', 'Selected action: 1\nOpen at nine.', 'action 1', OPEN],
  ['a sentence in front of the number', 'I will take action 1.\n\nOpen at nine.', 'action 1', OPEN],
  ['bold around the number alone', 'Action **1**\nOpen at nine.', 'action 1', OPEN],
  ['a boxed number', '\\boxed{action 1}\nOpen at nine.', 'action 1', OPEN],
  ['a label of its own line', 'Choice:\n{"action": 1}\n\nMessage:\nOpen at nine.', 'action 1', OPEN],
  [
    'bold labels of their own lines',
    '**Choice:**\n{"action": 1}\n\n**Message:**\nOpen at nine.',
    'action 1',
    OPEN,
  ],
  ['labels as headings', '## Choice\n{"action": 1}\n\n## Message\nOpen at nine.', 'action 1', OPEN],
];

const ROLES: Form[] = [
  ['a role on its own line', 'Assistant:\n{"action": 1}\nOpen at nine.', 'action 1', OPEN],
  ['a role on its own line, without a colon', 'assistant\n{"action": 1}\nOpen at nine.', 'action 1', OPEN],
  ['a role in brackets', '[Assistant]: {"action": 1}\nOpen at nine.', 'action 1', OPEN],
  ['a role in capitals', 'ASSISTANT: {"action": 1}\nASSISTANT: Open at nine.', 'action 1', OPEN],
  ['a role twice', 'Assistant: Mira: {"action": 1}\nMira: Open at nine.', 'action 1', OPEN],
  [
    'the turn of the user, made up',
    '{"action": 1}\nOpen at nine.\n\nUser: Thanks!\nAssistant: Bye.',
    'action 1',
    OPEN,
  ],
  [
    'the turn of the user in bold, made up',
    '{"action": 1}\nOpen at nine.\n**User:** Thanks!',
    'action 1',
    OPEN,
  ],
];

const TOKENS: Form[] = [
  ['channels without a start', '<|channel|>final<|message|>{"action": 1}\nOpen at nine.', 'action 1', OPEN],
  [
    'a final channel with a format',
    '<|channel|>final <|constrain|>json<|message|>{"action": 1, "message": "Open at nine."}<|return|>',
    'action 1',
    OPEN,
  ],
  ['channels of an analysis alone', '<|channel|>analysis<|message|>They ask for the hours.', null, ''],
  [
    'channels of Harmony without bars',
    'analysis\nThey ask.\nassistantfinal\n{"action": 1}\nOpen at nine.',
    'action 1',
    OPEN,
  ],
  ['the header of Phi', '<|assistant|>\n{"action": 1}\nOpen at nine.<|end|>', 'action 1', OPEN],
  [
    'the header of Phi with a separator',
    '<|im_start|>assistant<|im_sep|>{"action": 1}\nOpen at nine.<|im_end|>',
    'action 1',
    OPEN,
  ],
  ['the header of Mistral', '[INST] [/INST] {"action": 1}\nOpen at nine.</s>', 'action 1', OPEN],
  [
    'the header of DeepSeek',
    '<｜Assistant｜>{"action": 1}\nOpen at nine.<｜end▁of▁sentence｜>',
    'action 1',
    OPEN,
  ],
  [
    'the header of Command R',
    '<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|><|START_RESPONSE|>{"action": 1}\nOpen at nine.<|END_RESPONSE|><|END_OF_TURN_TOKEN|>',
    'action 1',
    OPEN,
  ],
  [
    'the header of Granite',
    '<|start_of_role|>assistant<|end_of_role|>{"action": 1}\nOpen at nine.<|end_of_text|>',
    'action 1',
    OPEN,
  ],
  [
    'the reasoning of Command',
    '<|START_THINKING|>They ask.<|END_THINKING|><|START_RESPONSE|>{"action": 1}\nOpen at nine.<|END_RESPONSE|>',
    'action 1',
    OPEN,
  ],
  ['the end of Vicuna', '{"action": 1}\nOpen at nine.\n### Human: Thanks!', 'action 1', OPEN],
  [
    'the end of Gemma without its start',
    '{"action": 1}\nOpen at nine.<end_of_turn>\n<start_of_turn>user\nThanks',
    'action 1',
    OPEN,
  ],
  ['a filler of Gemma', '<pad>{"action": 1}\nOpen at nine.<eos>', 'action 1', OPEN],
  ['an end that is cut off', '{"action": 1}\nOpen at nine.<|im_en', 'action 1', OPEN],
];

const TAGS: Form[] = [
  [
    'tags of Claude',
    '<choice>\n<action>1</action>\n</choice>\n<message>\nOpen at nine.\n</message>',
    'action 1',
    OPEN,
  ],
  [
    'tags of Claude, with an analysis',
    '<analysis>\nThey ask.\n</analysis>\n<response>\n{"action": 1}\nOpen at nine.\n</response>',
    'action 1',
    OPEN,
  ],
  ['a tag for thinking', '<thinking>They ask.</thinking>{"action": 1}\nOpen at nine.', 'action 1', OPEN],
  [
    'a declaration',
    '<?xml version="1.0"?>\n<response><action>1</action><message>Open at nine.</message></response>',
    'action 1',
    OPEN,
  ],
  ['a comment', '<!-- they ask -->\n{"action": 1}\nOpen at nine.', 'action 1', OPEN],
  ['tags in capitals', '<ACTION>1</ACTION>\nOpen at nine.', 'action 1', OPEN],
  ['an id in a tag', '<choice type="action" index="1"/>Open at nine.', 'action 1', OPEN],
  [
    'reasoning in a summary',
    '<details><summary>Thinking</summary>They ask.</details>\n{"action": 1}\nOpen at nine.',
    'action 1',
    OPEN,
  ],
  [
    'reasoning in a quotation with a heading',
    '> **Reasoning:** They ask.\n\n{"action": 1}\nOpen at nine.',
    'action 1',
    OPEN,
  ],
  [
    'reasoning with attributes',
    '<think duration="2">They ask.</think>\n{"action": 1}\nOpen at nine.',
    'action 1',
    OPEN,
  ],
  [
    'reasoning in reasoning',
    '<think>They <think>really</think> ask.</think>{"action": 1}\nOpen at nine.',
    'action 1',
    OPEN,
  ],
];

const TWICE: Form[] = [
  [
    'the choice in the middle of the message',
    '{"action": 1}\nWe open.\n{"action": 1}\nAt nine.',
    'action 1',
    'We open.\nAt nine.',
  ],
  [
    'the whole answer twice',
    '{"action": 1}\nOpen at nine.\n\n{"action": 1}\nOpen at nine.',
    'action 1',
    OPEN,
  ],
  [
    'the whole answer twice in JSON',
    '{"action": 1, "message": "Open at nine."}\n{"action": 1, "message": "Open at nine."}',
    'action 1',
    OPEN,
  ],
  [
    'a plan and then the answer',
    '1. Read the question.\n2. Answer it.\n\n{"action": 1}\nOpen at nine.',
    'action 1',
    OPEN,
  ],
  ['the choice as words and as JSON', 'Action 1\n{"action": 1}\nOpen at nine.', 'action 1', OPEN],
];

/** Messages that look like a form, and stay as they are. */
const MESSAGES: Form[] = [
  [
    'data of a user',
    '{"action": 1}\nYour login:\n\nUser: maya\nPassword: x1',
    'action 1',
    'Your login:\n\nUser: maya\nPassword: x1',
  ],
  [
    'data of a user at the end',
    '{"action": 1}\nYour login:\nUser: maya',
    'action 1',
    'Your login:\nUser: maya',
  ],
  [
    'a fence in the middle',
    '{"action": 1}\n```\nls\n```\nThen wait.',
    'action 1',
    '```\nls\n```\nThen wait.',
  ],
  [
    'a verb of the user',
    '{"action": 1}\nUsers come at nine.\nUser accounts too.',
    'action 1',
    'Users come at nine.\nUser accounts too.',
  ],
  [
    'a sentence with a number in words',
    'Option one is the cheaper one.',
    'action 0',
    'Option one is the cheaper one.',
  ],
  ['directions', 'Please take exit 1 and turn left.', 'action 0', 'Please take exit 1 and turn left.'],
  ['an emoji in front', '🎉 Two exits are open.', 'action 0', '🎉 Two exits are open.'],
  ['a full-width sentence', '{"action": 1}\n｛注意｝１０時から！', 'action 1', '｛注意｝１０時から！'],
  ['an assignment', '{"action": 1}\nSet {a = 1} and {b: 2}.', 'action 1', 'Set {a = 1} and {b: 2}.'],
  [
    'code that calls',
    '{"action": 1}\nCall `open(day="Fri")` or ``x``.',
    'action 1',
    'Call `open(day="Fri")` or ``x``.',
  ],
  ['the same line twice', '{"action": 1}\nKnock.\nKnock.', 'action 1', 'Knock.\nKnock.'],
  ['a time in front', '{"action": 1}\n9: we open.', 'action 1', '9: we open.'],
  ['a number alone', '{"action": 1}\n42', 'action 1', '42'],
  ['the word user', '{"action": 1}\nThe user: a person.', 'action 1', 'The user: a person.'],
  ['a joined emoji', '{"action": 1}\nHi 👩‍⚕️!', 'action 1', 'Hi 👩‍⚕️!'],
  ['a comparison', '{"action": 1}\nIt is < 5 km and a <- b.', 'action 1', 'It is < 5 km and a <- b.'],
  ['a word of Persian with its joiner', '{"action": 1}\nمی‌خواهم', 'action 1', 'می‌خواهم'],
  [
    'a plain sentence with an option',
    'Option 2 is the cheaper one.',
    'action 0',
    'Option 2 is the cheaper one.',
  ],
  [
    'an address',
    '{"action": 1}\nWrite to a@b.example, or see <https://b.example/x>.',
    'action 1',
    'Write to a@b.example, or see <https://b.example/x>.',
  ],
];

describe.each([
  ['invisible characters', INVISIBLE],
  ['broken JSON', JSONS],
  ['words and marks', WORDS],
  ['roles', ROLES],
  ['tokens of chat templates', TOKENS],
  ['tags', TAGS],
  ['repetitions', TWICE],
  ['messages, which stay as they are', MESSAGES],
])('an answer of a model with %s', (_name, forms) => {
  it.each(forms)('is read as its choice and its message: %s', (_form, answer, choice, message) => {
    expect(readEverywhere(answer)).toEqual({ choice, message });
  });
});

describe('a tool call in the text of a model', () => {
  const input = '{"day":"Fri"}';
  it.each<[string, string]>([
    ['of Phi', '<|tool_call|>[{"name": "look_up", "arguments": {"day":"Fri"}}]<|/tool_call|>'],
    ['of Granite', '<|tool_call|>[{"name": "look_up", "arguments": {"day":"Fri"}}]'],
    ['of Mistral, with the name in front', '[TOOL_CALLS]look_up[ARGS]{"day":"Fri"}'],
    ['of Mistral, with an identifier', '[TOOL_CALLS]look_up[CALL_ID]abc123def[ARGS]{"day":"Fri"}'],
    [
      'of Claude',
      '<function_calls>\n<invoke name="look_up">\n<parameter name="day">Fri</parameter>\n</invoke>\n</function_calls>',
    ],
    ['of Command R', '<|START_ACTION|>[{"tool_name": "look_up", "parameters": {"day":"Fri"}}]<|END_ACTION|>'],
    ['of GLM', '<tool_call>look_up\n<arg_key>day</arg_key>\n<arg_value>Fri</arg_value>\n</tool_call>'],
    [
      'of Kimi',
      '<|tool_calls_section_begin|><|tool_call_begin|>functions.look_up:0<|tool_call_argument_begin|>{"day":"Fri"}<|tool_call_end|><|tool_calls_section_end|>',
    ],
    ['in a fence', '```tool_call\n{"name": "look_up", "arguments": {"day":"Fri"}}\n```'],
    ['of Gemma, as Python', '```tool_code\nlook_up(day="Fri")\n```'],
    ['of Llama, as Python', '<|python_start|>[look_up(day="Fri")]<|python_end|>'],
    [
      'with a name that has a prefix',
      '<tool_call>{"name": "functions.look_up", "arguments": {"day":"Fri"}}</tool_call>',
    ],
    [
      'with arguments as a text',
      '<tool_call>{"name": "look_up", "arguments": "{\\"day\\":\\"Fri\\"}"}</tool_call>',
    ],
    ['with a comma too many', '<tool_call>{"name": "look_up", "arguments": {"day":"Fri",}}</tool_call>'],
  ])('is read as a call in a form %s', (_name, answer) => {
    const { calls, message, choice } = readEverywhere(answer);
    expect(calls).toEqual([['look_up', input]]);
    expect([message, choice]).toEqual(['', null]);
  });
});

describe('an answer of a model whose choice was made before', () => {
  const chosen = { ...RULES, chosen: true };
  it.each<[string, string, string]>([
    ['may begin with a byte order mark', '\uFEFFWhich day?', 'Which day?'],
    ['may have tags', '<message>Which day?</message>', 'Which day?'],
    [
      'may have a header',
      '<|start_header_id|>assistant<|end_header_id|>\n\nWhich day?<|eot_id|>',
      'Which day?',
    ],
    ['may be YAML', 'message: Which day?', 'Which day?'],
    ['may make up a turn', 'Which day?\n\nUser: Friday\nAssistant: Fine.', 'Which day?'],
    ['may be a fence', '```\nWhich day?\n```', 'Which day?'],
  ])('%s: %j', (_name, answer, message) => {
    expect(readEverywhere(answer, chosen)).toEqual({ choice: null, message });
  });
});
