import { describe, expect, it } from 'vitest';
import { understandMessage } from '../../../src/agent/embedded/language/message.ts';
import { answerPolarity } from '../../../src/agent/embedded/polarity.ts';
import { questionOf, withYes } from '../../../src/agent/embedded/reading/questions.ts';

/** Returns the meaning of an answer at a state whose exits are a yes and a no. */
function said(question: string, answer: string): 'yes' | 'no' | 'nothing' {
  const asked = withYes(questionOf(`Ask: "${question}"`));
  const polarity = answerPolarity(understandMessage(answer), asked);
  return polarity > 0.28 ? 'yes' : polarity < -0.28 ? 'no' : 'nothing';
}

type Row = [question: string, answer: string, expected: 'yes' | 'no' | 'nothing'];

const HARD = 'Is it hard to open the hatch?';
const SLIPS = 'Is the strap slipping?';
const CLEAN = 'Is the strainer clean?';
const ONLY = 'Does it squeak only on wet days?';
const TIGHT = 'Are all the bolts tight?';
const ICE = 'Does it happen when the road is icy?';
const CRACKED = 'Cracked or broken lid?';
const RECENT = 'Was the chimney swept recently?';

describe('an answer in a whole sentence', () => {
  it.each<Row>([
    [SLIPS, 'The strap is fine', 'no'],
    [SLIPS, 'I checked the strap and it seems fine', 'no'],
    [SLIPS, 'I looked at it and the strap slips', 'yes'],
    ['Any drip at the joint?', 'the joint is dry', 'no'],
    ['Any drip at the joint?', 'I inspected the joint and it is dry', 'no'],
    ['Is the lid open?', 'the lid is shut', 'no'],
    ['Is the stove warm?', 'the stove is warm', 'yes'],
  ])('is judged by what it says of the thing: %j, %j is %s', (question, answer, expected) => {
    expect(said(question, answer)).toBe(expected);
  });

  it.each<Row>([
    [HARD, 'I can barely open it', 'yes'],
    [HARD, 'I can open it without any effort', 'no'],
    [HARD, 'it takes a lot of strength to open it', 'yes'],
    [HARD, 'it opens', 'no'],
    [HARD, "it isn't difficult", 'no'],
    [HARD, 'it is tough', 'yes'],
    ['Do you have trouble closing the zip?', 'I can close it', 'no'],
    ['Do you have trouble closing the zip?', "I can't close it", 'yes'],
    ['Is it easy to open the hatch?', 'I can barely open it', 'no'],
  ])('tells whether a deed is a trouble: %j, %j is %s', (question, answer, expected) => {
    expect(said(question, answer)).toBe(expected);
  });

  it.each<Row>([
    [CLEAN, 'I have to clean it', 'no'],
    [CLEAN, 'it needs cleaning', 'no'],
    [CLEAN, 'I still need to clean it', 'no'],
    [CLEAN, 'I cleaned it on Monday', 'yes'],
    [CLEAN, "it's full of sand", 'no'],
    [CLEAN, 'it is covered in moss', 'no'],
    ['Is there oil in the can?', "it's full of oil", 'yes'],
    ['Is there any dust in the fan?', 'the fan is free of dust', 'no'],
  ])(
    'tells what is still to be done, and what a thing is full of: %j, %j is %s',
    (question, answer, expected) => {
      expect(said(question, answer)).toBe(expected);
    },
  );

  it.each<Row>([
    [TIGHT, 'none of them is loose', 'yes'],
    [TIGHT, 'none of them', 'no'],
    [ONLY, 'not only then', 'no'],
    [ONLY, 'it squeaks on all days', 'no'],
    [ONLY, 'only on wet days', 'yes'],
    [ICE, 'whenever the road is icy', 'yes'],
    [ICE, 'only when it is icy', 'yes'],
    ['Does the wheel turn?', 'the wheel stays where it is', 'no'],
    ['Is it the same with another lamp?', 'nothing changed', 'yes'],
    ['Does the noise stop when you stand?', 'nothing changed', 'no'],
  ])('tells how many, when and what changed: %j, %j is %s', (question, answer, expected) => {
    expect(said(question, answer)).toBe(expected);
  });

  it.each<Row>([
    [CRACKED, 'I see a crack in it', 'yes'],
    [CRACKED, 'it is not cracked or broken', 'no'],
    [CRACKED, 'the lid looks okay', 'no'],
    [CRACKED, 'it is intact', 'no'],
    ['Is the room warmer than 20 degrees?', 'No, it is below 20', 'no'],
    [RECENT, 'I had it swept two weeks ago', 'yes'],
    [RECENT, 'it has been years', 'no'],
    [RECENT, 'that was three years ago', 'no'],
    [RECENT, 'just yesterday', 'yes'],
  ])(
    'answers a question that lists two troubles or sets a limit: %j, %j is %s',
    (question, answer, expected) => {
      expect(said(question, answer)).toBe(expected);
    },
  );

  it.each<Row>([
    ['Does the boat drift to the left?', 'it goes straight', 'no'],
    ['Is the load the same on both axles?', 'the rear one carries more than the front one', 'no'],
    ['Is the load the same on both axles?', 'the left axle is lower', 'no'],
    ['Is the glass clean?', "there's some yellow film on it", 'no'],
    ['Is there milk in the jug?', "it's empty, I'm afraid", 'no'],
    ['Is there milk in the jug?', 'it has run dry', 'no'],
    ['Do you hear a noise?', 'I do hear something', 'yes'],
    ['Do you hear a click?', 'it is silent', 'no'],
    ['Do you hear a click?', 'it has gone quiet', 'no'],
    ['Do you see a spark?', 'yes I saw one', 'yes'],
    ['Have you tried it without the lid?', 'I tried without it, and it still smokes', 'yes'],
    ['Does the screen say that there is no paper?', 'it says no paper', 'yes'],
    ['Does the screen say that there is no paper?', "it doesn't say that", 'no'],
    ['Is the glaze damaged or blown?', 'the glaze looks good', 'no'],
  ])('tells of a thing, of its lack and of what is perceived: %j, %j is %s', (question, answer, expected) => {
    expect(said(question, answer)).toBe(expected);
  });

  it.each<Row>([
    [CLEAN, "I don't have a lamp here, I'd need to fetch one", 'nothing'],
    [CLEAN, "I can't get the lid off right now", 'nothing'],
    [CLEAN, "I can't get it clean", 'no'],
    ['Can the lid be opened?', "I can't open it", 'no'],
    ['Does it reach 200 degrees?', "it doesn't go past 150", 'no'],
    ['Does it reach 200 degrees?', 'it does not reach 200, I left it on all night', 'no'],
    ['Does it reach 200 degrees?', 'it goes up to 220', 'yes'],
    ['Is it younger than two years?', "it isn't more than two years old", 'yes'],
  ])('tells that nothing was looked at, or how much it is: %j, %j is %s', (question, answer, expected) => {
    expect(said(question, answer)).toBe(expected);
  });

  it.each<Row>([
    ['Do all taps run freely?', "one of the taps doesn't run", 'no'],
    ['Do all taps run freely?', 'two of them run, but one does not', 'no'],
    ['Do all taps run freely?', 'all of them run', 'yes'],
    ['Did the new washer solve the problem?', 'with it the tap works', 'yes'],
    ['Did the new washer solve the problem?', 'the problem is still there', 'no'],
    ['Did the new washer solve the problem?', 'I tried it and nothing changed', 'no'],
    ['Have you bled the radiator?', "I'm going to do it now", 'no'],
    ['Have you bled the radiator?', "I don't know how to do that, so no", 'no'],
    ['Is the handle hot?', 'it is normal', 'no'],
    ['Is the bag swollen?', 'there is a clear swelling', 'yes'],
    ['Unusual vibration?', 'there is a strong vibration', 'yes'],
    ['Is the panel unresponsive?', 'nothing happens', 'yes'],
    ['Did the download finish?', 'it finished without errors', 'yes'],
    ['Did the download finish?', 'it was interrupted', 'no'],
    ['Does the wheel turn?', 'it is hard to turn', 'no'],
    ['Is the hum the same without the plug?', 'it gets quieter', 'no'],
    ['Blue lamp blinking?', 'the lamp is yellow', 'no'],
    ['Does it take long to boot?', 'it boots immediately', 'no'],
  ])('tells of parts, cures, plans and what is normal: %j, %j is %s', (question, answer, expected) => {
    expect(said(question, answer)).toBe(expected);
  });
});
