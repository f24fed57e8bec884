/**
 * Makes forms of an answer by joining parts by rule: the sign, the word, the number and the marks of a choice, its place,
 * the ends of lines, and what stands around it. Each means action 1 with the message `SAID`, which is written in its place.
 */

/** The message of each form. */
export const SAID = 'We open at 9:30, on Fri–Sat too.';

/** A form: the parts that it is made of, and the answer. */
export type Form = [kind: string, answer: string];

/** Words of a language: for a choice, for an action, for a message, and for the number one. */
const LANGUAGES: Readonly<
  Record<string, readonly [choice: string, action: string, message: string, one: string]>
> = {
  German: ['Auswahl', 'Aktion', 'Nachricht', 'eins'],
  Spanish: ['Elección', 'Acción', 'Mensaje', 'uno'],
  French: ['Choix', 'Action', 'Message', 'un'],
  Italian: ['Scelta', 'Azione', 'Messaggio', 'uno'],
  Portuguese: ['Escolha', 'Ação', 'Mensagem', 'um'],
  Dutch: ['Keuze', 'Actie', 'Bericht', 'een'],
  Polish: ['Wybór', 'Akcja', 'Wiadomość', 'jeden'],
  Swedish: ['Val', 'Åtgärd', 'Meddelande', 'ett'],
  Danish: ['Valg', 'Handling', 'Besked', 'en'],
  Finnish: ['Valinta', 'Toiminto', 'Viesti', 'yksi'],
  Czech: ['Volba', 'Akce', 'Zpráva', 'jedna'],
  Hungarian: ['Választás', 'Művelet', 'Üzenet', 'egy'],
  Romanian: ['Alegere', 'Acțiune', 'Mesaj', 'unu'],
  Turkish: ['Seçim', 'Eylem', 'Mesaj', 'bir'],
  Russian: ['Выбор', 'Действие', 'Сообщение', 'один'],
  Ukrainian: ['Вибір', 'Дія', 'Повідомлення', 'один'],
  Greek: ['Επιλογή', 'Ενέργεια', 'Μήνυμα', 'ένα'],
  Hebrew: ['בחירה', 'פעולה', 'הודעה', 'אחת'],
  Arabic: ['الاختيار', 'الإجراء', 'الرسالة', 'واحد'],
  Hindi: ['चयन', 'क्रिया', 'संदेश', 'एक'],
  Vietnamese: ['Lựa chọn', 'Hành động', 'Tin nhắn', 'một'],
  Indonesian: ['Pilihan', 'Tindakan', 'Pesan', 'satu'],
  Chinese: ['选择', '动作', '消息', '一'],
  Japanese: ['選択', 'アクション', 'メッセージ', '一'],
  Korean: ['선택', '동작', '메시지', '하나'],
};

