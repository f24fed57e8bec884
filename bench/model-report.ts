/** Formats the results with a language model, and those of the deployment. */
import type { DeploymentResults } from './deployment.ts';
import type { ModelLevel, ModelResults } from './model-phase.ts';
import { TOKENS } from './model-server.ts';
import type { Spread } from './statistics.ts';

function range({ median, least, greatest }: Spread): string {
  return `${median.toFixed(2)} (${least.toFixed(2)} to ${greatest.toFixed(2)})`;
}

function levelLines({ pace, parallel, product, relay, cpuRatio, turnsRatio }: ModelLevel): string[] {
  return [
    `${pace}, ${parallel} in parallel`,
    `  CPU a turn, ms: product ${product.cpuPerTurn.toFixed(2)}, relay ${relay.cpuPerTurn.toFixed(2)}, ` +
      `ratio ${range(cpuRatio)}`,
    `  turns/s: product ${product.turnsPerSecond.toFixed(0)}, relay ${relay.turnsPerSecond.toFixed(0)}, ` +
      `ratio ${range(turnsRatio)}`,
  ];
}

/** Returns the results with a language model as text. */
export function modelReport(results: ModelResults): string {
  const { levels, firstPieceMs, timers, modelRequests, memoryBytes } = results;
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);
  return [
    `With a language model: answers of ${TOKENS} tokens, ${modelRequests.toFixed(2)} requests to it a turn`,
    ...levels.flatMap(levelLines),
    `first piece after the model's first token, ms: product ${firstPieceMs.product.toFixed(2)}, ` +
      `relay ${firstPieceMs.relay.toFixed(2)}`,
    `timers set a turn: burst ${timers.burst.toFixed(2)}, paced ${timers.paced.toFixed(2)}`,
    `resident memory after that, MB: product ${megabytes(memoryBytes.product)}, relay ${megabytes(memoryBytes.relay)}`,
    '',
  ].join('\n');
}

/** Returns the results of the deployment as text. */
export function deploymentReport({ rawBytes, gzipBytes, startCpuMs }: DeploymentResults): string {
  return [
    `Bundle of production: ${(gzipBytes / 1024).toFixed(1)} KiB gzip, ${(rawBytes / 1024).toFixed(1)} KiB`,
    `CPU of a start above an empty Worker, ms: ${range(startCpuMs)}`,
    '',
  ].join('\n');
}
