/** `npm start`: serves the API with the demo organizations on this machine, without an account. */
import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { banner } from './banner.ts';
import { demoIdentities, publishDemo, type DemoIdentity } from './demo.ts';
import { demandFreePort } from './port.ts';
import { withLocalRegistry } from './registry/local.ts';
import { localSettings, SettingsError, type LocalSettings } from './settings.ts';
import { localKeySet } from './signing-keys.ts';
import { workerVariables, writeVariables } from './worker-variables.ts';

/** Pause between pieces of the demo agent in milliseconds: a few words each, about as fast as a fast reader. */
const DEMO_PACE_MS = 15;
/** Interval in milliseconds in which the server checks that its parent process still runs. */
const PARENT_WATCH_MS = 1_000;
/** Interval in milliseconds in which a starting server is asked for its health. */
const READY_POLL_MS = 200;

// Nothing is sent from this machine: no metrics, no request for its location.
process.env.WRANGLER_SEND_METRICS = 'false';
process.env.CLOUDFLARE_CF_FETCH_ENABLED = 'false';

const root = join(import.meta.dirname, '..');

async function untilReady(baseUrl: string, isOver: () => boolean): Promise<boolean> {
  while (!isOver()) {
    const answer = await fetch(`${baseUrl}/healthz`).catch(() => null);
    if (answer?.ok === true) return !isOver();
    await new Promise((resolve) => {
      setTimeout(resolve, READY_POLL_MS);
    });
  }
  return false;
}

/** Returns the variables of a development deployment that do not come from settings. */
async function ownVariables(stateDir: string, user: DemoIdentity): Promise<Record<string, string>> {
  const { organization, user_id, service_ids } = user;
  return {
    DEVELOPMENT: 'true',
    DEMO: JSON.stringify({ organization, user_id, service_id: service_ids[0] }),
    SIGNING_KEYS: JSON.stringify(await localKeySet(stateDir)),
  };
}

/**
 * Returns the argument for the debugger's port: any free one, unless the arguments have it. Wrangler refuses a repeated
 * option.
 */
function inspectorPort(args: readonly string[]): string[] {
  return args.some((arg) => /^--inspector-port(?:=|$)/.test(arg)) ? [] : ['--inspector-port', '0'];
}

/** Starts wrangler, and stops it with this process. Returns a function that tells whether it has ended. */
function serve({ port, stateDir }: LocalSettings, envFile: string, args: readonly string[]): () => boolean {
  const server = spawn(
    process.execPath,
    [
      join(root, 'node_modules/wrangler/bin/wrangler.js'),
      'dev',
      ...['--port', String(port)],
      ...inspectorPort(args),
      ...['--persist-to', stateDir],
      '--show-interactive-dev-session=false',
      ...['--env-file', envFile],
      ...args,
    ],
    { cwd: root, stdio: 'inherit' },
  );
  let over = false;
  server.on('exit', (code) => {
    over = true;
    process.exitCode = code ?? 1;
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => server.kill(signal));
  // The parent process may be killed without a signal. The server must not outlive it and keep the port.
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent) server.kill('SIGTERM');
  }, PARENT_WATCH_MS);
  server.on('exit', () => clearInterval(watch));
  return () => over;
}

async function start(args: readonly string[]): Promise<void> {
  const settings = localSettings();
  const { baseUrl, port, stateDir } = settings;
  await demandFreePort(port);
  const { variables, status } = await workerVariables(args);
  const [administrator, user] = await demoIdentities();
  if (administrator === undefined || user === undefined) throw new Error('The demo has too few identities.');
  await mkdir(stateDir, { recursive: true });
  await withLocalRegistry(stateDir, (registry) => publishDemo(registry, baseUrl));
  const envFile = join(stateDir, 'variables.env');
  const pace = { EMBEDDED_PACE_MS: String(DEMO_PACE_MS) };
  await writeVariables(envFile, { ...pace, ...variables, ...(await ownVariables(stateDir, user)) });
  const isOver = serve(settings, envFile, args);
  if (await untilReady(baseUrl, isOver)) console.log(banner(baseUrl, administrator, status));
}

try {
  await start(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
