/** Choices among several exits, at questions whose words no other set has. */
import { describe, expect, it } from 'vitest';
import { playStyles } from '../styles/play-styles.ts';

/** Expects that each saying takes the exit with its index, or none for -1. */
function expectChoices(question: string, exits: string[], answers: [exit: number, said: string[]][]): void {
  const group = { name: 'choice', questions: [question], exits: exits.map((exit) => [exit]), answers };
  expect(playStyles(group, { times: 2, seed: 5 }).wrong).toEqual([]);
}

const WOODS = ['Oak is wanted', 'Pine is wanted', 'The beech'];
const ASK_WOOD = 'Ask: "Oak, pine or beech?"';

describe('a choice among the options of a question', () => {
  it('is made by the place of an option, whatever the order of the exits is', () => {
    expectChoices(ASK_WOOD, WOODS, [
      [0, ['the first one', 'the 1st please', "I'd take the former"]],
      [1, ['the second', 'the middle one please']],
      [2, ['the last one', 'the third option', 'the latter']],
      [-1, ['the first of May', 'at first I need a ladder']],
    ]);
  });

  it('is made by a request in the form of a question, and not by a question for a fact', () => {
    expectChoices(ASK_WOOD, WOODS, [
      [0, ['could I have the oak?', 'how about oak?']],
      [1, ['can we take pine?']],
      [-1, ['how heavy is oak?', 'where does the pine come from?', 'what does beech cost?']],
    ]);
  });

  it('leaves out what is ruled out', () => {
    expectChoices(ASK_WOOD, WOODS, [
      [0, ['oak rather than pine', 'pine is no good, oak is fine', 'not beech, oak']],
      [2, ['anything but oak or pine, so beech']],
    ]);
  });
});

describe('a choice among wishes', () => {
  it('is made by a wish in other words than those of the exit', () => {
    const exits = ['A lesson is wanted', 'Another afternoon', 'The pupil cannot come'];
    expectChoices('Ask: "What can I do for you?"', exits, [
      [0, ['I want to arrange a lesson', 'are there any lessons free in May?']],
      [1, ['could we postpone it?', 'Tuesday does not work, is a later day possible?']],
      [2, ["we won't make it on Tuesday", 'please call it off']],
      [-1, ['good afternoon', 'cancel it or postpone it']],
    ]);
  });

  it('is not made where two exits describe the same wish', () => {
    const exits = [
      'The guest wants to cancel a tour',
      'The guest wants to cancel a boat',
      'A new tour is wanted',
    ];
    expectChoices('Ask: "What can I do for you?"', exits, [
      [0, ['please cancel my tour']],
      [1, ['please cancel my boat']],
    ]);
  });
});

describe('a choice among things of which one is in trouble', () => {
  it('is made by the thing, whatever is denied of it', () => {
    expectChoices(
      'Ask: "What is wrong?"',
      ['The gearbox', 'The pump does not run', 'A hose'],
      [
        [0, ["the gearbox doesn't shift", 'the gearbox']],
        [1, ['the pump', "the pump won't run"]],
        [2, ['there is no water in the hose', 'a hose, not the pump']],
      ],
    );
  });
});