const SIGNS = [
  ': ',
  ':',
  ' : ',
  '：',
  ' = ',
  ' - ',
  ' -> ',
  ' → ',
  ' => ',
  ' # ',
  '\t',
  ':\t',
  ' is ',
  ': number ',
];
const NUMBERS = [
  '1',
  '01',
  '"1"',
  "'1'",
  '`1`',
  '(1)',
  '[1]',
  '**1**',
  '1.',
  '1)',
  'one',
  'One',
  'I',
  '１',
  '①',
  '1️⃣',
  '#1',
  '№ 1',
  'no. 1',
];
const AROUND: readonly (readonly [string, string])[] = [
  ...(['**', '__', '*', '_', '`', '``', '~~', '==', '$', '%', '"', "'", '|', '***'] as const).map(
    (mark) => [mark, mark] as const,
  ),
  ['[', ']'],
  ['(', ')'],
  ['{', '}'],
  ['<', '>'],
  ['«', '»'],
  ['“', '”'],
  ['‘', '’'],
  ['「', '」'],
  ['【', '】'],
  ['# ', ''],
  ['#### ', ''],
  ['> ', ''],
  ['- ', ''],
  ['+ ', ''],
  ['1) ', ''],
  ['a) ', ''],
  ['/', ''],
  ['@', ''],
  ['!', ''],
  ['→ ', ''],
  ['✅ ', ''],
  ['👉 ', ''],
  ['// ', ''],
  ['<!-- ', ' -->'],
  ['/* ', ' */'],
  ['<b>', '</b>'],
  ['<u>', '</u>'],
  ['<strong>', '</strong>'],
  ['<p>', '</p>'],
  ['<code>', '</code>'],
  ['--- ', ' ---'],
  ['*** ', ' ***'],
];
const LINE_ENDS = [
  '\n',
  '\r\n',
  '\r',
  '\n\n',
  '\r\n\r\n',
  ' \n',
  '\n\n\n',
  '\u2028',
  '\u2029',
  '\u0085',
  '\v',
  '\n\u00a0',
  '\n\u3000',
  '\\n',
  '<br>',
  '<br/>\n',
  '\n---\n',
  '\n***\n',
  '\n\u200b\n',
];
const FENCES = [
  '```',
  '```json',
  '```JSON',
  '```jsonc',
  '```json5',
  '```text',
  '```yaml',
  '```xml',
  '```python',
  '```plaintext',
  '``` json',
  '~~~',
  '~~~json',
  '````',
  "'''",
  '"""',
];
/** Characters without a meaning at the begin of an answer. */
const INVISIBLE: Readonly<Record<string, string>> = {
  'a byte order mark': '\ufeff',
  'a zero-width space': '\u200b',
  'a zero-width joiner': '\u200d',
  'a zero-width non-joiner': '\u200c',
  'a word joiner': '\u2060',
  'a mark of direction': '\u200e',
  'an Arabic mark': '\u061c',
  'an isolate': '\u2068',
  'a hard space': '\u00a0',
  'an ideographic space': '\u3000',
  'a soft hyphen': '\u00ad',
  'a grapheme joiner': '\u034f',
  'a Hangul filler': '\u3164',
  'a zero': '\0',
  'a bell': '\u0007',
  'a variation selector': '\ufe0f',
  'a replacement character': '\ufffd',
};
/** Names of tags, tokens and channels of reasoning. */
const REASONED: readonly ((thought: string) => string)[] = [
  ...[
    'think',
    'thinking',
    'thought',
    'reasoning',
    'reason',
    'analysis',
    'scratchpad',
    'reflection',
    'inner_thoughts',
    'monologue',
    'cot',
    'deliberation',
    'seed:think',
    'plan',
    'steps',
    'step',
    'Thinking',
    'THINK',
  ].map((name) => (thought: string) => `<${name}>${thought}</${name}>`),
  (thought) => `<think>\n${thought}\n\n</think>\n\n`,
  (thought) => `${thought}</think>`,
  (thought) => `${thought}\n</thinking>\n\n`,
  (thought) => `[THINK]${thought}[/THINK]`,
  (thought) => `◁think▷${thought}◁/think▷`,
  (thought) => `<|channel|>analysis<|message|>${thought}<|end|><|start|>assistant<|channel|>final<|message|>`,
  (thought) => `<|channel>thought\n${thought}<channel|>`,
  (thought) => `<|START_THINKING|>${thought}<|END_THINKING|><|START_RESPONSE|>`,
  (thought) => `<|begin_of_thought|>${thought}<|end_of_thought|><|begin_of_solution|>`,
  (thought) => `<think>${thought}<think>`,
  (thought) => `<thinking>${thought}</think>`,
  (thought) => `(Thinking: ${thought})\n`,
  (thought) => `*thinks: ${thought}*\n`,
  (thought) => `Thought: ${thought}\n`,
  (thought) => `**Reasoning:** ${thought}\n\n`,
  (thought) => `> ${thought}\n\n`,
  (thought) => `# Thinking\n${thought}\n\n# Answer\n`,
  (thought) => `<details><summary>Thoughts</summary>${thought}</details>\n`,
];
const THOUGHTS = ['They ask {"action": 2}? No.', 'Action 0 or 1. The user asks for the hours.', 'hm'];

