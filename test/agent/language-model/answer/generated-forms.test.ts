/**
 * Forms of answers that are made by rule (`generated-forms.ts`), unlike those of `many-forms.test.ts`, which are written one
 * by one. Before the reader of answers was changed for them, 255 of 1,106 were misread where a choice is to be made, and
 * 390 where it was made before. What is still misread is listed here by its kind.
 *
 * Where a choice is to be made, the model is asked once more, or its first action is performed:
 * - a number in a word of a language other than English ("Aktion: eins"); it is asked for once more;
 * - marks of templates around the words ("$action 1$", "%action 1%");
 * - quotes of other languages around a message in JSON (`"""`, backticks): the message is asked for once more;
 * - a table or lines with commas.
 * The choice is right, and something of the form is shown:
 * - labels that are words of a message too ("Bericht:", "Besked:", "Pesan:"), and CDATA of XML;
 * - fences of four backticks, two fences of tildes, and a fence around JSON that was cut off;
 * - a character that the provider replaced.
 * Where the choice was made before, a message is passed on as it comes. So these are shown too:
 * - prose in front of the choice ("Okay. {…}"), reasoning that only a bare `</think>` ends, and `<step>` as a tag;
 * - an option word for word, which may be the message; a number in a list;
 * - a sentence about the choice, and a choice in parentheses, behind the message.
 */
import { describe, expect, it } from 'vitest';
import { generatedForms, SAID } from './generated-forms.ts';
import { read, readEverywhere, RULES, type Read } from './reading.ts';

const ALL = [...new Map(generatedForms().map((form) => [form[1], form])).values()];

/** Forms that are misread in both cases. */
const MISREAD =
  /^[$%]|^(?!Action: one)[\p{L}\p{M} ]+: \p{L}+\n|^\{"hành|Bericht|Besked|Wiadomość|Pesan|^~~~[^]*~~~\n~~~|^`{4}|"""|: `|CDATA|action,message|\| action|^```\n\{"action":1,"message":"We[^"]*```$|\uFFFD/u;
/** Forms that are misread where the choice was made before. */
const MISREAD_BEHIND =
  /^1\) |<\/think(?:ing)?>|<steps?>|^> |^choice:\s|"choose"|^(?:Sure|I'd go|The best|Based|Okay|选|選|我)|Explain the|\(action 1\)|\[Action 1\]|---\n\{|\n\n(?:My choice|JSON): |I chose/;

function isRight({ choice, message, calls }: Read, expected: string | null): boolean {
  // A mark of direction in front of the message is a part of it.
  const shown = message.replace(/^\p{Default_Ignorable_Code_Point}+/u, '');
  return choice === expected && shown === SAID && calls === undefined;
}

describe('an answer in a form that is made by rule', () => {
  it('is one of more than a thousand', () => {
    expect(ALL.length).toBeGreaterThan(1_000);
  });

  it('is read as its choice and its message at every split, but for the kinds that are listed', () => {
    const misread = ALL.filter(([, answer]) => !isRight(readEverywhere(answer), 'action 1'));
    expect(misread.filter(([, answer]) => !MISREAD.test(answer))).toEqual([]);
    expect(misread.length).toBeLessThanOrEqual(55);
  });

  it('is its message alone where the choice was made before, but for the kinds that are listed', () => {
    const rules = { ...RULES, chosen: true };
    const misread = ALL.filter(([, answer]) => {
      const whole = read([answer], rules);
      expect(read(answer.split(''), rules), answer).toEqual(whole);
      return !isRight(whole, null);
    });
    expect(misread.filter(([, answer]) => !MISREAD.test(answer) && !MISREAD_BEHIND.test(answer))).toEqual([]);
    expect(misread.length).toBeLessThanOrEqual(102);
  });

  it('keeps all words of its message, or has none, so that it is asked for', () => {
    for (const chosen of [true, false]) {
      const cut = ALL.filter(([, answer]) => {
        const { message } = read([answer], { ...RULES, chosen });
        return message !== '' && !message.includes(SAID);
      });
      expect(cut).toEqual([]);
    }
  });
});

describe('a message that begins with a word that may be a label', () => {
  const behind = (message: string, rules = RULES) =>
    readEverywhere(`{"action": 1}\n${message}`, rules).message;
  const alone = (message: string, rules = RULES) =>
    readEverywhere(message, { ...rules, chosen: true }).message;

  it.each([
    'Text: STOP to 12345',
    'TEXT: STOP',
    '**Text:** STOP to 12345',
    'Answer: 42',
    'Answer: yes, we do.',
    'Say: hello',
    'Model: T',
  ])('keeps it behind a choice in JSON, and where the choice was made before: %s', (message) => {
    expect([behind(message), alone(message)]).toEqual([message, message]);
  });

  it.each([
    ['Action: 1\nAnswer: Open at nine.'],
    ['action: 1\ntext: Open at nine.'],
    ['{"action": 1}\nMy answer: Open at nine.'],
    ['{"action": 1}\nText to the user: Open at nine.'],
    ['{"action": 1}\nAnswer:\nOpen at nine.'],
    ['{"action": 1}\nMessage: Open at nine.'],
    ['{"action": 1}\nResponse: Open at nine.'],
  ])('loses it where the answer has labels, or where it can be nothing else: %j', (answer) => {
    expect(readEverywhere(answer)).toEqual({ choice: 'action 1', message: 'Open at nine.' });
  });

  it('keeps any of them where words to be said begin with it', () => {
    const rules = { ...RULES, actions: [RULES.actions[0] ?? '', 'Say: "Message: received." and wait'] };
    expect(behind('Message: received.', rules)).toBe('Message: received.');
    expect(behind('Reply: received.', rules)).toBe('received.');
  });

  it('keeps any of them where the user said it', () => {
    const heard = ['Begin each of your sentences with "Response:" or "Assistant:", please.'];
    const rules = { ...RULES, heard };
    for (const message of ['Response: nine.', 'Assistant: nine.']) {
      expect([behind(message, rules), alone(message, rules)]).toEqual([message, message]);
    }
  });

  it('is no choice where a measure or a sentence goes on behind its number', () => {
    for (const message of [
      'Handling: 1-2 days',
      'Selection: 3 items',
      'Option: 2 days',
      'Action = 1 in your file',
    ]) {
      expect(alone(message)).toBe(message);
    }
    expect(readEverywhere('Selection: 3 items').message).toBe('Selection: 3 items');
  });
});
