/**
 * `npm run seed -- FILE [--remote] [--dry-run] [--yes] [--bump [--release]] [--replay PATH]`: checks an
 * organization's file, shows the changes of publishing it, and publishes it locally or to production.
 * docs/publishing.md explains it.
 */
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { readFileText } from '../src/registry/file-text.ts';
import { missingSecrets } from '../src/registry/missing-secrets.ts';
import { carryOut, type RegistryStore } from '../src/registry/publication.ts';
import { parseOrganizationFile, preparePublication, PublicationError } from '../src/registry/publish.ts';
import { filesOf, readPercentage, UsageError } from './agent-test/command-line.ts';
import { replayOnRelease } from './agent-test/replay/replay-files.ts';
import { logPublication } from './publication-log.ts';
import { changeLines, isRefused, movesRelease, removes } from './registry/changes.ts';
import { publishToServer, ServerRefusal } from './registry/server.ts';
import { withLocalRegistry } from './registry/local.ts';
import { deployedSecrets, WranglerRegistry } from './registry/wrangler.ts';
import { developmentVariables, localSettings } from './settings.ts';

const USAGE = `Usage: npm run seed -- FILE [options]

  --dry-run   show the changes, and publish nothing
  --yes       remove entries that the file lacks without asking
  --bump      give changed agents, graphs, tools and behavior sets their next version; "edge" follows
  --release   with --bump: "release" follows too
  --replay PATH
              replay recorded dialogues; "release" moves only if they go the recorded way
  --coverage PERCENT
              with --replay: "release" moves only if so many states and exits of each service are reached
  --remote    publish to the production deployment, with the account of wrangler
  --server ORIGIN
              publish by the API of a deployment, such as https://api.example, with the token in OPERATOR_TOKEN`;

function readArguments() {
  const boolean = { type: 'boolean', default: false } as const;
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        'dry-run': boolean,
        yes: boolean,
        bump: boolean,
        release: boolean,
        remote: boolean,
        server: { type: 'string' },
        replay: { type: 'string' },
        coverage: { type: 'string' },
      },
    });
    const [path, ...more] = positionals;
    if (path === undefined || more.length > 0) throw new UsageError('Name one file.');
    if (values.remote && values.server !== undefined) throw new UsageError('--remote or --server, not both.');
    if (values.release && !values.bump) throw new UsageError('--release goes with --bump.');
    if (values.coverage !== undefined && values.replay === undefined) {
      throw new UsageError('--coverage goes with --replay.');
    }
    return { ...values, path, coverage: readPercentage(values.coverage) };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(error instanceof Error ? error.message : '');
  }
}

type Arguments = ReturnType<typeof readArguments>;

async function isConfirmed(): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(?:es)?$/i.test((await terminal.question('Remove the entries marked with "-"? [y/N] ')).trim());
  } finally {
    terminal.close();
  }
}

/** Returns why a publication is not carried out, or null. Asks for confirmation if it removes something. */
async function hindrance(
  publication: Parameters<typeof removes>[0],
  { yes }: Arguments,
): Promise<string | null> {
  if (isRefused(publication)) {
    return 'Nothing is published: entries marked with "!" must not change. Give new content a new version number, or use --bump.';
  }
  if (yes || !removes(publication)) return null;
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    return 'Nothing is published: it would remove the entries marked with "-". Repeat it with --yes to remove them.';
  }
  return (await isConfirmed()) ? null : 'Nothing is published.';
}

/**
 * Replays the recorded dialogues, if that is demanded, and prints how they go. Returns why "release" must not move, or
 * null: also when the publication does not move it.
 */
async function replayRefuses(
  publication: Parameters<typeof movesRelease>[0],
  input: unknown,
  { replay, coverage, release }: Arguments,
): Promise<string | null> {
  if (replay === undefined) return null;
  const organization = parseOrganizationFile(input);
  const { lines, unmet } = await replayOnRelease(await filesOf(replay), organization, {
    percent: coverage,
    newest: release,
  });
  console.log(lines.join('\n'));
  if (unmet.length === 0 || !movesRelease(publication, organization)) return null;
  return `Nothing is published, because "release" would move: ${unmet.join('; ')}.`;
}

