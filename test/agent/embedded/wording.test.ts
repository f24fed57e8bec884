import { describe, expect, it } from 'vitest';
import { readAction } from '../../../src/agent/embedded/actions.ts';
import { noted, readBack } from '../../../src/agent/embedded/answers.ts';
import { apology, pieces, quoted, spoken, type SpeechContext } from '../../../src/agent/embedded/wording.ts';

const CONTEXT: SpeechContext = {
  answers: { ask_colour: 'Blue, please' },
  userName: 'Maya Chen',
  agentName: 'Nora',
  toolOutput: null,
  remembered: null,
  roles: new Set(['user', 'customer']),
  pending: null,
  heard: null,
  told: () => null,
  toldSoFar: () => [],
};

describe('an action', () => {
  it.each<[string, ReturnType<typeof readAction>]>([
    [
      'Ask for the day, such as "Monday": "Which day?"',
      { occasion: null, clarifies: false, deed: 'Ask for the day: "Which day?"' },
    ],
    [
      'If the user asks about prices, such as "What is it?" or "Is it free, or not?", say: "It is free."',
      {
        occasion: 'If the user asks about prices, such as "What is it?" or "Is it free, or not?"',
        clarifies: false,
        deed: 'say: "It is free."',
      },
    ],
    [
      'If it is not clear what is meant, ask again',
      { occasion: 'If it is not clear what is meant', clarifies: true, deed: 'ask again' },
    ],
    [
      'When the user does not know, say: “Take a guess.”',
      { occasion: 'When the user does not know', clarifies: true, deed: 'say: “Take a guess.”' },
    ],
  ])('%j is read', (action, expected) => {
    expect(readAction(action)).toEqual(expected);
  });

  it.each<[string, string]>([
    ['Say: "Hi [the user\'s first name], I am [your name]."', 'Hi Maya, I am Nora.'],
    ['Say: “Dear [the name of the user].”', 'Dear Maya Chen.'],
    ['Ask: "Was it [the user\'s answer in ask_colour]?"', 'Was it Blue?'],
    ['Say: "You said [the user\'s answer in ask_size]."', 'You said that.'],
    ['Say: "[which of them] it is."', 'which of them it is.'],
    ['Say: "So it is [ask_colour], not [ask_size]."', 'So it is Blue, not that.'],
    ['Say "Hello." and then "How are you?"', 'Hello. How are you?'],
    ['Ask for it, such as "a" or "b": "Which?"', 'Which?'],
    ['If the user asks "why", such as "Why?", answer: "Because."', 'Because.'],
    ['If asked about money, explain that it is free', 'It is free.'],
    ['Ask the user for their name', 'Could you tell me your name?'],
    ['Ask the user whether they are well', 'Are you well?'],
    ['Ask the user if they would like tea', 'Would you like tea?'],
    ['Ask the user to wait', 'Could you please wait?'],
    ['Find out their age', 'Could you tell me your age?'],
    ['Tell the user that they are next', 'You are next.'],
    ['Offer the user tea', 'I can offer you tea.'],
    ['Explain the rules', 'Let me explain the rules.'],
    ['Suggest a walk', 'I would suggest a walk.'],
    ['Help the customer choose', 'I can help you choose.'],
    ['Greet the user', 'Hello! It is good to hear from you.'],
    ['Thank the user for waiting', 'Thank you for waiting.'],
    ['Apologize for the delay', 'I am sorry for the delay.'],
    ['Say goodbye to the user', 'Goodbye, and all the best.'],
    ['Thank the user. Ask for the day.', 'Thank you. Could you tell me the day?'],
    ['The office is closed.', 'The office is closed.'],
    ['Parking is free.', 'Parking is free.'],
    ['Wish the user a good day', 'Have a good day.'],
    ['Wish the user luck with the plant', 'I wish you luck with the plant.'],
    ['Tell the user to turn it off', 'Please turn it off.'],
    ['Explain that it is shut, that it opens at nine', 'It is shut, and it opens at nine.'],
    ['Apologize and ask for a number', 'I am sorry. Could you tell me a number?'],
    ['Ask whether the customer really wants to stop', 'Do you really want to stop?'],
    ['Ask which of them would suit', 'Which of them would suit?'],
    ['Answer that they are on Mondays', 'They are on Mondays.'],
    ['Hand the case to an expert', 'I will hand the case to an expert.'],
    ['Be friendly. Never promise a date.', 'All right.'],
  ])('%j becomes the message %j', (action, words) => {
    expect(spoken(action, CONTEXT)).toBe(words);
  });
});

describe('an instruction', () => {
  const told = { toldSoFar: () => ['on Friday', 'Tom Becker'] };

  it.each([
    ['Confirm the booking with the name and the day', 'I have noted: on Friday, Tom Becker.'],
    ['Read the order back and ask whether it is right', 'I have noted: on Friday, Tom Becker. Is it right?'],
  ])('%j reads back what was told', (action, words) => {
    expect(spoken(action, { ...CONTEXT, ...told })).toBe(words);
  });

  it('to read back says nothing where nothing was told', () => {
    expect(spoken('Confirm the booking and ask for the day', CONTEXT)).toBe('Could you tell me the day?');
  });

  it.each([
    ['Pass on the next free time from the calendar, and ask whether that works', 'At six. Does that work?'],
    ['Say that it is taken, pass on what the tool found', 'It is taken. At six.'],
  ])('%j tells what a tool said', (action, words) => {
    expect(spoken(action, { ...CONTEXT, toolOutput: 'At six' })).toBe(words);
  });
});

