/** Whole conversations of the demo's clinic with the embedded agent: memory, tools, references and behavior. */
import { describe, expect, it } from 'vitest';
import clinicFile from '../../seed/riverside-clinic.json';
import { judgeMetric } from '../../src/agent/embedded/capabilities.ts';
import { parseOrganizationFile } from '../../src/registry/publish.ts';
import { Memory, Talk, type TalkOptions } from './support.ts';

const clinic = parseOrganizationFile(clinicFile);
const LINE = 'Appointment line';
const NOTED =
  'That is noted, and you will get a text message to confirm it. Is there anything else I can do for you?';
const EMERGENCY =
  'If this is an emergency, please hang up and call 911 straight away. If it can wait, tell me what you need and I will help you.';
const ASK_BIRTH_DATE =
  'So that it goes into the right file: may I have your date of birth, or the phone number we have for you?';

/** Makes a call with the given lines of the user. Returns it with the messages of the agent. */
async function call(lines: string[], options: TalkOptions = {}): Promise<{ talk: Talk; heard: string[] }> {
  const talk = new Talk(clinic, LINE, options);
  const heard = [await talk.say(null)];
  for (const line of lines) heard.push(await talk.say(line));
  return { talk, heard };
}

/** Returns the types of the transitions of a call, in order. */
function kindsOf(talk: Talk): string[] {
  return talk.logs.flatMap(({ transitions }) => transitions.map(({ type }) => type));
}

const FIRST_CALL = [
  'Hello, I would like to book an appointment.',
  'My knee hurts when I climb stairs.',
  'Thursday morning',
  'Yes, please',
  'I also need a prescription refill',
  'My blood pressure tablets',
  'I was born on the 4th of May 1980',
  'No, that is all, thank you',
];

describe('the clinic', () => {
  it('has a tool that the development server answers and the calendar state calls', () => {
    const [tool] = clinic.tools;
    expect(tool?.versions.map(({ url }) => url)).toEqual(['http://localhost:8787/demo/tools/openings']);
    const state = clinic.graphs[0]?.states.find(({ type }) => type === 'tool-call');
    expect(state).toMatchObject({ designated_tool: { tool_id: tool?.id } });
  });

  it('measures one thing of each type', () => {
    expect(clinic.metrics.map(({ type, computed }) => [type, computed])).toEqual([
      ['boolean', 'completed'],
      ['numeric', 'num_interactions'],
      ['categorical', null],
    ]);
  });
});

describe('two calls of the same patient', () => {
  it('the first goes through every kind of state, into another graph and back', async () => {
    const memory = new Memory();
    const { talk, heard } = await call(FIRST_CALL, { memory });
    expect(heard).toEqual([
      'Hello, this is Nora at Riverside Clinic. What can I do for you today?',
      'I can book that appointment for you. What would you like to be seen for? A few words are enough.',
      'Thank you, I have noted: your knee hurts when you climb stairs. Which day and time would suit you?',
      'Let me read that back: Thursday morning. Around then the calendar still has 9:00 and 14:45 free, and a text message will tell you which it is. Shall I put that in the book for you?',
      NOTED,
      'I can pass that on to the doctor. What is the medicine called?',
      ASK_BIRTH_DATE,
      NOTED,
      'Thank you for calling Riverside Clinic. Take care, and goodbye!',
    ]);
    expect(talk.completed).toBe(true);
    expect(new Set(kindsOf(talk))).toEqual(
      new Set(['action', 'annotation', 'decision', 'recall', 'reflection', 'tool-call', 'jumpback']),
    );
    expect(talk.thoughts).toEqual([
      'This patient has not called before: they may not know how things are done here, and there is no file of theirs yet.',
      'What was said about it: “My knee hurts when I climb stairs.”',
    ]);
  });

  it('the second uses the memories of the first', async () => {
    const memory = new Memory();
    const { talk: first } = await call(FIRST_CALL, { memory });
    memory.learn(first.history);
    expect(memory.statements).toContain('My knee hurts when I climb stairs.');
    const { talk, heard } = await call(
      ['I would like a follow-up appointment', 'It is the knee again', 'Monday at nine', 'yes', 'bye'],
      { memory, returning: true },
    );
    expect(heard).toEqual([
      'Welcome back, Maya. This is Nora at Riverside Clinic again. How can I help you this time?',
      'I can book that appointment for you. From an earlier call I have this note: your knee hurts when you climb stairs. What would you like to be seen for? A few words are enough.',
      'Thank you, I have noted: the knee again. Which day and time would suit you?',
      'Let me read that back: Monday at nine. Around then the calendar still has 9:00 and 14:45 free, and a text message will tell you which it is. Shall I put that in the book for you?',
      NOTED,
      'Thank you for calling Riverside Clinic. Take care, and goodbye!',
    ]);
    expect(talk.completed).toBe(true);
    expect(talk.logs[1]?.working_memory).toEqual([
      { context: expect.stringContaining('knee') as string, content: 'My knee hurts when I climb stairs.' },
    ]);
  });

  it('the agent mentions a memory once in a call', async () => {
    const memory = new Memory();
    memory.learn([{ by: 'user', text: 'I have a sore throat.' }]);
    const { heard } = await call(['Book an appointment', 'never mind', 'Book an appointment after all'], {
      memory,
    });
    expect(heard[1]).toContain('From an earlier call I have this note: you have a sore throat.');
    expect(heard[3]).not.toContain('earlier call');
  });

  it.each([
    'I would like to book an appointment.',
    'Something came up, and I cannot make it.',
    'Bus 7 takes me there.',
  ])('the agent does not refer to %j, which is no complaint', async (text) => {
    const memory = new Memory();
    memory.learn([{ by: 'user', text }]);
    const { heard } = await call(['Book an appointment'], { memory, returning: true });
    expect(heard[1]).not.toContain('earlier call');
  });
});

