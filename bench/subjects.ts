/** The product and the floor, started and ready to hold conversations. */
import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle, PRODUCT, ROOT, workerConfiguration, type BundleSource } from './bundle.ts';
import {
  floorSubject,
  productSubject,
  publish,
  recordTurns,
  signingSecret,
  type Subject,
} from './conversations.ts';
import { startServer } from './server.ts';

/** Where databases lie: on a disk that has to be waited for, or in memory. */
export type Medium = 'disk' | 'memory';

/** The kind of file system that lives in memory (`statfs(2)`). */
const TMPFS = 0x01021994;
const MEMORY = '/dev/shm';

async function isInMemory(path: string): Promise<boolean> {
  return (await statfs(path)).type === TMPFS;
}

/** A directory that goes away again. On some machines the usual one for such things is in memory. */
export async function scratchDirectory(
  medium: Medium,
): Promise<{ path: string; remove: () => Promise<void> }> {
  const usual = tmpdir();
  const parent = medium === 'memory' ? MEMORY : (await isInMemory(usual)) ? ROOT : usual;
  const path = await mkdtemp(join(parent, '.conversation-bench-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

export interface OpenOptions {
  directory: string;
  inspector?: boolean;
  /** A bundle with names and a source map, for profiles. */
  readable?: boolean;
  /** Whether rate limits hold. Load needs them off: a user may take 15 turns a minute. */
  limits?: boolean;
}

export interface Opened {
  subject: Subject;
  script: string;
}

/** Starts the product with the benchmark's organization published. */
export async function openProduct(source: BundleSource, options: OpenOptions): Promise<Opened> {
  const script = await bundle(source, options);
  const secret = await signingSecret();
  const configuration = workerConfiguration();
  const server = await startServer({
    ...options,
    script,
    directory: join(options.directory, 'product'),
    worker: {
      ...configuration,
      bindings: {
        ...configuration.bindings,
        SIGNING_KEYS: secret,
        ...(options.limits !== true && { DEVELOPMENT: 'true', RATE_LIMITS: 'off' }),
      },
    },
  });
  await publish(server);
  return { subject: productSubject(server, secret), script };
}

/** Starts the floor, which streams the turns it is given. */
export async function openFloor(source: BundleSource, turns: string, options: OpenOptions): Promise<Opened> {
  const script = await bundle(source, options);
  const { compatibilityDate, compatibilityFlags } = workerConfiguration();
  const server = await startServer({
    ...options,
    script,
    directory: join(options.directory, 'floor'),
    worker: {
      ...(compatibilityDate !== undefined && { compatibilityDate }),
      ...(compatibilityFlags !== undefined && { compatibilityFlags }),
      durableObjects: { FLOOR: { className: 'FloorConversation', useSQLite: true } },
      bindings: { TURNS: turns },
    },
  });
  return { subject: floorSubject(server, await signingSecret()), script };
}

/** Has the product take one turn of each kind, for the floor to stream. */
export async function floorTurns(directory: string): Promise<string> {
  const { subject } = await openProduct(PRODUCT, { directory: join(directory, 'recorded') });
  try {
    return await recordTurns(subject);
  } finally {
    await subject.server.stop();
  }
}
