/**
 * `npm run dev -- [--new] FILE [--release]`: publishes an organization's file to the local server each time that it is
 * saved, with automatic versions. Uses the server at `PORT`, or starts one. docs/publishing.md explains it.
 */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { changeLines } from './registry/changes.ts';
import { isRunning, publishTo, startServer, type Answer } from './dev/server.ts';
import { writeStarter } from './dev/starter.ts';
import { watchText } from './dev/watch.ts';
import { localSettings, SettingsError } from './settings.ts';

const USAGE = `Usage: npm run dev -- FILE [options]

  --new       create FILE with an agent of 35 lines
  --release   set "release" to new versions too, not only "edge"`;

function print(path: string, baseUrl: string, answer: Answer): void {
  const time = new Date().toLocaleTimeString('en-GB');
  if (answer.kind === 'wrong') {
    console.error(`\n${time} ${path} cannot be published; the server keeps what it has:`);
    for (const line of answer.errors) console.error(`  ${line}`);
    return;
  }
  const lines = changeLines(answer);
  if (answer.kind === 'refused') {
    console.error(`\n${time} ${path} is refused; the server keeps what it has:\n${lines.join('\n')}`);
    return;
  }
  const what = lines.length === 0 ? 'nothing has changed' : `\n${lines.join('\n')}`;
  const address = `${baseUrl}/workbench#organization=${answer.organization}`;
  console.log(`\n${time} Published ${answer.organization}: ${what}\n  ${address}`);
}

/** Publishes a text and prints the result. If the server does not answer, the next save tries again. */
async function publish(path: string, baseUrl: string, text: string, release: boolean): Promise<void> {
  try {
    print(path, baseUrl, await publishTo(baseUrl, text, release));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    console.error(`\n${path} is not published: the server at ${baseUrl} does not answer (${why}).`);
  }
}

async function main(): Promise<number | null> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { new: { type: 'boolean', default: false }, release: { type: 'boolean', default: false } },
  });
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) {
    console.error(USAGE);
    return 2;
  }
  const { baseUrl } = localSettings();
  const path = resolve(name);
  if (values.new) await writeStarter(path);
  const text = await readFile(path, 'utf8');
  const server = (await isRunning(baseUrl)) ? null : await startServer(baseUrl);
  if (server === null && !(await isRunning(baseUrl))) return 1;
  await publish(name, baseUrl, text, values.release);
  const end = watchText(path, text, (changed) => publish(name, baseUrl, changed, values.release));
  console.log(`\nWatching ${name}. Save it to publish it.`);
  server?.once('exit', (code) => {
    end();
    process.exitCode = code ?? 1;
  });
  return null;
}

try {
  process.exitCode = (await main()) ?? undefined;
} catch (error) {
  const known = error instanceof SettingsError || (error instanceof Error && 'code' in error);
  if (!known) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
