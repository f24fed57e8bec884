/** Abilities of the embedded agent besides its messages: memory, reflections, tools, user models and metrics. */
import { describe, expect, it } from 'vitest';
import { judgeMetric, memoryQueries, reflect, userModel } from '../../../src/agent/embedded/capabilities.ts';
import { toolInput } from '../../../src/agent/embedded/tool-input.ts';
import type {
  FinishedConversation,
  Situation,
  ToolCandidate,
  TranscriptLine,
  Utterance,
} from '../../../src/agent/reasoner.ts';
import type { Metric } from '../../../src/registry/capabilities.ts';
import type { ReflectionState } from '../../../src/registry/graph.ts';
import { situationAt, TEST_GRAPH, userSays } from '../support.ts';

const situation = (input: Utterance[], more: Partial<Situation> = {}) =>
  situationAt(TEST_GRAPH, 'greet', { input, ...more });

function conversation(said: string[], model: string | null = null): FinishedConversation {
  const transcript = said.flatMap((text, index): TranscriptLine[] => [
    { id: `u${index}`, by: 'user', text },
    { id: `a${index}`, by: 'agent', text: 'I have noted that, my friend, and it is urgent.' },
  ]);
  return {
    user: { name: 'Maya Chen', model },
    transcript,
    models: {},
    signal: new AbortController().signal,
  };
}

describe('the memory check', () => {
  it.each([
    ['The same as last time, please', 'same last time'],
    ['My knee hurts again', 'knee hurts'],
    ['Do you remember me?', 'remember'],
    ['I had a previous appointment', 'previous appointment'],
  ])('makes a query for the message %j from its significant words', (text, query) => {
    expect(memoryQueries(situation(userSays(text)))).toEqual([query]);
  });

  it.each(['I would like an appointment', 'Yes', ''])('makes no query for the message %j', (text) => {
    expect(memoryQueries(situation(userSays(text)))).toEqual([]);
  });

  it('makes no query for an external event', () => {
    expect(memoryQueries(situation([{ by: 'event', text: 'The user is here again' }]))).toEqual([]);
  });
});

describe('a reflection', () => {
  const STATE: ReflectionState = {
    type: 'reflection',
    name: 'think',
    problem: 'How much does the knee of the patient hurt?',
    word_limit: 50,
    next_state: 'end',
    tool_call_specs: [],
    audio_fillers: [],
    audio_filler_triggered_after: 1,
  };
  const history: Utterance[] = [
    ...userSays('Hello'),
    { by: 'agent', text: 'Your knee?' },
    ...userSays('My knee hurts a lot'),
  ];

  it('contains the statements of the user about the problem', () => {
    expect(reflect(situation(userSays('On Monday'), { history }), STATE)).toBe(
      'What was said about it: “My knee hurts a lot”',
    );
  });

  it('contains the last two statements when none is about the problem', () => {
    const input = userSays('On Monday');
    expect(reflect(situation(input, { history: history.slice(0, 1) }), STATE)).toBe(
      'What was said about it: “Hello” “On Monday”',
    );
  });

  it('says that nothing was said when there is no message', () => {
    expect(reflect(situation([]), STATE)).toBe('Nothing was said about it yet.');
  });
});

