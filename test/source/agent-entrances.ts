/** Everything of the agent that reads a caller's text, each to be called with any text. Pure: runs in Node. */
import { selectBehavior } from '../../src/agent/behavior.ts';
import { embeddedReasoner } from '../../src/agent/embedded/embedded.ts';
import { readMessage } from '../../src/agent/embedded/language/message.ts';
import { FragmentSplitter } from '../../src/agent/fragments.ts';
import { ChoiceStream } from '../../src/agent/language-model/answer/choice-stream.ts';
import { memoryQueriesOf } from '../../src/agent/language-model/memory-queries.ts';
import { unaskedQueries } from '../../src/agent/position.ts';
import type { FinishedConversation, Reasoner, Situation, Utterance } from '../../src/agent/reasoner.ts';
import { beginWalk } from '../../src/agent/walk.ts';
import { askDay, graph, situation, triage } from '../agent/language-model/situations.ts';
import { turnAt } from '../agent/support.ts';

const reasoner = embeddedReasoner({ paceMs: 0 });

/** A situation in which the text stands wherever a caller, a tool or an earlier conversation brought it. */
function situationWith(text: string): Situation {
  const said: Utterance[] = [{ by: 'user', text }];
  const base = situation({ input: said, history: said });
  return {
    ...base,
    user: { ...base.user, model: text },
    position: { ...base.position, answers: { ask_day: text }, asked: [text] },
    workingMemory: [{ content: text, context: text }],
    thoughts: [text],
    toolResults: [{ tool_name: 'look_up', input: { text }, output: text }],
  };
}

function finished(text: string): FinishedConversation {
  const { user, models, signal } = situationWith(text);
  return { user, models, signal, transcript: [{ id: '1', by: 'user', text }] };
}

const state = {
  ...askDay,
  actions: [...askDay.actions, 'Say: "It is [the tool result], [what you remember]."'],
};
const metric = {
  id: 'f'.repeat(24),
  name: 'Animals',
  description: 'The user mentions horses.',
  computed: null,
};
const tool = {
  id: 'e'.repeat(24),
  name: 'look_up',
  version: '1',
  description: 'Looks up a time.',
  input_schema: {
    type: 'object' as const,
    properties: {
      day: { type: 'string', description: 'The day and time' },
      kind: { enum: ['late', 'soon'] },
    },
  },
  instruction: '',
};

async function drain(steps: AsyncGenerator<unknown, unknown, readonly string[]>): Promise<void> {
  for (let step = await steps.next([]); step.done !== true;) step = await steps.next([]);
}

/** Each method of the port: a new one cannot be left out. */
const METHODS: {
  [Method in Exclude<keyof Reasoner, 'historyLimit' | 'summarize'>]: (text: string) => Promise<unknown>;
} = {
  engage: (text) => drain(reasoner.engage(situationWith(text), state, { choosing: [], engaging: [] })),
  decide: (text) => drain(reasoner.decide(situationWith(text), triage, [])),
  reflect: (text) =>
    drain(
      reasoner.reflect(
        situationWith(text),
        {
          type: 'reflection',
          name: 'think',
          problem: 'What the user wants',
          word_limit: 20,
          next_state: 'end',
          tool_call_specs: [],
          audio_fillers: [],
          audio_filler_triggered_after: 1,
        },
        [],
      ),
    ),
  toolInput: (text) => drain(reasoner.toolInput(situationWith(text), {} as never, tool, [])),
  memoryQueries: (text) => reasoner.memoryQueries(situationWith(text), state),
  recallQueries: (text) => reasoner.recallQueries(situationWith(text), text),
  behaviorVectors: (text) => Promise.resolve(reasoner.behaviorVectors?.(situationWith(text))),
  relevantBehaviors: (text) =>
    Promise.resolve(reasoner.relevantBehaviors(situationWith(text), [{ name: 'x', triggers: [text] }])),
  selectBehavior: (text) => reasoner.selectBehavior(situationWith(text), [{ name: 'x', triggers: [text] }]),
  recommend: (text) => reasoner.recommend(situationWith(text), state, text),
  starters: (text) =>
    reasoner.starters({
      graph,
      initialState: 'ask_day',
      facets: [text, ...(text.match(/.{1,40}/gsu) ?? [])],
      minCount: 5,
      maxCount: 10,
      instructions: text,
      models: {},
      userModel: text,
      signal: new AbortController().signal,
    }),
  extractMemories: (text) => reasoner.extractMemories(finished(text)),
  userModel: (text) => reasoner.userModel(finished(text)),
  judgeMetric: async (text) => {
    await reasoner.judgeMetric(finished(text), { ...metric, type: 'boolean' });
    await reasoner.judgeMetric(finished(text), { ...metric, type: 'categorical', categories: ['cows', 'x'] });
  },
};