/** Ends of an answer that are no part of its message, also those of a stream that is cut off. */
const TAILS = [
  '<|im_end|>',
  '</s>',
  '<|eot_id|>',
  '<|endoftext|>',
  '<|end|>',
  '<end_of_turn>',
  '<｜end▁of▁sentence｜>',
  '[EOS]',
  '</answer>',
  '</response>',
  '</message>',
  '<|im_',
  '<|im_end',
  '<|',
  '</',
  '</mess',
  '</s',
  '<end_of',
  '\n<|im_start|>user\nThanks',
  '\n<thin',
  '\n<think>So',
  '\n\n{"act',
  '\n{"action": 1',
  '\n{"action": 1}',
  '\n{',
  '\n\nAction: 1',
  '\n(Action 1)',
  '\n[action 1]',
  '\n`{"action": 1}`',
  '\n**Choice: 1**',
  '\n<action>1</action>',
  '\n```',
  '\n```json\n{"action": 1}\n```',
  '\n\nUser:',
  '\nUser: Thanks!\nAssistant: Bye.',
  '\nHuman: ok',
  '\n###',
  '\n**',
  '\n---',
  '\n\n\n',
  '\r\n',
  ' \t',
  '\u200b',
  '\u0000',
];

const J = '{"action": 1}';

/** The message as a member of JSON. */
const quoted = JSON.stringify(SAID);

/** Answers whose choice and message stand together in data of some kind. */
const DATA = [
  `{"action":1,"message":${quoted}}`,
  `{"message":${quoted},"action":1}`,
  `{"choice":"action 1","message":${quoted}}`,
  `{"choice":{"kind":"action","index":1},"message":${quoted}}`,
  `{"choice":{"action":1},"message":{"content":${quoted}}}`,
  `{"exit":null,"action":1,"message":${quoted}}`,
  `{"action":"1","reason":"They ask.","message":${quoted}}`,
  `{"thought":"They ask.","action":1,"message":${quoted}}`,
  `{"action":1,\n "message":${quoted},\n}`,
  `{action:1,message:${quoted}}`,
  `{'action':1,'message':'${SAID}'}`,
  `{"action": 1, "message": '${SAID}'}`,
  `{"action": 1, "message": """${SAID}"""}`,
  `{"action": 1, "message": \`${SAID}\`}`,
  `[{"action":1,"message":${quoted}}]`,
  `[{"action":1},{"message":${quoted}}]`,
  `{"action":1}{"message":${quoted}}`,
  `{"action":1}\n{"message":${quoted}}`,
  `{"output":{"action":1,"message":${quoted}}}`,
  `{"action":1,"message":${quoted}`,
  `{"action":1,"message":"${SAID}`,
  `action: 1\nmessage: ${SAID}`,
  `action: 1\nmessage: "${SAID}"`,
  `action: 1\nmessage: '${SAID}'`,
  `action: 1\nmessage: |\n  ${SAID}`,
  `action: 1\nmessage: >-\n  ${SAID}`,
  `---\naction: 1\nmessage: ${SAID}`,
  `choice:\n  action: 1\nmessage: ${SAID}`,
  `action = 1\nmessage = "${SAID}"`,
  `<action>1</action><message>${SAID}</message>`,
  `<message>${SAID}</message><action>1</action>`,
  `<answer><choice>action 1</choice><message>${SAID}</message></answer>`,
  `<output>\n<action>1</action>\n<text>${SAID}</text>\n</output>`,
  `<action id="1"><message>${SAID}</message></action>`,
  `<action n="1">${SAID}</action>`,
  `<choice kind="action" index="1" />\n<message>${SAID}</message>`,
  `<?xml version="1.0"?>\n<response><action>1</action><message>${SAID}</message></response>`,
  `<action>1</action>\n<![CDATA[${SAID}]]>`,
  `action,message\n1,${quoted}`,
  `| action | message |\n| --- | --- |\n| 1 | ${SAID} |`,
  `Line 1: ${J}\nLine 2: ${SAID}`,
  `1. ${J}\n2. ${SAID}`,
  `(1) ${J}\n(2) ${SAID}`,
  `Choice:\n${J}\n\nMessage:\n${SAID}`,
  `**Choice:** ${J}\n**Message:** ${SAID}`,
  `## Choice\n${J}\n## Message\n${SAID}`,
  `<tool_call>{"name":"action","arguments":{"index":1,"message":${quoted}}}</tool_call>`,
  `<function=action>{"index":1,"message":${quoted}}</function>`,
  `{"name":"choose","arguments":{"choice":"action 1","message":${quoted}}}`,
  `{"tool":"action","input":{"n":1,"message":${quoted}}}`,
];

