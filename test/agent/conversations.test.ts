/** Whole conversations of the demo organizations with the embedded agent, from the greeting to the terminal state. */
import { describe, expect, it } from 'vitest';
import booksFile from '../../seed/paper-lantern-books.json';
import clinicFile from '../../seed/riverside-clinic.json';
import type { OrganizationFile } from '../../src/registry/organization.ts';
import { parseOrganizationFile } from '../../src/registry/publish.ts';
import { Talk } from './support.ts';

const clinic = parseOrganizationFile(clinicFile);
const books = parseOrganizationFile(booksFile);

function talkTo(file: OrganizationFile, graph: string, returning = false): Talk {
  return new Talk(file, graph, { returning });
}

const BYE = 'Thank you for calling Riverside Clinic. Take care, and goodbye!';
const NOTED =
  'That is noted, and you will get a text message to confirm it. Is there anything else I can do for you?';
const FREE =
  'Around then the calendar still has 9:00 and 14:45 free, and a text message will tell you which it is.';
const ASK_REASON =
  'I can book that appointment for you. What would you like to be seen for? A few words are enough.';

describe('on the appointment line', () => {
  it('a new patient books politely, step by step', async () => {
    const talk = talkTo(clinic, 'Appointment line');
    expect(await talk.say(null)).toBe(
      'Hello, this is Nora at Riverside Clinic. What can I do for you today?',
    );
    expect(await talk.say('Hello!')).toBe('Hello! What can I do for you today?');
    expect(await talk.say("I'd like to book an appointment, please.")).toBe(ASK_REASON);
    expect(await talk.say("I've had a sore throat since Sunday.")).toBe(
      "Thank you, I have noted: you've had a sore throat since Sunday. Which day and time would suit you?",
    );
    expect(await talk.say('Would Thursday after 3 be possible?')).toBe(
      `Let me read that back: Thursday after 3. ${FREE} Shall I put that in the book for you?`,
    );
    expect(await talk.say('Yes please')).toBe(NOTED);
    expect(talk.completed).toBe(false);
    expect(await talk.say("No, that's all. Thank you so much!")).toBe(BYE);
    expect(talk.completed).toBe(true);
  });

  it('the agent knows a returning patient, and does not ask for details that their message contains', async () => {
    const talk = talkTo(clinic, 'Appointment line', true);
    expect(await talk.say(null)).toBe(
      'Welcome back, Maya. This is Nora at Riverside Clinic again. How can I help you this time?',
    );
    expect(await talk.say('I need to see a doctor about my knee, Thursday morning please')).toBe(
      `Let me read that back: Thursday morning. ${FREE} Shall I put that in the book for you?`,
    );
    expect(await talk.say('perfect')).toBe(NOTED);
    expect(await talk.say('bye')).toBe(BYE);
    expect(talk.completed).toBe(true);
  });

  it('the agent answers questions in the middle, and goes on in the same state', async () => {
    const talk = talkTo(clinic, 'Appointment line');
    await talk.say(null);
    expect(await talk.say('appointment please')).toBe(ASK_REASON);
    expect(await talk.say('how much does a visit cost?')).toBe(
      'Most insurance plans cover a visit. Without insurance a standard visit is 60 dollars, and you only pay afterwards. Now, what would you like to be seen for?',
    );
    expect(await talk.say("ok, it's for a check-up")).toBe(
      'Thank you, I have noted: a check-up. Which day and time would suit you?',
    );
    expect(await talk.say('are you open on Saturday?')).toBe(
      'We are open Monday to Friday from eight in the morning until six, and on Saturday from nine until one. On Sundays we are closed. So, which day and time would suit you?',
    );
    expect(await talk.say('Saturday at 10 then')).toBe(
      `Let me read that back: Saturday at 10. ${FREE} Shall I put that in the book for you?`,
    );
  });

  /** Rows: the lines of the user, each with the state in which the agent answers it. */
  it.each<[string, [said: string, state: string][]]>([
    [
      'terse',
      [
        ['book', 'ask_visit_reason'],
        ['knee', 'ask_visit_time'],
        ['tue 10am', 'confirm_time'],
        ['yes', 'anything_else'],
        ['no', 'goodbye'],
      ],
    ],
    [
      'full of slips',
      [
        ['i want to bok an apointment', 'ask_visit_reason'],
        ['my kne hurts', 'ask_visit_time'],
        ['tomorow mornng', 'confirm_time'],
        ['yse', 'anything_else'],
        ['thx bye', 'goodbye'],
      ],
    ],
    [
      'off the subject',
      [
        ['Tell me a joke', 'greet_new_patient'],
        ["What's the capital of France?", 'greet_new_patient'],
        ['I want to cancel my appointment', 'ask_cancelled_appointment'],
        ["what's the weather?", 'ask_cancelled_appointment'],
        ['the one on friday', 'confirm_cancellation'],
        ['yes', 'anything_else'],
        ['no thanks', 'goodbye'],
      ],
    ],
    [
      'undecided',
      [
        ['book me in for a flu shot on Monday at 9', 'confirm_time'],
        ['no', 'confirm_time'],
        ['Wednesday at 2pm', 'confirm_time'],
        ['actually make it Friday instead', 'confirm_time'],
        ['yes but earlier', 'ask_new_time'],
        ['8:30', 'confirm_time'],
        ['never mind', 'anything_else'],
        ['goodbye', 'goodbye'],
      ],
    ],
    [
      'withdrawn',
      [
        ["I'd like to see a doctor", 'ask_visit_reason'],
        ['a rash on my arm', 'ask_visit_time'],
        ['actually cancel that', 'anything_else'],
        ["no that's it", 'goodbye'],
      ],
    ],
    [
      'about several things',
      [
        ["I can't make it on Friday, need to move my appointment to Monday afternoon", 'confirm_time'],
        ['yes', 'anything_else'],
        ['I also need a refill', 'ask_medicine'],
        ['ibuprofen 400', 'ask_birth_date'],
        ['the 4th of May 1980', 'anything_else'],
        ['one more thing', 'anything_else'],
        ['can I talk to a real person?', 'ask_callback_number'],
        ['why?', 'ask_callback_number'],
        ['555 0199', 'anything_else'],
        ['thanks', 'goodbye'],
      ],
    ],
    [
      'gibberish',
      [
        ['sdfsdf', 'greet_new_patient'],
        ['book appt', 'ask_visit_reason'],
        ['sdkjfh', 'ask_visit_reason'],
        ['a headache', 'ask_visit_time'],
        ['blarg', 'ask_visit_time'],
        ['noon', 'confirm_time'],
        ['xxxxx', 'confirm_time'],
        ['yes', 'anything_else'],
        ['bye', 'goodbye'],
      ],
    ],
    [
      'very long',
      [
        [
          `I would like to book an appointment. ${'It started after the holidays. '.repeat(2000)}`,
          'ask_visit_reason',
        ],
        ['a cough that began in December when we were with my sister in the mountains', 'ask_visit_time'],
        ['any day next week in the morning, except Wednesday', 'confirm_time'],
        ['ok', 'anything_else'],
        ['nope', 'goodbye'],
      ],
    ],
    ['over at once', [['no', 'goodbye']]],
  ])('a conversation that is %s comes to its end', async (_name, lines) => {
    const talk = talkTo(clinic, 'Appointment line');
    await talk.say(null);
    const states: [string, string][] = [];
    for (const [said] of lines) {
      await talk.say(said);
      states.push([said, talk.position.state]);
    }
    expect(states).toEqual(lines);
    expect(talk.completed).toBe(true);
  });

  it('refers an emergency to 911 before anything else', async () => {
    const talk = talkTo(clinic, 'Appointment line');
    await talk.say(null);
    expect(await talk.say('I have chest pain')).toBe(
      'If this is an emergency, please hang up and call 911 straight away. If it can wait, tell me what you need and I will help you.',
    );
  });

  it('recommends responses that fit the state and that the user has not given', async () => {
    const talk = talkTo(clinic, 'Appointment line');
    await talk.say(null);
    expect(await talk.recommend()).toEqual([
      'I am a new patient and would like to book a first appointment',
      'I need to change my appointment',
      'I want to cancel my appointment',
    ]);
    expect(await talk.recommend('the patient is running out of pills')).toContain(
      'I am running out of my pills, can I have more tablets?',
    );
    await talk.say('I need to change my appointment');
    expect(await talk.recommend()).toEqual([
      'Could we make it Thursday afternoon?',
      'Friday at nine would be better',
      'Never mind',
    ]);
    await talk.say('Friday at nine would be better');
    await talk.say('yes');
    expect(await talk.recommend()).not.toContain('I need to change my appointment');
  });
});

