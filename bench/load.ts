/** Puts load on a server, and measures it. */
import type { Conversation } from './conversations.ts';
import type { Server } from './server.ts';
import { percentile } from './statistics.ts';

/** Measurements of one round of load. Times are in milliseconds. */
export interface Round {
  turns: number;
  turnsPerSecond: number;
  firstPieceP50: number;
  firstPieceP95: number;
  wholeP50: number;
  wholeP95: number;
  /** CPU of the server's process per turn, all threads. */
  cpuPerTurn: number;
  /** CPU of this process per turn, which creates the load. */
  loadCpuPerTurn: number;
}

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The end and the begin of a round. */
export interface RoundOptions {
  /** The number of turns after which no further one begins. Default: the time alone ends the round. */
  turns?: number;
  /** The time in milliseconds over which the first turns begin, so that not all of them do the same at once. Default: 0. */
  spreadMs?: number;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/**
 * Takes `parallel` turns at a time until the time is over, each in the conversation that was used longest ago. So with
 * more conversations than parallel turns each of them stays short.
 */
export async function drive(
  server: Server,
  conversations: readonly Conversation[],
  durationMs: number,
  parallel = conversations.length,
  { turns: most = Infinity, spreadMs = 0 }: RoundOptions = {},
): Promise<Round> {
  const waiting = [...conversations];
  const firstPiece: number[] = [];
  const whole: number[] = [];
  const serverCpu = await server.cpuMs();
  const ownCpu = ownCpuMs();
  const startedAt = performance.now();
  let begun = 0;
  const talk = async (_place: unknown, index: number) => {
    if (spreadMs > 0) await sleep((index / parallel) * spreadMs);
    while (performance.now() - startedAt < durationMs && begun < most) {
      begun += 1;
      const conversation = waiting.shift();
      if (conversation === undefined) throw new Error('There are fewer conversations than parallel turns.');
      const turn = await conversation.take();
      waiting.push(conversation);
      firstPiece.push(turn.firstPieceMs);
      whole.push(turn.wholeMs);
    }
  };
  await Promise.all(Array.from({ length: parallel }, talk));
  const seconds = (performance.now() - startedAt) / 1000;
  const turns = whole.length;
  return {
    turns,
    turnsPerSecond: turns / seconds,
    firstPieceP50: percentile(firstPiece, 0.5),
    firstPieceP95: percentile(firstPiece, 0.95),
    wholeP50: percentile(whole, 0.5),
    wholeP95: percentile(whole, 0.95),
    cpuPerTurn: ((await server.cpuMs()) - serverCpu) / turns,
    loadCpuPerTurn: (ownCpuMs() - ownCpu) / turns,
  };
}
