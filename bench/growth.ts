/** Whether a turn of a long conversation costs more than one of a short one. */
import { beginMany, takeTurns, type Conversation, type Subject } from './conversations.ts';
import type { Server } from './server.ts';
import { median } from './statistics.ts';

/** A turn adds two messages, the user's and the agent's. */
const MESSAGES_PER_TURN = 2;
export const SHORT_MESSAGES = 10;
export const LONG_MESSAGES = 1_000;

export interface GrowthOptions {
  /** As many short conversations as long ones, so that neither has the warmer caches. */
  conversations: number;
  /** Turns measured in each. They make a short conversation longer, so they are few. */
  turns: number;
}

/** A turn in conversations of a length: its time, and the server's CPU for it, in milliseconds. */
export interface TurnCost {
  wholeMs: number;
  cpuMs: number;
}

export interface Growth {
  short: TurnCost;
  long: TurnCost;
}

interface Measured {
  wholeMs: number[];
  cpuMs: number[];
}

/** Each conversation's turn, one after the other: the time of each, and the CPU of all together. */
async function measure(
  server: Server,
  conversations: readonly Conversation[],
  into: Measured,
): Promise<void> {
  const before = await server.cpuMs();
  for (const conversation of conversations) into.wholeMs.push((await conversation.take()).wholeMs);
  into.cpuMs.push(((await server.cpuMs()) - before) / conversations.length);
}

/** Measures turns of short and of long conversations by turns, so that both meet the same machine. */
export async function measureGrowth(
  subject: Subject,
  { conversations, turns }: GrowthOptions,
): Promise<Growth> {
  const long = await beginMany(subject, conversations);
  // All at once, which is faster; the last turn before the measured ones is a warm one in either kind.
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
