import { describe, expect, it } from 'vitest';
import { understandMessage } from '../../../../src/agent/embedded/language/message.ts';

describe('an explicit answer', () => {
  it.each<[string, -1 | 0 | 1]>([
    ['yes', 1],
    ['Yes, please', 1],
    ['I think so', 1],
    ['some pages open, yes', 1],
    ['it does', 1],
    ['They are.', 1],
    ['no', -1],
    ['nope, nothing', -1],
    ["I haven't", -1],
    ["it doesn't", -1],
    ["I don't think so", -1],
    ['not that I know of', -1],
    ['No lights come on', 0],
    ['my right knee', 0],
    ["it's right behind the shed", 0],
    ["that's right", 1],
    ['yes but later', 0],
    ['I think it is my knee', 0],
    ['ok, where is it?', 0],
  ])('in %j is %j', (text, explicit) => {
    expect(understandMessage(text).explicit).toBe(explicit);
  });
});

describe('a farewell', () => {
  it.each([
    'bye',
    'Goodbye!',
    'thx bye',
    "no, that's all",
    'that is all, thank you',
    'nothing else',
    'I am done',
    'have a nice day',
    "that'll do",
  ])('is %j', (text) => {
    expect(understandMessage(text).acts.has('farewell')).toBe(true);
  });

  it.each([
    'Hello, I would like some help please.',
    'let me think',
    'I think it is my knee',
    'I think so',
    'by the way, it is red',
    'I bought it all',
    'Guten Abend',
    'thanks',
    'that is all right',
    "I'm done with the first step",
    'that is all I know about the light',
  ])('is not %j', (text) => {
    expect(understandMessage(text).acts.has('farewell')).toBe(false);
  });
});

describe('a question', () => {
  it.each([
    'how do I check that',
    "I don't know how to check that",
    'what do you mean?',
    'Is it the black one?',
    'tell me where it is',
    "I'm not sure which one you mean",
    'ok, and where is it',
  ])('is %j', (text) => {
    const { questions, statements } = understandMessage(text);
    expect([questions.length, statements.length]).toEqual([1, 0]);
  });

  it('at the end of a sentence leaves what was stated before it', () => {
    const { questions, statements } = understandMessage("I'm waiting for my boots, when do they come?");
    expect([questions.length, statements.length]).toEqual([1, 1]);
  });

  it.each([
    'when I turn the key, it clicks',
    'It is loose, right?',
    'Yes, when I pedal hard',
    'which is loose',
  ])('is not %j', (text) => {
    expect(understandMessage(text).questions.length).toBe(text === 'which is loose' ? 1 : 0);
  });

  it('is separated from the statement of the same message', () => {
    const { questions, statements } = understandMessage('I am allergic to nuts, is that a problem?');
    expect(questions.map(({ text }) => text)).toEqual(['is that a problem?']);
    expect(statements.map(({ stems }) => stems)).toEqual([['allerg', 'nut']]);
  });
});

describe('a hesitation', () => {
  it.each([
    'hmm',
    'let me think',
    'not sure',
    'one moment please',
    'hold on',
    "I'll check",
    'let me look again',
  ])('states nothing: %j', (text) => {
    const { acts, statements } = understandMessage(text);
    expect(acts.has('hesitation') || acts.has('unknown')).toBe(true);
    expect(statements.every(({ stems }) => stems.length === 0)).toBe(true);
  });

  it('does not hide the statement after it', () => {
    const { statements } = understandMessage('let me see... the light is red');
    expect(statements.map(({ stems }) => stems)).toEqual([['light', 'red']]);
  });
});

describe('a message in the style of a chat', () => {
  it.each<[string, string[]]>([
    ['May, please', []],
    ['yes please, do that', []],
    ['will do', []],
    ['may I pay later', ['may I pay later']],
    ['do u have dune', ['do u have dune']],
  ])('in %j asks %j', (text, questions) => {
    expect(understandMessage(text).questions.map((question) => question.text)).toEqual(questions);
  });

  it('is read without apostrophes and in short forms', () => {
    expect(understandMessage('im not in town, thats wrong').statements[0]?.words).toEqual(
      understandMessage("I'm not in town").statements[0]?.words,
    );
    expect(understandMessage('call me back pls').statements[0]?.stems).toEqual(['callback']);
  });

  it('is told by its matter, and not by its praise', () => {
    const stems = (text: string) => understandMessage(text).statements.flatMap((clause) => clause.stems);
    expect(stems('Good. We have a puppy')).toEqual(stems('We have a puppy'));
    expect(stems('good')).toEqual(['good']);
  });
});

describe('a message that asks for time', () => {
  it.each([
    "One second, I'm looking for the code",
    'hold on, I am checking the label',
    'just a moment please, I have to find my glasses',
    "sorry, wait a minute, I'll get the paper",
  ])('states nothing: %j', (text) => {
    const message = understandMessage(text);
    expect([message.acts.has('hesitation'), message.statements.length, message.explicit]).toEqual([
      true,
      0,
      0,
    ]);
  });

  it.each(["I'm looking for a birthday present", 'I am checking in tomorrow', 'one second-hand bike'])(
    'is no other one: %j',
    (text) => {
      expect(understandMessage(text).statements.length).toBeGreaterThan(0);
    },
  );
});

describe('a "no" of alarm', () => {
  it.each([
    'oh no, there is smoke coming out of it',
    'Oh no! my screen went black',
    'no wait, the green one',
  ])('denies nothing: %j', (text) => {
    expect(understandMessage(text).explicit).toBe(0);
  });

  it('is no plain no', () => {
    expect(['oh no', 'no', 'oh, no thanks'].map((text) => understandMessage(text).explicit)).toEqual([
      -1, -1, -1,
    ]);
  });
});
