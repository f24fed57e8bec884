/** Measures turns with a language model round by round: the product and two relays alternately. */
import { beginMany, type Conversation, type Subject } from './conversations.ts';
import { drive } from './load.ts';
import type { ModelServer, Pace } from './model-server.ts';
import { median, spreadOf, type Spread } from './statistics.ts';

/** A measured pace and number of parallel conversations. */
export interface LevelPlan {
  pace: Pace;
  parallel: number;
  /** Set where a round is a number of whole turns in each place. Default: it is a time. */
  turnsEach?: number;
}

/**
 * The measured levels. A paced turn takes nearly a second: a round of one second would count a few turns and whatever else the
 * process does in it.
 */
export const LEVELS: readonly LevelPlan[] = [
  { pace: 'burst', parallel: 1 },
  { pace: 'burst', parallel: 8 },
  { pace: 'burst', parallel: 32 },
  { pace: 'paced', parallel: 32, turnsEach: 3 },
];
/** The time over which paced turns begin, in milliseconds: several times that between two tokens. */
const SPREAD_MS = 150;
/** Conversations of a round. */
export const MOST = Math.max(...LEVELS.map(({ parallel }) => parallel));

/** Kinds of Workers: the product, relays that write once per chunk of the model's answer, without and with objects, and one per token. */
export const KINDS = ['product', 'relay', 'objectRelay', 'tokenRelay'] as const;
/** A kind of Worker. */
export type Kind = (typeof KINDS)[number];
/** Running Workers by kind. */
export type Subjects = Record<Kind, Subject>;

/** CPU a turn in milliseconds and turns per second. */
export interface ModelMeasure {
  cpuPerTurn: number;
  turnsPerSecond: number;
}

/** Ratios of the product to a relay in the same round. */
export interface Ratios {
  cpu: Spread;
  turns: Spread;
}

/** Results at one level: medians of the rounds by kind of Worker, and ratios to each relay. */
export interface ModelLevel {
  pace: Pace;
  parallel: number;
  medians: Record<Kind, ModelMeasure>;
  toRelay: Ratios;
  toObjectRelay: Ratios;
  toTokenRelay: Ratios;
}

/** Length of the measurement. */
export interface ModelPlan {
  warmUpMs: number;
  rounds: number;
  roundMs: number;
}

/** Begins conversations, does the work with them, and closes them. A prompt grows with its conversation: these are short. */
export async function withConversations<T>(
  subject: Subject,
  count: number,
  work: (conversations: Conversation[]) => Promise<T>,
): Promise<T> {
  const conversations = await beginMany(subject, count);
  try {
    return await work(conversations);
  } finally {
    for (const conversation of conversations) conversation.close();
  }
}

/** Does the work while the model has a pace. At other times it answers in bursts. */
async function paced<T>(model: ModelServer, pace: Pace, work: () => Promise<T>): Promise<T> {
  model.pace = pace;
  try {
    return await work();
  } finally {
    model.pace = 'burst';
  }
}

type Rounds = Record<Kind, ModelMeasure>[];

function ratiosTo(kind: Kind, rounds: Rounds): Ratios {
  const ratios = (measure: keyof ModelMeasure) =>
    spreadOf(rounds.map((round) => round.product[measure] / round[kind][measure]));
  return { cpu: ratios('cpuPerTurn'), turns: ratios('turnsPerSecond') };
}

function mediansOf(kind: Kind, rounds: Rounds): ModelMeasure {
  return {
    cpuPerTurn: median(rounds.map((round) => round[kind].cpuPerTurn)),
    turnsPerSecond: median(rounds.map((round) => round[kind].turnsPerSecond)),
  };
}

/** Measures all Workers at one level. */
export async function measureLevel(
  model: ModelServer,
  subjects: Subjects,
  { pace, parallel, turnsEach }: LevelPlan,
  { rounds, roundMs }: ModelPlan,
): Promise<ModelLevel> {
  const measured: Rounds = [];
  for (let round = 0; round < rounds; round += 1) {
    const results: [Kind, ModelMeasure][] = [];
    // The order is reversed from round to round.
    for (const kind of round % 2 === 0 ? KINDS : KINDS.toReversed()) {
      const subject = subjects[kind];
      const whole = turnsEach === undefined ? {} : { turns: turnsEach * parallel, spreadMs: SPREAD_MS };
      const durationMs = turnsEach === undefined ? roundMs : Infinity;
      const work = (conversations: Conversation[]) =>
        paced(model, pace, () => drive(subject.server, conversations, durationMs, parallel, whole));
      results.push([kind, await withConversations(subject, MOST, work)]);
    }
    measured.push(Object.fromEntries(results) as Rounds[number]);
  }
  const medians = Object.fromEntries(KINDS.map((kind) => [kind, mediansOf(kind, measured)]));
  return {
    pace,
    parallel,
    medians: medians as ModelLevel['medians'],
    toRelay: ratiosTo('relay', measured),
    toObjectRelay: ratiosTo('objectRelay', measured),
    toTokenRelay: ratiosTo('tokenRelay', measured),
  };
}
