import { describe, expect, it } from 'vitest';
import { understandMessage } from '../../../src/agent/embedded/language/message.ts';
import { answerPolarity } from '../../../src/agent/embedded/polarity.ts';
import { questionOf } from '../../../src/agent/embedded/reading/questions.ts';

/** Returns the meaning of an answer to a yes-or-no question. */
function said(question: string, answer: string): 'yes' | 'no' | 'nothing' {
  const polarity = answerPolarity(understandMessage(answer), questionOf(`Ask: "${question}"`));
  return polarity > 0.25 ? 'yes' : polarity < -0.25 ? 'no' : 'nothing';
}

const BATTERY = 'Have you charged the battery?';
const PULLING = 'Is the cart pulling to one side?';
const TIGHT = 'Are the screws tight?';
const RUST = 'Is the chain rusty?';
const MINUTES = 'Has it been on for more than ten minutes?';

describe('the polarity of an answer', () => {
  it.each<[question: string, answer: string, 'yes' | 'no' | 'nothing']>([
    // Negation inside of the sentence.
    [BATTERY, 'I have not charged the battery', 'no'],
    [BATTERY, 'I have charged the battery', 'yes'],
    [PULLING, "It isn't pulling to one side", 'no'],
    [PULLING, 'It is pulling to one side', 'yes'],
    // Negation of the opposite, and opposites.
    [TIGHT, "The screws aren't loose", 'yes'],
    [TIGHT, 'They are loose', 'no'],
    [TIGHT, 'Both of them wobble', 'no'],
    ['Is the lid difficult to open?', "it isn't difficult", 'no'],
    ['Is the lid difficult to open?', 'It opens easily', 'no'],
    ['Is the cut uneven?', 'The cut is even', 'no'],
    // An answer that leaves the matter out.
    [BATTERY, "I haven't", 'no'],
    [BATTERY, 'I did', 'yes'],
    [TIGHT, 'they are', 'yes'],
    [TIGHT, 'not really', 'no'],
    // What is going to be done tells nothing of what is the case.
    ['Does the drawer come out?', "I'll try that", 'nothing'],
    ['Is the pump running now?', 'we will have a look', 'nothing'],
    ['Will you try that?', "I'll try that", 'yes'],
    ['Does the drawer come out?', 'it will', 'yes'],
    // What has to be done first, and what cannot be looked at, answers nothing.
    [TIGHT, "I'd have to fetch the ladder first", 'nothing'],
    [TIGHT, "I can't get to it yet", 'nothing'],
    [TIGHT, "hang on, I'm upstairs", 'nothing'],
    ['Is the glass clean?', 'no smudges', 'yes'],
    ['Is the glass clean?', "there's a scratch", 'no'],
    // It is well where trouble is asked for, and the other way.
    [RUST, 'The chain is clean and shiny', 'no'],
    ['Is there paper in the tray?', 'The tray is empty', 'no'],
    ['Does the print show streaks?', 'The print is clean', 'no'],
    // A word that only shows that something was heard.
    ['Is there a light on the box?', 'okay. All dark.', 'no'],
    // Amounts.
    [MINUTES, 'an hour', 'yes'],
    [MINUTES, 'two minutes maybe', 'no'],
    [MINUTES, 'since yesterday', 'yes'],
    // Nothing that answers.
    [TIGHT, 'my aunt lives in Leeds', 'nothing'],
    [TIGHT, 'are they supposed to be?', 'nothing'],
    [TIGHT, 'Guten Abend', 'nothing'],
    [TIGHT, 'thank you for your help', 'nothing'],
  ])('answers %j with %j: %s', (question, answer, expected) => {
    expect(said(question, answer)).toBe(expected);
  });
});