/** Sentences with the choice in JSON or words, in front of the message. */
const PROSE = [
  `Here is my answer: ${J}`,
  `Sure! Here's the JSON you asked for:\n${J}`,
  `I'd go with ${J} here.\n`,
  `The best fit is ${J}.\n`,
  `Based on the conversation, action 1 fits best.\n\n${J}`,
  `Okay. ${J}`,
  `The user asks for the hours, so: ${J}\n`,
  `My choice is action 1.\n${J}\n`,
  `I choose action 1 because the user asks for the hours.\n`,
  `I will perform action 1 now.\n`,
  `So the answer is action 1:\n`,
  `Let me perform action 1.\n\n`,
  `Action 1 is the best choice.\n`,
  `Action 1 fits best, since they ask for the hours.\n`,
  `Action 1 because they ask for the hours.\n`,
  `Action 1 – they ask for the hours.\n\n`,
  `Action: 1 (they ask for the hours)\n`,
  `Action: 1, as they ask for the hours.\n`,
  `Choice: 1 [reason: hours asked]\n`,
  `Choice: action 1; reason: the user asks for the hours.\n`,
  `${J} because the user asks.\n`,
  `${J} # hours asked\n`,
  `${J}\nReason: the user asks for the hours.\n`,
  `${J}\nExplanation: action 1 fits best.\n`,
  `Ich wähle Aktion 1.\n`,
  `Elijo la acción 1.\n`,
  `Je choisis l'action 1.\n`,
  `Scelgo l'azione 1.\n`,
  `Eu escolho a ação 1.\n`,
  `Ik kies actie 1.\n`,
  `Wybieram akcję 1.\n`,
  `Я выбираю действие 1.\n`,
  `我选择动作1。\n`,
  `選択はアクション1です。\n`,
  `Explain the opening hours\n`,
  `Action: Explain the opening hours\n`,
  `Action 1: Explain the opening hours\n`,
  `1 - Explain the opening hours\n`,
  `"Explain the opening hours"\n`,
  `{"action": "Explain the opening hours"}\n`,
  `{"action": "explain the hours"}\n`,
  `${J}\n${J}\n`,
  `${J} ${J}\n`,
  `${J}\nAction: 1\n`,
  `Action: 1\n${J}\n`,
  `\`\`\`json\n${J}\n\`\`\`\n${J}\n`,
];

/** Places of the choice behind the message. */
const BEHIND = [
  `\n${J}`,
  `\n\n${J}\n`,
  ` ${J}`,
  `\n\`\`\`json\n${J}\n\`\`\``,
  `\n\`${J}\``,
  `\nAction: 1`,
  `\n**Action 1**`,
  `\n(Action 1)`,
  ` (action 1)`,
  ` [Action 1]`,
  `\n---\n${J}`,
  `\n\nChoice: ${J}`,
  `\n\nMy choice: ${J}`,
  `\n<action>1</action>`,
  `\n<!-- action 1 -->`,
  `\nChoice: action 1`,
  `\n→ action 1`,
  `\n{"choice": "action 1"}`,
  `\n\nI chose action 1.`,
  `\n\nJSON: ${J}`,
];

