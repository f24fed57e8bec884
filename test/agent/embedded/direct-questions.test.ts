import { describe, expect, it } from 'vitest';
import { questionOfWords, questionWhether } from '../../../src/agent/embedded/direct-questions.ts';

describe('what stands behind "whether"', () => {
  it.each<[string, string]>([
    ['you have an account', 'Do you have an account?'],
    ['you have ever flown', 'Have you ever flown?'],
    ['you really want to stop', 'Do you really want to stop?'],
    ['you need anything else', 'Do you need anything else?'],
    ['you can swim', 'Can you swim?'],
    ['that works', 'Does that work?'],
    ['it carries a label', 'Does it carry a label?'],
    ['it has stopped', 'Has it stopped?'],
    ['it has a number', 'Does it have a number?'],
    ['there is another problem', 'Is there another problem?'],
    ['the red lamp is lit', 'Is the red lamp lit?'],
    ['the number of guests is final', 'Is the number of guests final?'],
    ['your parcel has arrived', 'Has your parcel arrived?'],
    ['everything is packed', 'Is everything packed?'],
  ])('becomes a direct question: %s', (statement, question) => {
    expect(questionWhether(statement)).toBe(question);
  });

  it.each([
    'the soil feels wet or dry',
    'the table that is free suits you',
    'the leaves are yellow, the tips are brown, or there are insects',
    'you tried it',
    'Saturday suits you',
    '',
  ])('stays an indirect one where its grammar is not known: %j', (statement) => {
    expect(questionWhether(statement)).toBeNull();
  });
});

describe('words that begin with a question word', () => {
  it.each<[string, string]>([
    ['how many people will play', 'How many people will play?'],
    ['which name the booking should be under', 'Which name should the booking be under?'],
    ['when you would like to come', 'When would you like to come?'],
    ['for how many people the table is', 'For how many people is the table?'],
    ['under which name to reserve it', 'Under which name should I reserve it?'],
    ['what was damaged, and how', 'What was damaged, and how?'],
    ['what kind of a cake you would like', 'What kind of a cake would you like?'],
    [
      'to which day and to which time the lesson is to be moved',
      'To which day and to which time is the lesson to be moved?',
    ],
    ['where it hurts', 'Where does it hurt?'],
    ['what happened', 'What happened?'],
    ['until when', 'Until when?'],
  ])('become a direct question: %s', (words, question) => {
    expect(questionOfWords(words)).toBe(question);
  });

  it.each([
    'for a name',
    'the name',
    'how the taxi is paid and where it goes',
    'which day in the coming week suits',
  ])('are left where their parts are not known: %s', (words) => {
    expect(questionOfWords(words)).toBeNull();
  });
});
