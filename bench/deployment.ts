/** Measures what is deployed: the size of the bundle, and the CPU of its start above that of an empty Worker. */
import { gzipSync } from 'node:zlib';
import { bundle, PRODUCT, workerConfiguration } from './bundle.ts';
import { signingSecret } from './conversations.ts';
import { startServer } from './server.ts';
import { spreadOf, type Spread } from './statistics.ts';
import { scratchDirectory } from './subjects.ts';

const EMPTY = `export default { fetch: () => new Response('ok') };`;

/** Size of the bundle in bytes, and the CPU of a start in milliseconds above that of an empty Worker. */
export interface DeploymentResults {
  rawBytes: number;
  gzipBytes: number;
  startCpuMs: Spread;
}

/** Returns the CPU of a process from its start to its first answer. */
async function startCpuMs(script: string, withBindings: boolean, secret: string): Promise<number> {
  const scratch = await scratchDirectory('memory');
  try {
    const { compatibilityDate, compatibilityFlags, ...bound } = workerConfiguration();
    const server = await startServer({
      script,
      directory: scratch.path,
      worker: {
        ...(compatibilityDate !== undefined && { compatibilityDate }),
        ...(compatibilityFlags !== undefined && { compatibilityFlags }),
        ...(withBindings && { ...bound, bindings: { ...bound.bindings, SIGNING_KEYS: secret } }),
      },
    });
    try {
      await (await fetch(new URL('/healthz', server.origin))).text();
      return await server.cpuMs();
    } finally {
      await server.stop();
    }
  } finally {
    await scratch.remove();
  }
}

/** Starts the product and an empty Worker by turns, `rounds` times each. */
export async function measureDeployment(rounds: number): Promise<DeploymentResults> {
  const script = await bundle(PRODUCT);
  const secret = await signingSecret();
  const differences: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const product = await startCpuMs(script, true, secret);
    differences.push(product - (await startCpuMs(EMPTY, false, secret)));
  }
  return {
    rawBytes: Buffer.byteLength(script),
    gzipBytes: gzipSync(script).length,
    startCpuMs: spreadOf(differences),
  };
}