/** Returns all forms. */
export function generatedForms(): Form[] {
  const forms: Form[] = [];
  const add = (kind: string, answers: readonly string[]) =>
    forms.push(...answers.map((answer): Form => [kind, answer]));
  const words = Object.values(LANGUAGES);
  add(
    'sign',
    SIGNS.flatMap((sign) => [
      `Action${sign}1\n${SAID}`,
      `choice${sign}1\n${SAID}`,
      `Decision${sign}action 1\n${SAID}`,
    ]),
  );
  add(
    'number',
    NUMBERS.flatMap((number) => [
      `Action ${number}\n${SAID}`,
      `Choice: ${number}\n${SAID}`,
      `{"action": ${/^\d$/.test(number) ? number : JSON.stringify(number)}}\n${SAID}`,
    ]),
  );
  add(
    'mark',
    AROUND.flatMap(([before, after]) => [
      `${before}Action 1${after}\n${SAID}`,
      `${before}Action: 1${after}\n\n${SAID}`,
      `${before}${J}${after}\n${SAID}`,
    ]),
  );
  add(
    'line end',
    LINE_ENDS.flatMap((end) => [`${J}${end}${SAID}`, `Action: 1${end}${SAID}`]),
  );
  add(
    'label',
    words.flatMap(([choice, action, message, one]) => [
      `${choice}: 1\n${SAID}`,
      `**${choice}:** 1\n\n${SAID}`,
      `${action} 1\n${SAID}`,
      `${action}: 1\n${message}: ${SAID}`,
      `${J}\n${message}: ${SAID}`,
      `${J}\n**${message}:** ${SAID}`,
      `{"${action.toLowerCase()}": 1}\n${SAID}`,
      `${action}: ${one}\n${SAID}`,
    ]),
  );
  add(
    'fence',
    FENCES.flatMap((fence) => {
      const close = /^\W+/.exec(fence)?.[0].trim() ?? '';
      return [
        `${fence}\n${J}\n${close}\n${SAID}`,
        `${fence}\n${J}\n${SAID}\n${close}`,
        `${fence}\naction: 1\n${close}\n\n${SAID}`,
        `${fence}\n${J}\n${close}\n${close.startsWith('`') || close.startsWith('~') ? `${close}\n${SAID}\n${close}` : SAID}`,
      ];
    }),
  );
  add(
    'invisible',
    Object.values(INVISIBLE).flatMap((sign) => [
      `${sign}${J}\n${SAID}`,
      `${sign}Action: 1\n${SAID}`,
      `${J}\n${sign}${SAID}`,
      `{${sign}"action"${sign}: 1}\n${SAID}`,
      `${sign.repeat(3)}\n${J}\n${SAID}`,
    ]),
  );
  add(
    'reasoning',
    REASONED.flatMap((wrap) =>
      THOUGHTS.flatMap((thought) => [
        `${wrap(thought)}${J}\n${SAID}`,
        `${wrap(thought)}\nAction: 1\n${SAID}`,
      ]),
    ),
  );
  add(
    'tail',
    TAILS.flatMap((tail) => [`${J}\n${SAID}${tail}`, `Action: 1\n${SAID}${tail}`]),
  );
  add(
    'data',
    DATA.flatMap((data) => [data, `\`\`\`\n${data}\n\`\`\``, data.replaceAll('\n', '\r\n')]),
  );
  add(
    'prose',
    PROSE.map((prose) => `${prose}${prose.endsWith('\n') ? '' : '\n'}${SAID}`),
  );
  add(
    'behind',
    BEHIND.map((behind) => `${SAID}${behind}`),
  );
  return forms;
}