describe('the calendar', () => {
  const asked = async (day: string, answer: string) => {
    const inputs: Record<string, unknown>[] = [];
    const { talk, heard } = await call(['appointment please', 'a cough', day], {
      answer: (input) => {
        inputs.push(input);
        return answer;
      },
    });
    return { talk, said: heard.at(-1), inputs };
  };

  it('is called with the time that the patient named, and its result is stored', async () => {
    const { talk, inputs } = await asked('Would Thursday after 3 be possible?', '15:15');
    expect(inputs).toEqual([{ day: 'Thursday after 3' }]);
    expect(talk.position.tool_results).toEqual([
      { tool_name: 'openings', input: { day: 'Thursday after 3' }, output: '15:15' },
    ]);
  });

  it.each(['Error: the tool did not answer in time.', ''])(
    'is not mentioned when it answers %j',
    async (answer) => {
      const { talk, said } = await asked('Thursday after 3', answer);
      expect(said).toBe('Let me read that back: Thursday after 3. Shall I put that in the book for you?');
      expect(await talk.say('yes')).toBe(NOTED);
    },
  );

  it('is called again when the patient changes the time', async () => {
    const { talk, inputs } = await asked('Thursday', '9:00');
    expect(await talk.say('Friday at nine would be better')).toBe(
      'Let me read that back: Friday at nine. Around then the calendar still has 9:00 free, and a text message will tell you which it is. Shall I put that in the book for you?',
    );
    expect(inputs).toEqual([{ day: 'Thursday' }, { day: 'Friday at nine' }]);
  });
});

