/** Starts the product and the floor for the benchmark. */
import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle, PRODUCT, RELAY, ROOT, workerConfiguration, type BundleSource } from './bundle.ts';
import {
  floorSubject,
  productSubject,
  publish,
  recordTurns,
  signingSecret,
  type Subject,
} from './conversations.ts';
import type { ScriptFile } from '../scripts/worker-bundle.ts';
import { startServer } from './server.ts';

/** Medium of the databases: a disk with synchronous writes, or memory. */
export type Medium = 'disk' | 'memory';

/** Type of a file system in memory (`statfs(2)`). */
const TMPFS = 0x01021994;
const MEMORY = '/dev/shm';

async function isInMemory(path: string): Promise<boolean> {
  return (await statfs(path)).type === TMPFS;
}

/**
 * Creates a temporary folder on a medium, and returns it with a function that removes it. On some machines the usual
 * temporary folder is in memory.
 */
export async function scratchDirectory(
  medium: Medium,
): Promise<{ path: string; remove: () => Promise<void> }> {
  const usual = tmpdir();
  const parent = medium === 'memory' ? MEMORY : (await isInMemory(usual)) ? ROOT : usual;
  const path = await mkdtemp(join(parent, '.conversation-bench-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Options of starting a subject. */
export interface OpenOptions {
  directory: string;
  inspector?: boolean;
  /** Keeps names, for profiles. */
  readable?: boolean;
  /** Switches rate limits on. Load needs them off: a user may send 15 turns per minute. */
  limits?: boolean;
  /** Address of a language model in front of `/chat/completions`. Without it the agent is the embedded one. */
  modelUrl?: string;
}

/** A started subject, with its files and the secret of its tokens. */
export interface Opened {
  subject: Subject;
  files: readonly ScriptFile[];
  secret: string;
}

/** Starts the product, and publishes the organization of the benchmark. */
export async function openProduct(source: BundleSource, options: OpenOptions): Promise<Opened> {
  const files = await bundle(source, options);
  const secret = await signingSecret();
  const configuration = workerConfiguration();
  const server = await startServer({
    ...options,
    files,
    directory: join(options.directory, 'product'),
    worker: {
      ...configuration,
      bindings: {
        ...configuration.bindings,
        SIGNING_KEYS: secret,
        ...(options.limits !== true && { DEVELOPMENT: 'true', RATE_LIMITS: 'off' }),
        ...(options.modelUrl !== undefined && {
          DEVELOPMENT: 'true',
          LLM_PROVIDER: 'openai-compatible',
          LLM_BASE_URL: options.modelUrl,
          LLM_API_KEY: 'bench',
          LLM_MODEL: 'bench',
        }),
      },
    },
  });
  await publish(server);
  return { subject: productSubject(server, secret), files, secret };
}

/** Starts the floor, which streams the given turns. */
export async function openFloor(source: BundleSource, turns: string, options: OpenOptions): Promise<Opened> {
  const files = await bundle(source, options);
  const { compatibilityDate, compatibilityFlags } = workerConfiguration();
  const server = await startServer({
    ...options,
    files,
    directory: join(options.directory, 'floor'),
    worker: {
      ...(compatibilityDate !== undefined && { compatibilityDate }),
      ...(compatibilityFlags !== undefined && { compatibilityFlags }),
      durableObjects: { FLOOR: { className: 'FloorConversation', useSQLite: true } },
      bindings: { TURNS: turns },
    },
  });
  const secret = await signingSecret();
  return { subject: floorSubject(server, secret), files, secret };
}

/**
 * Starts a relay, which asks the model at `modelUrl`. It writes once per chunk of its answer (`chunks`), in an object
 * (`objects`), or once per token.
 */
export async function openRelay(
  modelUrl: string,
  directory: string,
  writes: 'chunks' | 'objects' | 'tokens',
): Promise<Opened> {
  const files = await bundle(RELAY);
  const { compatibilityDate, compatibilityFlags } = workerConfiguration();
  const server = await startServer({
    files,
    directory: join(directory, `relay-${writes}`),
    worker: {
      ...(compatibilityDate !== undefined && { compatibilityDate }),
      ...(compatibilityFlags !== undefined && { compatibilityFlags }),
      ...(writes === 'objects' && {
        durableObjects: { OBJECTS: { className: 'RelayObject', useSQLite: true } },
      }),
      bindings: { MODEL_URL: modelUrl, WRITES: writes === 'tokens' ? 'tokens' : 'chunks' },
    },
  });
  const secret = await signingSecret();
  return { subject: floorSubject(server, secret), files, secret };
}

/** Returns the events of one turn per message of the product, for the floor to stream. */
export async function floorTurns(directory: string): Promise<string> {
  const { subject } = await openProduct(PRODUCT, { directory: join(directory, 'recorded') });
  try {
    return await recordTurns(subject);
  } finally {
    await subject.server.stop();
  }
}
