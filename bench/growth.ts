/** Measures whether a turn of a long conversation costs more than one of a short conversation. */
import { beginMany, takeTurns, type Conversation, type Subject } from './conversations.ts';
import type { Server } from './server.ts';
import { median } from './statistics.ts';

/** A turn adds two messages, the user's and the agent's. */
const MESSAGES_PER_TURN = 2;
/** Number of messages of a short conversation. */
export const SHORT_MESSAGES = 10;
/** Number of messages of a long conversation. */
export const LONG_MESSAGES = 1_000;

/** Size of the measurement. */
export interface GrowthOptions {
  /** Number of short conversations, and of long ones: equal, so that neither has warmer caches. */
  conversations: number;
  /** Measured turns of each conversation. They lengthen a short conversation, so they are few. */
  turns: number;
}

/** Cost of a turn in milliseconds: its time, and the server's CPU. */
export interface TurnCost {
  wholeMs: number;
  cpuMs: number;
}

/** Cost of a turn in short and in long conversations. */
export interface Growth {
  short: TurnCost;
  long: TurnCost;
}

interface Measured {
  wholeMs: number[];
  cpuMs: number[];
}

/** Takes one turn of each conversation, one after the other, and adds the time of each and the mean CPU to `into`. */
async function measure(
  server: Server,
  conversations: readonly Conversation[],
  into: Measured,
): Promise<void> {
  const before = await server.cpuMs();
  for (const conversation of conversations) into.wholeMs.push((await conversation.take()).wholeMs);
  into.cpuMs.push(((await server.cpuMs()) - before) / conversations.length);
}

/** Returns conversations with so many messages. */
async function conversationsOf(subject: Subject, count: number, messages: number): Promise<Conversation[]> {
  const conversations = await beginMany(subject, count);
  // All at the same time, which is faster.
  await Promise.all(conversations.map((one) => takeTurns([one], messages / MESSAGES_PER_TURN)));
  return conversations;
}

/** Measures turns of conversations of different lengths alternately, so that all have the same conditions. */
export async function measureLengths(
  subject: Subject,
  lengths: readonly number[],
  { conversations, turns }: GrowthOptions,
): Promise<TurnCost[]> {
  const kinds: { talks: Conversation[]; measured: Measured }[] = [];
  for (const messages of lengths.toSorted((a, b) => b - a)) {
    const talks = await conversationsOf(subject, conversations, messages);
    kinds.unshift({ talks, measured: { wholeMs: [], cpuMs: [] } });
  }
  // The last turn before the measured ones is a warm one of each.
  for (const { talks } of kinds) await takeTurns(talks, 1);
  for (let turn = 0; turn < turns; turn += 1) {
    for (const { talks, measured } of kinds) await measure(subject.server, talks, measured);
  }
  for (const { talks } of kinds) for (const conversation of talks) conversation.close();
  return kinds.map(({ measured: { wholeMs, cpuMs } }) => ({
    wholeMs: median(wholeMs),
    cpuMs: median(cpuMs),
  }));
}

/** Measures turns of short and of long conversations alternately. */
export async function measureGrowth(subject: Subject, options: GrowthOptions): Promise<Growth> {
  const [short, long] = await measureLengths(subject, [SHORT_MESSAGES, LONG_MESSAGES], options);
  if (short === undefined || long === undefined) throw new Error('Nothing was measured.');
  return { short, long };
}
