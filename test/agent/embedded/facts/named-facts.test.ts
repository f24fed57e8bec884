import { describe, expect, it } from 'vitest';
import { canAnswer, findNamedFact, isAskedInVain } from '../../../../src/agent/embedded/facts/named-facts.ts';

describe('the time in a message', () => {
  it.each<[string, string | null]>([
    ['Thursday after 3 would be good', 'Thursday after 3'],
    ['Could I come tomorrow morning?', 'tomorrow morning'],
    ['any morning next week', 'any morning next week'],
    ['the 14th of March, please', 'the 14th of March'],
    ['half past nine on Tuesday', 'half past nine on Tuesday'],
    ['10:30 am', '10:30 am'],
    ['as soon as possible', 'as soon as possible'],
    ['tomorow mornng', 'tomorow mornng'],
    ['not Monday but Tuesday', 'Tuesday'],
    ['Friday instead of Monday', 'Friday'],
    ['from my Monday appointment to Friday afternoon', 'Friday afternoon'],
    ['I have had it since Sunday', null],
    ['I sat on it', null],
    ['whenever', null],
  ])('is found in %j: %j', (said, phrase) => {
    expect(findNamedFact("the day and time of the user's answer in ask", said, false)).toBe(phrase);
  });
});

describe('other facts', () => {
  it.each<[slot: string, said: string, string | null]>([
    ['the phone number', 'You can call me at 555 0142.', '555 0142'],
    ['the phone number', 'three apples', null],
    ['the number of apples', 'three apples', 'three'],
    ['the email', 'It is ann@example.org, mostly', 'ann@example.org'],
    ['the reason', 'I need somebody to look at it because of my knee', 'my knee'],
    ['the reason', 'an appointment about my back on Monday', 'my back'],
    ['the reason', 'it has hurt for a week', null],
    ['the colour', 'about my knee on Monday', null],
  ])('include %s in %j: %j', (slot, said, phrase) => {
    expect(findNamedFact(slot, said, false)).toBe(phrase);
  });

  it('include no reason when the whole text is the answer', () => {
    expect(findNamedFact('the reason', 'pain because of a fall', true)).toBeNull();
    expect(findNamedFact('the day', 'on Monday because of a fall', true)).toBe('Monday');
  });
});

describe('an action or an exit', () => {
  const ABOUT = 'Ask what the visit is for: "What is the appointment for?"';

  it.each<[action: string, said: string, boolean]>([
    ['Ask for the day: "Which day?"', 'Monday', true],
    ['Thank the user and ask for the day: "Which day?"', 'Monday', true],
    ['Ask for the day: "Which day?"', 'my knee', false],
    ['Ask for the day and the phone number', 'Monday', false],
    ['Ask for the day and the phone number', 'Monday, and my number is 555 0142', true],
    ['Ask for the name: "On which day were you born?"', 'Monday', false],
    ['Confirm the day: "Monday?"', 'Monday', false],
    [ABOUT, 'I need to see somebody about my knee', true],
    [ABOUT, 'I called for an appointment', false],
  ])('%j asks for a fact that %j already contains: %j', (action, said, expected) => {
    expect(isAskedInVain(action, said)).toBe(expected);
  });

  it.each<[exit: string, said: string, boolean]>([
    ['The user has said which day suits them', 'Monday', true],
    ['The user has said which day suits them', 'whenever', true],
    ['The user has said which day suits them', 'my knee hurts', false],
    ['The user has given a phone number', '555 0142', true],
    ['The user has given a phone number', 'three', false],
    ['The user has given a number', 'three', true],
    ['The user has given a number', 'apples', false],
    ['The user has told what they like, such as "a day off"', 'poetry', true],
  ])('%j can be answered by %j: %j', (exit, said, expected) => {
    expect(canAnswer(exit, said)).toBe(expected);
  });
});
