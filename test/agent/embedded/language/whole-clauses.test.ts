import { describe, expect, it } from 'vitest';
import { wholeClauseActs } from '../../../../src/agent/embedded/language/whole-clauses.ts';

describe('a farewell', () => {
  it.each([
    'bye',
    'ok thanks bye',
    'Bye bye!',
    'bye and thank you',
    'see you tomorrow then',
    'see you Tuesday',
    'nothing more, see you on Sunday',
    'Right, I have to go now.',
    'gotta run, thanks',
    'until next time',
    'have a nice evening',
    'thats all thanks',
    'No, that is really all. Thank you!',
    'No thank you, that was everything.',
    "great, that's all I needed",
    "that's all I wanted to know",
    'that would be all for today',
    'that will do nicely',
    "I'm all set, thank you",
    'we are done here',
    'all done',
    'all good thanks',
    "perfect, I don't need anything else",
    "I haven't got any more questions",
    "no, I've got everything I need",
    'nothing further from my side',
    'nothing more to add',
    'sorry, wrong number',
    'I must have dialled the wrong number',
    'please end this chat',
    "you've been very helpful, goodbye",
    'That is everything, you were a great help',
  ])('is %j', (text) => {
    expect(wholeClauseActs(text)).toContain('farewell');
  });

  it.each([
    "that's all I have in the bank",
    'bye the way, where are you?',
    'by the way it is red',
    'done with the washing, it still leaks',
    "I'm done with the first step",
    "I'm finished with the course in June",
    'end of the road',
    'at the end of the call there was a noise',
    'my flat is at the end of Mill Lane',
    'I hang up the picture with two nails',
    'you have the wrong number of my order',
    'nothing else works',
    'there is nothing else in the box but the cable',
    'we need no more than two chairs',
    "that's it that makes the noise",
    'this is everything that came in the parcel',
    'that will do no harm',
    'take care of the dog first',
    'have a good look at the photo',
    'the film Good Bye Lenin',
    'see you have it in blue',
    'I have to go up two floors',
    'bye. Oh wait, one more thing',
    "that's all, but the lamp is still dark",
    'it is all good wood',
    'until then it was dry',
    'everyone left the chat',
    'I said goodbye to my old car',
    "I'm good at swimming",
    'we are set in our ways',
  ])('is not %j', (text) => {
    expect(wholeClauseActs(text)).not.toContain('farewell');
  });

  it('is told from the last words of an account', () => {
    expect(wholeClauseActs("it only clicks, that's all")).toEqual(['finished']);
    expect(wholeClauseActs("no, I only wanted the price of a ticket. That's it.")).toEqual(['finished']);
    expect(wholeClauseActs('it only clicks')).toEqual([]);
  });
});

describe('a withdrawal', () => {
  it.each([
    'never mind',
    'nevermind that',
    'oh, forget about it',
    'forget the whole thing',
    'please cancel everything',
    'scrap that',
    'let us leave it at that',
    'on second thoughts, leave it as it is',
    'I changed my mind',
    "we've changed our minds about it",
    "I don't want to any more",
    "I don't want to go on with this",
    "no thanks, I don't want to order after all",
    'I no longer need it',
    "I'd rather not",
    'I would rather keep the old one',
    "please don't send it",
    "don't bother",
    'I give up',
    'can we stop here',
    'stop',
    'we decided against it',
    'we have decided not to',
    "I'll go somewhere else",
    "I'd rather not come after all",
  ])('is %j', (text) => {
    expect(wholeClauseActs(text)).toContain('withdrawal');
  });

  it.each([
    'never mind the cost, I want the big one',
    'never mind the noise in the background',
    'I want to cancel my order',
    'I want to stop smoking',
    'my doctor told me to stop eating salt',
    'it stops after a minute',
    'the bus stop is far away',
    'I quit my job',
    'I want to quit my gym',
    'I forget my password all the time',
    'I forgot the name',
    'forget the blue one, take the red one',
    'drop it off at the door',
    'leave it at the reception',
    'leave a message',
    'leave it on the table please',
    'I decided to leave',
    'we decided not to drive in winter',
    'we have decided to buy the large one',
    "I don't want to wait that long",
    "I don't want it too hot",
    "I don't need it before Friday",
    "I'd rather not say",
    "I'd rather come on Monday",
    'skip the onions',
    'do not call me after six',
    "don't hang up",
    'I changed my mind about the colour',
    'my daughter changed schools',
    'the second thought was better',
  ])('is not %j', (text) => {
    expect(wholeClauseActs(text)).not.toContain('withdrawal');
  });
});

describe('the wish for a person', () => {
  it.each([
    'a human please',
    'I want to talk to a real person',
    'can I speak with your manager',
    'let me talk to somebody',
    'operator!',
    'please put me through to the front desk',
    'could someone call me back?',
    'get me a supervisor',
    'I need to speak to a person now',
    "I'd like a callback",
  ])('is %j', (text) => {
    expect(wholeClauseActs(text)).toContain('human');
  });

  it.each([
    'leave a message',
    'my operator is Vodafone',
    'is it safe for human skin?',
    'I talked to a person yesterday',
    'nobody called me back',
    "please don't call me back",
    'the agent at the airport was rude',
    'my manager is ill',
    'it is for one person',
    'a table for four people',
    'I am the person who called',
    'the receptionist said that it is free',
  ])('is not %j', (text) => {
    expect(wholeClauseActs(text)).not.toContain('human');
  });
});

it.each(["I'd rather not continue with this", 'I would rather not go on', 'we would prefer not to proceed'])(
  'takes a wish not to go on for a withdrawal: %j',
  (said) => {
    expect(wholeClauseActs(said)).toContain('withdrawal');
  },
);

it('takes a wish not to go on with another thing for none', () => {
  expect(wholeClauseActs('I would rather not continue past midnight')).not.toContain('withdrawal');
});
