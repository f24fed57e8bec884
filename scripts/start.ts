/** `npm start`: the API with the demo organizations on this machine, without an account. */
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { demoIdentities, publishDemo, type DemoIdentity } from './demo.ts';
import { withLocalRegistry } from './registry/local.ts';
import { localSettings } from './settings.ts';
import { localKeySet } from './signing-keys.ts';
import { speechVariables } from './speech/found.ts';

/** The demo agent speaks at about the pace of a fast reader: a few words every 15 ms. */
const DEMO_PACE_MS = 15;

// Nothing leaves this machine: no metrics, no look-up of where it stands.
process.env.WRANGLER_SEND_METRICS = 'false';
process.env.CLOUDFLARE_CF_FETCH_ENABLED = 'false';

/** How soon an orphaned server notices that it is one. */
const PARENT_WATCH_MS = 1_000;

const settings = localSettings();
const root = join(import.meta.dirname, '..');

function banner(identity: DemoIdentity, hasVoice: boolean): string {
  const { baseUrl } = settings;
  const api = `${baseUrl}/v1/${identity.organization}`;
  const service = identity.service_ids[0] ?? '';
  return `
  The Conversation API is ready.

    API        ${baseUrl}
    Chat       ${baseUrl}/
    Workbench  ${baseUrl}/workbench
    Document   ${baseUrl}/docs
    Voice      ${hasVoice ? 'on' : 'off: run "npm run speech" in another terminal, then start this again'}

  Hold a conversation from another terminal:

    TOKEN=$(curl -s -X POST ${api}/user/signin_with_api_key -H 'x-api-key: ${identity.api_key}' -H 'x-api-key-id: ${identity.api_key_id}' -H 'x-user-id: ${identity.user_id}' | sed 's/.*"id_token":"\\([^"]*\\)".*/\\1/'); curl -sN -X POST "${api}/conversation/?response_format=text" -H "Authorization: Bearer $TOKEN" -H 'content-type: application/json' -d '{"service_id":"${service}"}'
`;
}

async function untilReady(isOver: () => boolean): Promise<boolean> {
  while (!isOver()) {
    const answer = await fetch(`${settings.baseUrl}/healthz`).catch(() => null);
    if (answer?.ok === true) return true;
    await new Promise((resolve) => {
      setTimeout(resolve, 200);
    });
  }
  return false;
}

/** The variables of a development deployment, in a file: on a command line everybody could read the signing key. */
async function writeVariables(user: DemoIdentity, speech: Record<string, string>): Promise<string> {
  const path = join(settings.stateDir, 'variables.env');
  const demo = {
    organization: user.organization,
    user_id: user.user_id,
    service_id: user.service_ids[0],
  };
  const variables = {
    DEVELOPMENT: 'true',
    EMBEDDED_PACE_MS: String(DEMO_PACE_MS),
    DEMO: JSON.stringify(demo),
    SIGNING_KEYS: JSON.stringify(await localKeySet(settings.stateDir)),
    ...speech,
  };
  const lines = Object.entries(variables).map(([name, value]) => `${name}='${value}'`);
  await writeFile(path, `${lines.join('\n')}\n`, { mode: 0o600 });
  return path;
}

async function serve(): Promise<void> {
  const [administrator, user] = await demoIdentities();
  if (administrator === undefined || user === undefined) throw new Error('The demo has too few identities.');
  const speech = await speechVariables();
  const server = spawn(
    process.execPath,
    [
      join(root, 'node_modules/wrangler/bin/wrangler.js'),
      'dev',
      ...['--port', String(settings.port)],
      ...['--inspector-port', '0'],
      ...['--persist-to', settings.stateDir],
      '--show-interactive-dev-session=false',
      ...['--env-file', await writeVariables(user, speech)],
      ...process.argv.slice(2),
    ],
    { cwd: root, stdio: 'inherit' },
  );
  let over = false;
  server.on('exit', (code) => {
    over = true;
    process.exitCode = code ?? 1;
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => server.kill(signal));
  // Whoever started this may be killed without a word; the server must not outlive them and hold the port.
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent) server.kill('SIGTERM');
  }, PARENT_WATCH_MS);
  server.on('exit', () => clearInterval(watch));
  if (await untilReady(() => over)) console.log(banner(administrator, 'SPEECH_PROVIDER' in speech));
}

await mkdir(settings.stateDir, { recursive: true });
await withLocalRegistry(settings.stateDir, (registry) => publishDemo(registry, settings.baseUrl));
await serve();