/** Returns a message about secrets of tools that the deployment lacks, or null. */
async function secretsLacking(
  publication: Parameters<typeof missingSecrets>[0],
  { remote }: Arguments,
): Promise<string | null> {
  // If no tool uses a secret, the deployment is not asked.
  if (missingSecrets(publication, () => false).length === 0) return null;
  const known = remote
    ? await deployedSecrets()
    : new Set(Object.keys({ ...developmentVariables(), ...process.env }));
  const missing = missingSecrets(publication, (name) => known.has(name));
  if (missing.length === 0) return null;
  const how = remote ? 'npx wrangler secret put NAME --env production' : 'a line in .dev.vars';
  return `Nothing is published: first set the secrets of tools, by ${how}: ${missing.join(', ')}.`;
}

/** Tells whether a publication would be refused, and prints why the replay refuses it. */
async function wouldFail(
  publication: Parameters<typeof replayRefuses>[0],
  input: unknown,
  args: Arguments,
): Promise<boolean> {
  const why = await replayRefuses(publication, input, args);
  if (why !== null) console.error(why);
  return why !== null || isRefused(publication);
}

/** Publishes to a registry. Returns the exit code. */
async function publish(registry: RegistryStore, input: unknown, args: Arguments): Promise<number> {
  const { bump, release, remote } = args;
  const { jurisdiction } = (input as { organization?: { jurisdiction?: unknown } }).organization ?? {};
  if (remote && typeof jurisdiction === 'string') {
    console.error(
      'Nothing is published: an organization with a jurisdiction is published with --server alone.',
    );
    return 1;
  }
  const publication = await preparePublication(registry, input, { bump, release, isProduction: remote });
  const lines = changeLines(publication);
  console.log(lines.length === 0 ? 'Nothing changes.' : lines.join('\n'));
  if (args['dry-run']) return (await wouldFail(publication, input, args)) ? 1 : 0;
  const why =
    (await replayRefuses(publication, input, args)) ??
    (await secretsLacking(publication, args)) ??
    (await hindrance(publication, args));
  if (why !== null) {
    console.error(why);
    return 1;
  }
  await carryOut(registry, publication);
  logPublication(publication.organization);
  console.log(`Published ${publication.organization}.`);
  return 0;
}

/** Publishes by the API of a deployment. Returns the exit code. */
async function publishByServer(
  server: string,
  text: string,
  input: unknown,
  args: Arguments,
): Promise<number> {
  const token = process.env.OPERATOR_TOKEN ?? '';
  if (token === '') throw new UsageError('--server needs the token of the operator in OPERATOR_TOKEN.');
  const organization = (input as { organization?: { id?: string } }).organization?.id ?? '';
  const { bump, release } = args;
  const file = { organization, text };
  const plan = await publishToServer(server, token, file, { bump, release, dry_run: true });
  const lines = changeLines(plan);
  console.log(lines.length === 0 ? 'Nothing changes.' : lines.join('\n'));
  if (args['dry-run']) return (await wouldFail(plan, input, args)) ? 1 : 0;
  const why = (await replayRefuses(plan, input, args)) ?? (await hindrance(plan, args));
  if (why !== null) {
    console.error(why);
    return 1;
  }
  await publishToServer(server, token, file, { bump, release, dry_run: false });
  logPublication(organization);
  console.log(`Published ${organization}.`);
  return 0;
}

async function main(): Promise<number> {
  let path = 'the command line';
  try {
    const args = readArguments();
    path = args.path;
    const text = await readFile(path, 'utf8');
    const input = readFileText(text);
    if (args.server !== undefined) return await publishByServer(args.server, text, input, args);
    if (args.remote) return await publish(new WranglerRegistry(), input, args);
    return await withLocalRegistry(localSettings().stateDir, (registry) => publish(registry, input, args));
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${error.message}\n\n${USAGE}`);
      return 2;
    }
    if (error instanceof ServerRefusal) {
      console.error(`${path} cannot be published:`);
      for (const line of error.lines) console.error(`  ${line}`);
      return 1;
    }
    if (error instanceof PublicationError) {
      console.error(`${path} cannot be published:`);
      for (const { path: where, message } of error.errors) console.error(`  ${where}: ${message}`);
      return 1;
    }
    console.error(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

process.exitCode = await main();
