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

/** Takes turns in every conversation, one after the other, until the time is over. */
export async function drive(
  server: Server,
  conversations: readonly Conversation[],
  durationMs: number,
): Promise<Round> {
  const firstPiece: number[] = [];
  const whole: number[] = [];
  const serverCpu = await server.cpuMs();
  const ownCpu = ownCpuMs();
  const startedAt = performance.now();
  const talk = async (conversation: Conversation) => {
    while (performance.now() - startedAt < durationMs) {
      const turn = await conversation.take();
      firstPiece.push(turn.firstPieceMs);
      whole.push(turn.wholeMs);
    }
  };
  await Promise.all(conversations.map(talk));
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
