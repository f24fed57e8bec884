/** Measures turns with a language model, beside a relay that passes on what the same model says and keeps nothing. */
import { join } from 'node:path';
import { PRODUCT } from './bundle.ts';
import { beginMany, type Conversation, type Subject } from './conversations.ts';
import { countProduct } from './counts.ts';
import { drive } from './load.ts';
import { startModel, type ModelServer, type Pace } from './model-server.ts';
import { median, spreadOf, type Spread } from './statistics.ts';
import { openProduct, openRelay, scratchDirectory } from './subjects.ts';

/** Measured paces and numbers of parallel conversations. */
const LEVELS: readonly { pace: Pace; parallel: number }[] = [
  { pace: 'burst', parallel: 1 },
  { pace: 'burst', parallel: 8 },
  { pace: 'burst', parallel: 32 },
  { pace: 'paced', parallel: 8 },
];
const MOST = Math.max(...LEVELS.map(({ parallel }) => parallel));
/** Turns whose first piece is compared with the model's first token. */
const FIRST_PIECES = 30;

/** CPU a turn in milliseconds and turns per second of one kind of Worker: medians of the rounds. */
export interface ModelMeasure {
  cpuPerTurn: number;
  turnsPerSecond: number;
}

/** Results at one level. Ratios are those of product to relay in consecutive rounds. */
export interface ModelLevel {
  pace: Pace;
  parallel: number;
  product: ModelMeasure;
  relay: ModelMeasure;
  cpuRatio: Spread;
  turnsRatio: Spread;
}

/** Results with a language model. */
export interface ModelResults {
  levels: ModelLevel[];
  /** Median time from the model's first token to the first piece at the client, one turn at a time. */
  firstPieceMs: { product: number; relay: number };
  /** Timers set by a turn of 40 tokens. */
  timers: { burst: number; paced: number };
  /** Requests to the model per turn of the product. */
  modelRequests: number;
  /** Resident memory after the load in bytes. */
  memoryBytes: { product: number; relay: number };
}

/** Length of the measurement. */
export interface ModelPlan {
  warmUpMs: number;
  rounds: number;
  roundMs: number;
}

interface Talking {
  subject: Subject;
  conversations: Conversation[];
}
type Both = Record<'product' | 'relay', Talking>;

async function measureLevel(
  both: Both,
  { pace, parallel }: (typeof LEVELS)[number],
  { rounds, roundMs }: ModelPlan,
): Promise<ModelLevel> {
  const measured = { product: [] as ModelMeasure[], relay: [] as ModelMeasure[] };
  for (let round = 0; round < rounds; round += 1) {
    // The first one alternates from round to round.
    const order = round % 2 === 0 ? (['product', 'relay'] as const) : (['relay', 'product'] as const);
    for (const kind of order) {
      const { subject, conversations } = both[kind];
      measured[kind].push(await drive(subject.server, conversations.slice(0, parallel), roundMs));
    }
  }
  const medians = (of: ModelMeasure[]): ModelMeasure => ({
    cpuPerTurn: median(of.map(({ cpuPerTurn }) => cpuPerTurn)),
    turnsPerSecond: median(of.map(({ turnsPerSecond }) => turnsPerSecond)),
  });
  const ratios = (measure: keyof ModelMeasure) =>
    spreadOf(
      measured.product.map((one, index) => one[measure] / (measured.relay[index]?.[measure] ?? Number.NaN)),
    );
  return {
    pace,
    parallel,
    product: medians(measured.product),
    relay: medians(measured.relay),
    cpuRatio: ratios('cpuPerTurn'),
    turnsRatio: ratios('turnsPerSecond'),
  };
}

/** Returns the median time from the model's first token to the first piece at the client. */
async function firstPieceAfterToken(model: ModelServer, { conversations }: Talking): Promise<number> {
  const [conversation] = conversations;
  if (conversation === undefined) throw new Error('There is no conversation.');
  const times: number[] = [];
  for (let turn = 0; turn < FIRST_PIECES; turn += 1) {
    const sentAt = performance.now();
    const { firstPieceMs } = await conversation.take();
    times.push(sentAt + firstPieceMs - model.firstTokenAt);
  }
  return median(times);
}

async function measureBoth(model: ModelServer, both: Both, plan: ModelPlan) {
  for (const { subject, conversations } of Object.values(both)) {
    await drive(subject.server, conversations, plan.warmUpMs);
  }
  const before = model.requests;
  const { turns } = await drive(both.product.subject.server, both.product.conversations, plan.roundMs);
  const modelRequests = (model.requests - before) / turns;
  const levels: ModelLevel[] = [];
  for (const level of LEVELS) {
    model.pace = level.pace;
    levels.push(await measureLevel(both, level, plan));
  }
  model.pace = 'burst';
  const firstPieceMs = {
    product: await firstPieceAfterToken(model, both.product),
    relay: await firstPieceAfterToken(model, both.relay),
  };
  const memoryBytes = {
    product: await both.product.subject.server.memoryBytes(),
    relay: await both.relay.subject.server.memoryBytes(),
  };
  return { levels, firstPieceMs, modelRequests, memoryBytes };
}

/** Measures turns with a model. Data are in memory. */
export async function measureModel(plan: ModelPlan): Promise<ModelResults> {
  const scratch = await scratchDirectory('memory');
  const model = await startModel();
  const opened: Subject[] = [];
  try {
    const options = { directory: scratch.path, modelUrl: model.url };
    const { subject: product } = await openProduct(PRODUCT, options);
    opened.push(product);
    const { subject: relay } = await openRelay(model.url, scratch.path);
    opened.push(relay);
    const both: Both = {
      product: { subject: product, conversations: await beginMany(product, MOST) },
      relay: { subject: relay, conversations: await beginMany(relay, MOST) },
    };
    const measured = await measureBoth(model, both, plan);
    for (const { conversations } of Object.values(both)) for (const one of conversations) one.close();
    const burst = await countProduct(join(scratch.path, 'burst'), model.url);
    model.pace = 'paced';
    const paced = await countProduct(join(scratch.path, 'paced'), model.url);
    return { ...measured, timers: { burst: burst.timers, paced: paced.timers } };
  } finally {
    for (const { server } of opened) await server.stop();
    await model.close();
    await scratch.remove();
  }
}
