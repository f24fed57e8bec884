/** Measures turns with a language model, beside a relay that passes on what the same model says and keeps nothing. */
import { join } from 'node:path';
import { PRODUCT } from './bundle.ts';
import { takeTurns, type Subject } from './conversations.ts';
import { countProduct } from './counts.ts';
import { LONG_MESSAGES, measureLengths, SHORT_MESSAGES, type TurnCost } from './growth.ts';
import { drive } from './load.ts';
import {
  KINDS,
  LEVELS,
  measureLevel,
  MOST,
  withConversations,
  type Kind,
  type ModelLevel,
  type ModelPlan,
  type Subjects,
} from './model-levels.ts';
import { startModel, type ModelServer } from './model-server.ts';
import { median } from './statistics.ts';
import { openProduct, openRelay, scratchDirectory, type Opened } from './subjects.ts';

/** Turns whose first piece is compared with the model's first token. */
const FIRST_PIECES = 30;

/** The lengths of conversations whose turns are compared, in messages, and the number of conversations and turns of each. */
const LENGTHS = [SHORT_MESSAGES, LONG_MESSAGES, 10 * LONG_MESSAGES];
const GROWTH = { conversations: 2, turns: 12 };

/** Results with a language model. */
export interface ModelResults {
  levels: ModelLevel[];
  /** Cost of a turn of the product by the number of messages before it. */
  growth: { messages: number; cost: TurnCost }[];
  /** Median time from the model's first token to the first piece at the client, one turn at a time. */
  firstPieceMs: Record<Kind, number>;
  /** Timers set by a turn of 40 tokens. */
  timers: { burst: number; paced: number };
  /** Requests to the model per turn of the product. */
  modelRequests: number;
  /** Resident memory after the load in bytes. */
  memoryBytes: Record<Kind, number>;
}

/**
 * Turns of a paced answer take 0.8 s each, so that few are counted. Their counts do not vary.
 */
const PACED_TURNS = { before: 2, counted: 8 };

/** Returns the median time from the model's first token to the first piece at the client. */
function firstPieceAfterToken(model: ModelServer, subject: Subject): Promise<number> {
  return withConversations(subject, 1, async ([conversation]) => {
    if (conversation === undefined) throw new Error('There is no conversation.');
    const times: number[] = [];
    for (let turn = 0; turn < FIRST_PIECES; turn += 1) {
      const sentAt = performance.now();
      const { firstPieceMs } = await conversation.take();
      times.push(sentAt + firstPieceMs - model.firstTokenAt);
    }
    return median(times);
  });
}

/** Returns a value of each kind of Worker. */
async function ofEach<T>(
  subjects: Subjects,
  work: (subject: Subject) => Promise<T>,
): Promise<Record<Kind, T>> {
  const values: [Kind, T][] = [];
  for (const kind of KINDS) values.push([kind, await work(subjects[kind])]);
  return Object.fromEntries(values) as Record<Kind, T>;
}

async function measureAll(model: ModelServer, subjects: Subjects, plan: ModelPlan) {
  await ofEach(subjects, (subject) =>
    withConversations(subject, MOST, (conversations) => drive(subject.server, conversations, plan.warmUpMs)),
  );
  const before = model.requests + model.wholeRequests;
  const turns = await withConversations(subjects.product, 1, async (conversations) => {
    await takeTurns(conversations, FIRST_PIECES);
    // Beginning the conversation was a turn, too.
    return FIRST_PIECES + 1;
  });
  const modelRequests = (model.requests + model.wholeRequests - before) / turns;
  const levels: ModelLevel[] = [];
  for (const level of LEVELS) levels.push(await measureLevel(model, subjects, level, plan));
  const costs = await measureLengths(subjects.product, LENGTHS, GROWTH);
  const growth = costs.map((cost, index) => ({ messages: LENGTHS[index] ?? Number.NaN, cost }));
  const firstPieceMs = await ofEach(subjects, (subject) => firstPieceAfterToken(model, subject));
  const memoryBytes = await ofEach(subjects, ({ server }) => server.memoryBytes());
  return { levels, growth, firstPieceMs, modelRequests, memoryBytes };
}

/** Measures turns with a model. Data are in memory. */
export async function measureModel(plan: ModelPlan): Promise<ModelResults> {
  const scratch = await scratchDirectory('memory');
  const model = await startModel();
  const opened: Subject[] = [];
  const open = async (opening: Promise<Opened>) => {
    const { subject } = await opening;
    opened.push(subject);
    return subject;
  };
  try {
    const subjects: Subjects = {
      product: await open(openProduct(PRODUCT, { directory: scratch.path, modelUrl: model.url })),
      relay: await open(openRelay(model.url, scratch.path, 'chunks')),
      objectRelay: await open(openRelay(model.url, scratch.path, 'objects')),
      tokenRelay: await open(openRelay(model.url, scratch.path, 'tokens')),
    };
    const measured = await measureAll(model, subjects, plan);
    const burst = await countProduct(join(scratch.path, 'burst'), model.url);
    model.pace = 'paced';
    const paced = await countProduct(join(scratch.path, 'paced'), model.url, PACED_TURNS);
    return { ...measured, timers: { burst: burst.timers, paced: paced.timers } };
  } finally {
    for (const { server } of opened) await server.stop();
    await model.close();
    await scratch.remove();
  }
}
