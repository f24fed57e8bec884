/** Generates clients from the document as their users do, checks their types, and loads them. */
import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { Place, Seen } from './clients/conversation.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../../..');
const CLIENTS = join(import.meta.dirname, 'clients');
/** Folder of all generated files; `clients/tsconfig.json` knows it as `generated`. */
const TARGET = join(ROOT, 'test-artefacts/clients');
/** The document that the clients are generated from. */
export const DOCUMENT = join(TARGET, 'openapi.json');
/** The time that a generator or the compiler may take. */
const TIMEOUT_MS = 60_000;

/** Folders of the programs of packages: of this folder, else of the repository. */
const PROGRAMS = [join(import.meta.dirname, 'node_modules/.bin'), join(ROOT, 'node_modules/.bin')];

/** Runs a program of a package with this Node; resolves with what it printed, rejects with it when it fails. */
export async function runTool(name: string, args: string[]): Promise<string> {
  const path = PROGRAMS.map((folder) => join(folder, name)).find((program) => existsSync(program)) ?? name;
  // No tool may look for its newest version, or tell of its use.
  const env = {
    ...process.env,
    REDOCLY_TELEMETRY: 'off',
    REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
    SCARF_ANALYTICS: 'false',
    NO_COLOR: '1',
  };
  try {
    const { stdout } = await run(process.execPath, [path, ...args], { cwd: ROOT, env, timeout: TIMEOUT_MS });
    return stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${name} fails:\n${stdout ?? ''}${stderr ?? String(error)}`, { cause: error });
  }
}

function orvalConfig(): string {
  const output = {
    target: join(TARGET, 'orval/api.ts'),
    client: 'fetch',
    mode: 'single',
    baseUrl: { getBaseUrlFromSpecification: true },
    // Of a body with several types orval makes a client that its own types refuse: forms alone, then.
    override: { contentType: { exclude: ['audio/*'] } },
  };
  return `export default ${JSON.stringify({ api: { input: DOCUMENT, output } })};\n`;
}

/** Writes the document down, and generates every client from it. */
export async function generateClients(document: string): Promise<void> {
  await rm(TARGET, { recursive: true, force: true });
  await mkdir(TARGET, { recursive: true });
  const config = join(TARGET, 'orval.config.mjs');
  await writeFile(DOCUMENT, document);
  await writeFile(config, orvalConfig());
  await Promise.all([
    runTool('openapi-typescript', [DOCUMENT, '-o', join(TARGET, 'openapi-typescript/schema.d.ts')]),
    runTool('openapi-ts', ['-i', DOCUMENT, '-o', join(TARGET, 'hey-api'), '--no-log-file']),
    runTool('orval', ['--config', config]),
  ]);
}

/** Compiles the clients, and what uses them, as strictly as the compiler can. Rejects with its errors. */
export async function checkTypes(): Promise<void> {
  await runTool('tsc', ['-p', CLIENTS]);
}

/** Loads the conversation through one of the clients. */
export async function loadClient(name: string): Promise<(baseUrl: string, place: Place) => Promise<Seen>> {
  const outfile = join(TARGET, `run/${name}.mjs`);
  await build({
    entryPoints: [join(CLIENTS, `${name}.ts`)],
    bundle: true,
    format: 'esm',
    platform: 'node',
    alias: { generated: TARGET },
    outfile,
    logLevel: 'warning',
  });
  const { converse } = (await import(outfile)) as { converse: (url: string, place: Place) => Promise<Seen> };
  return converse;
}