describe('the input of a tool', () => {
  const tool = (properties: Record<string, object>): ToolCandidate => ({
    id: 'a'.repeat(24),
    name: 'tool',
    version: '1.0',
    description: 'A tool.',
    input_schema: { type: 'object', properties },
    instruction: 'Use it.',
  });
  const DAY = tool({ day: { type: 'string', description: 'the day that was asked for' } });
  const answered = (answers: Record<string, string>) => ({
    position: { ...situation([]).position, answers },
  });

  it('takes a value from the present message before one from an earlier message', () => {
    const history = userSays('Can I come on Monday?');
    const earlier = answered({ greet: 'Tuesday', ask: 'Wednesday' });
    expect(toolInput(situation(userSays('On Friday at nine'), { history, ...earlier }), DAY)).toEqual({
      day: 'Friday at nine',
    });
    expect(toolInput(situation(userSays('Yes'), { history, ...earlier }), DAY)).toEqual({ day: 'Wednesday' });
    expect(toolInput(situation(userSays('Yes'), { history }), DAY)).toEqual({ day: 'Monday' });
  });

  it('leaves out values that the user did not give, also when the agent named them', () => {
    const history: Utterance[] = [{ by: 'agent', text: 'How about Monday?' }];
    expect(toolInput(situation(userSays('Yes'), { history }), DAY)).toEqual({});
    expect(toolInput(situation([]), { ...DAY, input_schema: { type: 'object' } })).toEqual({});
  });

  it('contains numbers where the schema requires numbers', () => {
    const about = tool({
      phone: { type: 'string', description: 'the phone number' },
      number_of_apples: { type: 'integer' },
      number_of_pears: { type: 'number' },
      on_what_day: { type: 'boolean' },
    });
    expect(toolInput(situation(userSays('12 of them on Monday, call 555 0142')), about)).toMatchObject({
      phone: '555 0142',
    });
    expect(toolInput(situation(userSays('12 of them on Monday')), about)).toEqual({
      number_of_apples: 12,
      number_of_pears: 12,
    });
  });

  it('reads numbers in words, and takes no other word for a number', () => {
    const apples = tool({ number_of_apples: { type: 'number' } });
    expect(toolInput(situation(userSays('a dozen')), apples)).toEqual({ number_of_apples: 12 });
    expect(toolInput(situation(userSays('twenty-one')), apples)).toEqual({ number_of_apples: 21 });
    expect(toolInput(situation(userSays('a few')), apples)).toEqual({});
    expect(toolInput(situation(userSays('plenty')), apples)).toEqual({});
  });

  it('contains one of the values that the schema allows', () => {
    const kind = tool({ kind: { type: 'string', enum: ['apples', 'pears'] } });
    expect(toolInput(situation(userSays('Some pears, please')), kind)).toEqual({ kind: 'pears' });
    expect(toolInput(situation(userSays('Yes'), answered({ greet: 'apples' })), kind)).toEqual({
      kind: 'apples',
    });
    expect(toolInput(situation(userSays('Some plums')), kind)).toEqual({});
  });
});

describe('the model of a user', () => {
  it('contains the statements of the user about themselves, those of the newest conversation first', () => {
    expect(userModel(conversation(['My knee hurts. Do I need a form?', 'On Monday']))).toBe('My knee hurts.');
    expect(userModel(conversation(['I moved to Mill Lane.'], 'My knee hurts.\nI moved to Mill Lane.'))).toBe(
      'I moved to Mill Lane.\nMy knee hurts.',
    );
    expect(userModel(conversation(['On Monday'], 'My knee hurts.'))).toBe('My knee hurts.');
    expect(userModel(conversation([]))).toBe('');
  });

  it('contains at most twelve statements', () => {
    const said = Array.from({ length: 10 }, (_, index) => `I said ${index}.`);
    const known = Array.from({ length: 10 }, (_, index) => `I knew ${index}.`).join('\n');
    const model = userModel(conversation(said, known)).split('\n');
    expect(model).toHaveLength(12);
    expect(model.slice(9)).toEqual(['I said 9.', 'I knew 0.', 'I knew 1.']);
  });
});

describe('a judged metric', () => {
  const metric = { id: 'a'.repeat(24), name: 'Metric', computed: null };
  const urgent = 'The caller says that it is urgent';
  const reason: Metric = {
    ...metric,
    type: 'categorical',
    description: 'What the call was about',
    categories: ['an appointment', 'a prescription', 'something else'],
  };

  it.each<[said: string[], boolean: boolean, numeric: number]>([
    [['Is that urgent?', 'Very urgent!', 'Yes'], true, 2],
    [['Good morning'], false, 0],
    [[], false, 0],
  ])('has for %j the boolean value %j and the numeric value %i', (said, boolean, numeric) => {
    const description = urgent;
    expect(judgeMetric(conversation(said), { ...metric, type: 'boolean', description })).toBe(boolean);
    const counted: Metric = { ...metric, type: 'numeric', description, minimum: null, maximum: null };
    expect(judgeMetric(conversation(said), counted)).toBe(numeric);
  });

  it.each<[said: string[], category: string]>([
    [['I would like an appointment'], 'an appointment'],
    [['Hello', 'I need a new prescription'], 'a prescription'],
  ])('has for %j the category %j', (said, category) => {
    expect(judgeMetric(conversation(said), reason)).toBe(category);
  });

  it('has an empty value when there are no categories', () => {
    expect(judgeMetric(conversation(['Hello']), { ...reason, categories: [] })).toBe('');
  });
});
