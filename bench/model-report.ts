/** Formats the results with a language model, and those of the deployment. */
import type { DeploymentResults, Size } from './deployment.ts';
import type { Kind, ModelLevel } from './model-levels.ts';
import type { ModelResults } from './model-phase.ts';
import { TOKENS } from './model-server.ts';
import type { Spread } from './statistics.ts';

function range({ median, least, greatest }: Spread): string {
  return `${median.toFixed(2)} (${least.toFixed(2)} to ${greatest.toFixed(2)})`;
}

/** Returns the values of all kinds of Workers as text. */
function values(of: (kind: Kind) => string): string {
  return (
    `product ${of('product')}, relay by chunk ${of('relay')}, in an object ${of('objectRelay')}, ` +
    `relay by token ${of('tokenRelay')}`
  );
}

function levelLines({ pace, parallel, medians, toRelay, toObjectRelay, toTokenRelay }: ModelLevel): string[] {
  const ratios = (measure: 'cpu' | 'turns') =>
    `    ratio to the relay by chunk ${range(toRelay[measure])}, in an object ${range(toObjectRelay[measure])}, ` +
    `by token ${range(toTokenRelay[measure])}`;
  return [
    `${pace}, ${parallel} in parallel`,
    `  CPU a turn, ms: ${values((kind) => medians[kind].cpuPerTurn.toFixed(2))}`,
    ratios('cpu'),
    `  turns/s: ${values((kind) => medians[kind].turnsPerSecond.toFixed(0))}`,
    ratios('turns'),
  ];
}

/** Returns the CPU of a token that comes by itself, in microseconds: a paced turn without what a burst turn costs. */
export function tokenCpuUs(levels: readonly ModelLevel[], kind: Kind): number {
  const cpuOf = (pace: ModelLevel['pace']) =>
    levels.findLast((level) => level.pace === pace)?.medians[kind].cpuPerTurn ?? Number.NaN;
  return ((cpuOf('paced') - cpuOf('burst')) / TOKENS) * 1000;
}

/** Returns the cost of turns of longer conversations, and how many times as much it is as in the shortest. */
function growthLine(growth: ModelResults['growth']): string {
  const [first] = growth;
  const entries = growth.map(({ messages, cost }) => {
    const times = (of: keyof typeof cost) => (cost[of] / (first?.cost[of] ?? Number.NaN)).toFixed(2);
    return `${messages} messages ${cost.wholeMs.toFixed(2)} (${times('wholeMs')}; CPU ${times('cpuMs')})`;
  });
  return `a turn of a conversation of so many messages, ms (times as long): ${entries.join(', ')}`;
}

/** Returns the results with a language model as text. */
export function modelReport(results: ModelResults): string {
  const { levels, growth, firstPieceMs, timers, modelRequests, memoryBytes } = results;
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);
  return [
    `With a language model: answers of ${TOKENS} tokens, ${modelRequests.toFixed(2)} requests to it a turn`,
    ...levels.flatMap(levelLines),
    `CPU a token of a paced turn, µs: ${values((kind) => tokenCpuUs(levels, kind).toFixed(0))}`,
    `first piece after the model's first token, ms: ${values((kind) => firstPieceMs[kind].toFixed(2))}`,
    growthLine(growth),
    `timers set a turn: burst ${timers.burst.toFixed(2)}, paced ${timers.paced.toFixed(2)}`,
    `resident memory after that, MB: ${values((kind) => megabytes(memoryBytes[kind]))}`,
    '',
  ].join('\n');
}

/** Returns the results of the deployment as text. */
export function deploymentReport({ started, all, startCpuMs }: DeploymentResults): string {
  const sizeOf = ({ gzipBytes, rawBytes }: Size) =>
    `${(gzipBytes / 1024).toFixed(1)} KiB gzip, ${(rawBytes / 1024).toFixed(1)} KiB`;
  return [
    `Script of production that a start evaluates: ${sizeOf(started)}`,
    `With the parts that are loaded later: ${sizeOf(all)}`,
    `CPU of a start above an empty Worker, ms: ${range(startCpuMs)}`,
    '',
  ].join('\n');
}
