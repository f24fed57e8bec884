/** Measures what is deployed: the size of the bundle, and the CPU of its start above that of an empty Worker. */
import { gzipSync } from 'node:zlib';
import { bundleWorker, startedFiles, type ScriptFile } from '../scripts/worker-bundle.ts';
import { workerConfiguration } from './bundle.ts';
import { signingSecret } from './conversations.ts';
import { startServer } from './server.ts';
import { spreadOf, type Spread } from './statistics.ts';
import { scratchDirectory } from './subjects.ts';

const EMPTY = [{ name: 'index.js', code: `export default { fetch: () => new Response('ok') };` }];

type Files = readonly Pick<ScriptFile, 'name' | 'code'>[];

/** Size of files in bytes, each compressed alone, as they are uploaded. */
export interface Size {
  rawBytes: number;
  gzipBytes: number;
}

/** Size of what a start evaluates, of all that is uploaded, and the CPU of a start in milliseconds above that of an empty Worker. */
export interface DeploymentResults {
  started: Size;
  all: Size;
  startCpuMs: Spread;
}

function sizeOf(files: Files): Size {
  const sum = (sizes: number[]) => sizes.reduce((total, size) => total + size, 0);
  return {
    rawBytes: sum(files.map(({ code }) => Buffer.byteLength(code))),
    gzipBytes: sum(files.map(({ code }) => gzipSync(code).length)),
  };
}

/** Returns the CPU of a process from its start to its first answer. */
async function startCpuMs(files: Files, withBindings: boolean, secret: string): Promise<number> {
  const scratch = await scratchDirectory('memory');
  try {
    const { compatibilityDate, compatibilityFlags, ...bound } = workerConfiguration();
    const server = await startServer({
      files,
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
  const worker = await bundleWorker();
  const { files } = worker;
  const started = startedFiles(worker);
  const secret = await signingSecret();
  const differences: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const product = await startCpuMs(files, true, secret);
    differences.push(product - (await startCpuMs(EMPTY, false, secret)));
  }
  return {
    started: sizeOf(files.filter(({ name }) => started.includes(name))),
    all: sizeOf(files),
    startCpuMs: spreadOf(differences),
  };
}
