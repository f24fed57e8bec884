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

/** Measures turns of short and of long conversations alternately, so that both have the same conditions. */
export async function measureGrowth(
  subject: Subject,
  { conversations, turns }: GrowthOptions,
): Promise<Growth> {
  const long = await beginMany(subject, conversations);
  // All at the same time, which is faster. The last turn before the measured ones is a warm one of both kinds.
  await Promise.all(long.map((one) => takeTurns([one], LONG_MESSAGES / MESSAGES_PER_TURN)));
  const short = await beginMany(subject, conversations);
  await takeTurns(short, SHORT_MESSAGES / MESSAGES_PER_TURN);
  await takeTurns(long, 1);
  const ofShort: Measured = { wholeMs: [], cpuMs: [] };
  const ofLong: Measured = { wholeMs: [], cpuMs: [] };
  for (let turn = 0; turn < turns; turn += 1) {
    await measure(subject.server, short, ofShort);
    await measure(subject.server, long, ofLong);
  }
  for (const conversation of [...short, ...long]) conversation.close();
  const cost = ({ wholeMs, cpuMs }: Measured) => ({ wholeMs: median(wholeMs), cpuMs: median(cpuMs) });
  return { short: cost(ofShort), long: cost(ofLong) };
}