describe('a sentence with a slot', () => {
  const OFFER = 'Say: "Monday it is. We have [what the tool said]. Which one?"';
  const REMEMBERED = 'Say: "Hello. Is it about [what is remembered about their visits] again? Tell me."';

  it.each<[string, action: string, Partial<SpeechContext>, words: string]>([
    ['a tool', OFFER, { toolOutput: '9:00 and 10:15' }, 'Monday it is. We have 9:00 and 10:15. Which one?'],
    ['no tool', OFFER, {}, 'Monday it is. Which one?'],
    ['a tool that failed', OFFER, { toolOutput: 'Error: no answer within 3 s.' }, 'Monday it is. Which one?'],
    ['a tool with a blank output', OFFER, { toolOutput: ' ' }, 'Monday it is. Which one?'],
    [
      'a memory',
      REMEMBERED,
      { remembered: 'my left knee' },
      'Hello. Is it about your left knee again? Tell me.',
    ],
    ['no memory', REMEMBERED, {}, 'Hello. Tell me.'],
    ['a tool output in place of a memory', REMEMBERED, { toolOutput: '9:00' }, 'Hello. Tell me.'],
  ])('is filled, or left out without a value: %s', (_name, action, more, words) => {
    expect(spoken(action, { ...CONTEXT, ...more })).toBe(words);
  });

  it('is left out of the quoted words of an instruction', () => {
    expect(quoted('Say first: "Call [your name]. It is [what the tool said]."', CONTEXT)).toBe('Call Nora.');
    expect(quoted('Warn them.', CONTEXT)).toBe('');
  });

  it.each([
    ['actually make it Wednesday', 'Wednesday at ten', 'Wednesday at ten'],
    ['Wednesday at nine', 'Wednesday at ten', 'Wednesday at nine'],
    ['Wednesday morning', 'Wednesday at ten', 'Wednesday morning'],
    ['some day next week', 'next week at ten', 'next week'],
    ['Wednesday', 'Friday at ten', 'Wednesday'],
  ])('reads a day back with the time that was told before: %s', (answer, told, shown) => {
    const action = 'Say: "I have [the day and time of the answer in ask_time or ask_new_time]."';
    const context = { ...CONTEXT, answers: { ask_new_time: answer }, told: () => told };
    expect(quoted(action, context)).toBe(`I have ${shown}.`);
  });
});

describe('an answer read back', () => {
  it.each<[string, string]>([
    ['Um, my knee hurts, please.', 'your knee hurts'],
    ["I'm dizzy", 'you are dizzy'],
    ["I've had a cough", "you've had a cough"],
    ['How about Monday?', 'Monday'],
    ["It's for me and my son", 'you and your son'],
    ['no, I meant Emma', 'Emma'],
    ['A sore\n throat', 'a sore throat'],
    ['The Hobbit', 'The Hobbit'],
    ['hello from Tom', 'hello from Tom'],
    ['Hi, it is Tom', 'Tom'],
    ['please', 'please'],
    ['x'.repeat(30).concat(' y'.repeat(60)), 'x'.repeat(30).concat(' y'.repeat(44), ' …')],
  ])('%j is read back as %j', (answer, expected) => {
    expect(readBack(answer)).toBe(expected);
  });

  it.each(['🎉'.repeat(200), `a${'🎉'.repeat(200)}`, 'word 🎉'.repeat(60), `my ${'x'.repeat(300)}`])(
    'is shortened between two characters: %s',
    (answer) => {
      const read = readBack(answer);
      expect(read.isWellFormed()).toBe(true);
      expect(read.length).toBeLessThanOrEqual(123);
      expect(read.endsWith(' …')).toBe(true);
    },
  );

  it.each<[string, slot: string, answers: Record<string, string>, string]>([
    ['the whole answer', "the user's answer in ask", { ask: 'my knee' }, 'your knee'],
    ['the named fact of it', "the day of the user's answer in ask", { ask: 'On Monday if I can' }, 'Monday'],
    [
      'a later correction',
      "the day of the user's answer in ask",
      { ask: 'Monday', confirm: 'no, Friday' },
      'Friday',
    ],
    [
      'no later question',
      "the day of the user's answer in ask",
      { ask: 'Monday', confirm: 'Are you open on Friday?' },
      'Monday',
    ],
    [
      'an answer before the question',
      "the day of the user's answer in ask",
      { greet: 'A table for Monday' },
      'Monday',
    ],
    [
      'the newest of several states',
      "the user's answer in ask or change",
      { ask: 'Emma', change: 'Persuasion' },
      'Persuasion',
    ],
    ['no answer of another state', "the user's answer in ask", { greet: 'Hello' }, 'that'],
  ])('contains %s', (_name, slot, answers, expected) => {
    expect(noted(slot, answers)).toBe(expected);
  });
});

describe('a message', () => {
  it.each<[string, string[]]>([
    ['', ['']],
    ['Hello.', ['Hello.']],
    ['One two three four five', ['One two three ', 'four five']],
    ['One  two\nthree four', ['One  two\nthree ', 'four']],
  ])('%j is streamed as %j', (message, expected) => {
    expect(pieces(message)).toEqual(expected);
  });

  it('begins with a different apology at each repetition', () => {
    expect([0, 1, 2, 3].map((repetition) => apology(repetition, false))).toEqual([
      'Sorry, I did not quite get that.',
      'I am afraid I did not understand.',
      'I am sorry, I still did not follow.',
      'Sorry, I did not quite get that.',
    ]);
    expect(apology(0, true)).toBe('I am afraid I cannot answer that here.');
  });
});