describe('a refill', () => {
  const REFILL = ['I need a prescription refill', 'ibuprofen'];

  it.each([
    ['12 March 1975', 'anything_else', NOTED],
    ['4/5/1980', 'anything_else', NOTED],
    ['My number is 555 0142', 'anything_else', NOTED],
    ['I would rather not say', 'anything_else', 'No problem. Is there anything else I can do for you?'],
    ['Never mind', 'anything_else', 'No problem. Is there anything else I can do for you?'],
    [
      'Can I talk to a real person?',
      'ask_callback_number',
      'Of course. Somebody from the front desk will call you back today. Which phone number should they use?',
    ],
    ['Goodbye', 'goodbye', 'Thank you for calling Riverside Clinic. Take care, and goodbye!'],
  ])('asks for the date of birth, and returns from the graph after %j', async (said, state, message) => {
    const { talk } = await call(REFILL);
    expect(talk.position).toMatchObject({ state: 'ask_birth_date', returns: [{ state: 'file_refill' }] });
    expect(await talk.say(said)).toBe(message);
    expect(talk.position).toMatchObject({ state, returns: [] });
    expect(kindsOf(talk)).toContain('jumpback');
  });

  it('explains the reason of its question, and waits for an answer', async () => {
    const { talk } = await call(REFILL);
    expect(await talk.say('Why do you need my birth date?')).toBe(
      "Only to find your file, so that nobody else's is opened by mistake. May I have your date of birth, or your phone number?",
    );
    expect(await talk.say('hmm')).toContain('The day, month and year you were born are enough');
    await talk.say('May 4th');
    expect(talk.position.state).toBe('anything_else');
  });

  it('recommends answers inside the other graph', async () => {
    const { talk } = await call(REFILL);
    expect(await talk.recommend()).toEqual([
      'I was born on the 4th of May 1980',
      '12 March 1975',
      'My number is 555 0142',
    ]);
  });
});

describe('the first wish', () => {
  it.each([
    'I want to cancel my order please',
    'Please cancel it',
    'Cancel my appointment',
    'I would like to cancel my subscription',
  ])('is no farewell where something is to be cancelled: %j', async (said) => {
    const { talk } = await call([said]);
    expect(talk.position.state).toBe('ask_cancelled_appointment');
  });

  it.each(['I want to stop smoking', "I'd like to stop taking my pills", 'I decided to leave my job'])(
    'is no farewell where something else is to be stopped or left: %j',
    async (said) => {
      const { talk } = await call([said]);
      expect(talk.position.state).not.toBe('goodbye');
    },
  );
});

describe('dynamic behavior', () => {
  it.each([
    'I have chest pain',
    'I think it is a heart attack',
    "I can't breathe",
    'My mother fainted',
    'He is unconscious',
    'It is bleeding a lot',
  ])('names the emergency line after %j in every state', async (text) => {
    const { talk, heard } = await call([text]);
    expect(heard[1]).toBe(EMERGENCY);
    expect(talk.events[1]).toContain('engage-user-dynamic-behavior-override');
    const { talk: later } = await call(['appointment please', 'a cough']);
    expect(await later.say(text)).toBe(EMERGENCY);
  });

  it.each([
    'My knee hurts',
    'I have pain in my back',
    'I cannot make it on Friday',
    'I need my blood pressure tablets',
    'I need the tablets for my heart',
    'Can I speak to somebody?',
    'I feel sick and dizzy',
  ])('does not take %j for an emergency', async (text) => {
    const { talk } = await call([text]);
    expect(talk.logs[1]?.behavior).toBeNull();
  });

  it('apologizes to an upset user, and goes on', async () => {
    const { heard } = await call(['This is ridiculous, I need to change my appointment again']);
    expect(heard[1]).toBe(
      'I am sorry, that is not how it should be. Of course. Which day and time would suit you instead?',
    );
  });

  it('ends after one turn', async () => {
    const { talk, heard } = await call(['I have chest pain', 'It can wait, I would like an appointment']);
    expect(heard[2]).not.toContain('911');
    expect(talk.logs[2]?.behavior).toBeNull();
  });
});

describe('the reason of a call', () => {
  const metric = clinic.metrics.find(({ name }) => name === 'Reason of the call');

  it.each([
    [FIRST_CALL.slice(0, 4), 'booking an appointment'],
    [['I want to cancel my appointment', 'the one on Friday', 'yes'], 'moving or cancelling an appointment'],
    [['I need a prescription refill', 'ibuprofen'], 'a prescription refill'],
    [['Where can I park?', 'What are your hours?'], 'a question about hours, parking or costs'],
    [['Hello', 'bye'], 'something else'],
  ])('is judged correctly after the messages %j', async (lines, category) => {
    const { talk } = await call(lines);
    const transcript = talk.history.map(({ by, text }, index) => ({ id: `m${index}`, by, text }));
    const { signal } = new AbortController();
    const conversation = { user: { name: 'Maya Chen', model: null }, transcript, models: {}, signal };
    expect(metric && judgeMetric(conversation, metric)).toBe(category);
  });
});
