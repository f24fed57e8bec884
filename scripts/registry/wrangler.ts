/** Reads and writes the registry of a deployment by wrangler's commands and account. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registryKey } from '../../src/registry/keys.ts';
import type { RegistryStore } from '../../src/registry/publication.ts';
import type { Documents } from '../../src/registry/published.ts';

const ROOT = join(import.meta.dirname, '../..');
const WRANGLER = join(ROOT, 'node_modules/wrangler/bin/wrangler.js');

/** Arguments that select the namespace of the production deployment. */
export const PRODUCTION = ['--binding', 'REGISTRY', '--env', 'production', '--remote'];

/** Maximum number of keys of one bulk read (platform limit). */
const KEYS_PER_READ = 100;

/** A value of `kv bulk get`: the text, or an object with the text. */
type BulkValue = string | null | { value: string | null };

/** Runs wrangler and returns its output. Throws with the output if it fails. */
async function wrangler(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [WRANGLER, ...args], {
    cwd: ROOT,
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
    stdio: ['inherit', 'pipe', 'pipe'],
  });
  const [output, complaint] = [[] as Buffer[], [] as Buffer[]];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => complaint.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const printed = Buffer.concat(output).toString();
  if (code === 0) return printed;
  throw new Error(
    `wrangler ${args.slice(0, 3).join(' ')} failed.\n${Buffer.concat(complaint).toString()}${printed}`,
  );
}

/** Returns the names of the secrets of the production deployment. */
export async function deployedSecrets(): Promise<Set<string>> {
  const listed = await wrangler(['secret', 'list', '--env', 'production', '--format', 'json']);
  return new Set((JSON.parse(listed) as { name: string }[]).map(({ name }) => name));
}

/** Calls `use` with the path of a file that has `value` as JSON, readable by its owner only, and removes the file. */
async function withJsonFile<Result>(value: unknown, use: (path: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'registry-'));
  try {
    const path = join(folder, 'entries.json');
    await writeFile(path, JSON.stringify(value), { mode: 0o600 });
    return await use(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/**
 * Reads and writes a namespace by `wrangler kv`. Each group of writes is one command, so that groups keep their order.
 */
export class WranglerRegistry implements RegistryStore {
  readonly #namespace: readonly string[];

  constructor(namespace: readonly string[] = PRODUCTION) {
    this.#namespace = namespace;
  }

  /** Returns every document of an organization. Documents that were written less than a minute ago may be missing. */
  async documents(organization: string): Promise<Documents> {
    const listed = await wrangler([
      'kv',
      'key',
      'list',
      '--prefix',
      registryKey.below(organization),
      ...this.#namespace,
    ]);
    const names = (JSON.parse(listed) as { name: string }[]).map(({ name }) => name);
    const keys = [registryKey.organization(organization), ...names];
    const documents = new Map<string, unknown>();
    for (let at = 0; at < keys.length; at += KEYS_PER_READ) {
      const read = await withJsonFile(keys.slice(at, at + KEYS_PER_READ), (path) =>
        wrangler(['kv', 'bulk', 'get', path, ...this.#namespace]),
      );
      for (const [key, entry] of Object.entries(JSON.parse(read) as Record<string, BulkValue>)) {
        const value = typeof entry === 'object' ? (entry?.value ?? null) : entry;
        if (value !== null) documents.set(key, JSON.parse(value));
      }
    }
    return documents;
  }

  /** Writes documents in one command. */
  async write(entries: readonly (readonly [key: string, value: string])[]): Promise<void> {
    const bulk = entries.map(([key, value]) => ({ key, value }));
    await withJsonFile(bulk, (path) => wrangler(['kv', 'bulk', 'put', path, ...this.#namespace]));
  }

  /** Removes documents in one command. */
  async remove(keys: readonly string[]): Promise<void> {
    await withJsonFile(keys, (path) =>
      wrangler(['kv', 'bulk', 'delete', path, '--force', ...this.#namespace]),
    );
  }
}
