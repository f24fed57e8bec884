/** Builds the packages for sites: `packages/amigo-chat/dist`, or the folder that `--out` names. */
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { build } from 'esbuild';
import { WIDGET_TYPES } from './widget-releases.ts';

const ROOT = join(import.meta.dirname, '..');
const SOURCE = join(ROOT, 'packages/amigo-chat');

/** Names of modules in the source, with those in the built package. */
const NAMES: readonly (readonly [source: RegExp, built: string])[] = [
  [/(['"])\.\/index\.ts\1/g, "'./index.js'"],
  [/(['"])(?:\.\.\/)+widget\/types\/amigo-chat\.d\.ts\1/g, "'./amigo-chat.js'"],
];

async function writeTypes(target: string): Promise<void> {
  const args = ['tsc', '-p', SOURCE, '--noEmit', 'false', '--declaration', '--emitDeclarationOnly'];
  await promisify(execFile)('npx', [...args, '--outDir', target], { cwd: ROOT });
  for (const file of await readdir(target)) {
    if (!file.endsWith('.d.ts')) continue;
    const types = await readFile(join(target, file), 'utf8');
    const named = NAMES.reduce((text, [source, built]) => text.replaceAll(source, built), types);
    await writeFile(join(target, file), named);
  }
  await cp(WIDGET_TYPES, join(target, 'amigo-chat.d.ts'));
  // The types are a module of their own, so that they can be named from JavaScript as well.
  await writeFile(join(target, 'amigo-chat.js'), 'export {};\n');
}

async function writeScripts(target: string): Promise<void> {
  await build({
    absWorkingDir: SOURCE,
    entryPoints: ['src/index.ts', 'src/react.ts'],
    outdir: target,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    external: ['react'],
    logLevel: 'warning',
  });
}

const { values: options } = parseArgs({ options: { out: { type: 'string' } } });
const target = options.out === undefined ? join(SOURCE, 'dist') : resolve(ROOT, options.out);
await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
await writeScripts(target);
await writeTypes(target);