describe('at the front desk', () => {
  it('the agent takes a message in the words of the visitor', async () => {
    const talk = talkTo(clinic, 'Front desk', true);
    expect(await talk.say(null)).toBe(
      'Hello again, Maya, this is the front desk. Is it about your last message, or about something new?',
    );
    expect(await talk.say('something new')).toBe('Gladly. What should I write down?');
    expect(await talk.say('My last bill lists two visits but I only came once')).toBe(
      'I have written: your last bill lists two visits but you only came once. Shall I pass it on like that?',
    );
    expect(await talk.say('yes')).toBe('It is on its way. Is there another message?');
    expect(await talk.say('no')).toBe('Thank you for calling the front desk. Have a good day, and goodbye!');
    expect(talk.completed).toBe(true);
  });
});

describe('in the bookshop', () => {
  it('the title that the user named last is set aside', async () => {
    const talk = talkTo(books, 'Book finder');
    await talk.say(null);
    expect(await talk.say('Do you have The Hobbit?')).toBe(
      'I have written down: The Hobbit. Shall I set a copy aside for you?',
    );
    expect(await talk.say('No, I meant Persuasion')).toBe(
      'I have written down: Persuasion. Shall I set a copy aside for you?',
    );
    expect(await talk.say('yes')).toBe(
      'It is noted, and we will write to you when it is ready. Can I find anything else for you?',
    );
    expect(await talk.say('no')).toBe(
      'Thank you for calling Paper Lantern Books. Happy reading, and goodbye!',
    );
    expect(talk.completed).toBe(true);
  });
});

describe('the graphs of the demo', () => {
  const places = [clinic, books].flatMap((file) =>
    file.graphs.flatMap((graph) =>
      graph.states
        .filter(({ type, name }) => type === 'action' && name !== graph.terminal_state)
        .map(({ name }) => [graph.name, name, file] as const),
    ),
  );

  it.each(places)('%s: a goodbye at %s ends the conversation', async (graph, state, file) => {
    const talk = talkTo(file, graph);
    talk.position = { ...talk.position, state, performed: [0] };
    await talk.say('Goodbye');
    expect(talk.completed).toBe(true);
  });

  it.each(places)('%s: every message at %s gets an answer', async (graph, state, file) => {
    const lines = ['yes', 'no', 'Monday at nine', '555 0142', 'why?', 'xyzzy', '', '🙂', '[x] "y"'];
    for (const line of lines) {
      const talk = talkTo(file, graph);
      talk.position = { ...talk.position, state, performed: [0] };
      expect(await talk.say(line)).toMatch(/[.?!]$/);
    }
  });
});