/** A message that arrives in pieces of a few letters, as from a model. */
function piecesOf(text: string): string[] {
  return text.match(/.{1,4}/gsu) ?? [];
}

const ANSWER_RULES = {
  actions: ['Ask for the day', 'Explain the opening hours'],
  exits: ['The user named a day'],
  fallback: 0,
  speaker: 'Mira',
  thinksAloud: false,
};

/** Begins of an answer, in front of the rest. */
const BEGINNINGS = [
  '',
  '<think>',
  '<tool_call>',
  '<|channel|>',
  '{"action": 0}\n',
  '{"action": ',
  '{"action": 0, "message": "',
  'Action: ',
  '```json\n{"action": 0}\n',
];

/** Functions that read texts besides the port. */
const OTHERS: Record<string, (text: string) => Promise<unknown>> = {
  'select a behavior set': async (text) => {
    const set = {
      id: 'a',
      version: 1,
      name: 'x',
      service_ids: [],
      triggers: ['wants a late day'],
      actions: [],
    };
    const input = turnAt(graph, 'ask_day', {
      input: [{ by: 'user', text }],
      behaviors: [set, { ...set, id: 'b' }],
    });
    await drain(selectBehavior(beginWalk(input, input.position, reasoner)) as never);
  },
  // The reasoner keeps the messages that it has read.
  'a message of a user': (text) => Promise.resolve(readMessage(text)),
  'queries that were not asked': (text) => {
    const position = situationWith(text).position;
    return Promise.resolve(unaskedQueries(position, piecesOf(text)));
  },
  'what is looked up in memory': (text) => Promise.resolve(memoryQueriesOf(situationWith(text))),
  'sentences of a message': (text) => {
    const splitter = new FragmentSplitter();
    for (const piece of piecesOf(text)) splitter.push(piece, false);
    return Promise.resolve(splitter.push('', true));
  },
  "a model's answer": (text) => {
    for (const beginning of BEGINNINGS) {
      for (const chosen of [false, true]) {
        const stream = new ChoiceStream({ ...ANSWER_RULES, chosen });
        for (const piece of [beginning, ...piecesOf(text)]) stream.push(piece);
        stream.end();
      }
    }
    return Promise.resolve();
  },
};

/** By name, everything that reads a text. */
export const ENTRANCES: Readonly<Record<string, (text: string) => Promise<unknown>>> = {
  ...METHODS,
  ...OTHERS,
};

/** Repetitions of which texts are made that are slow where time or memory is squared. */
export const REPETITIONS: readonly string[] = [
  'the ',
  'last the ',
  'Zm9vYmFy',
  ' ',
  '\n',
  '“',
  '"["(',
  'for a ',
  'a@a.',
  '...',
  '`',
  '{"a":',
  'I wish, ',
  '1 ',
  'निम',
  '<think>',
  '<a',
  '{"action": 1}\n',
  'Action: 1\n',
  '**',
  '["',
  '\\u00',
];
