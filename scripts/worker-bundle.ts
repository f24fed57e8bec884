/** Bundles the Worker: as it is written for development, and small for production. */
import { basename, join } from 'node:path';
import { build, type BuildOptions, type Metafile } from 'esbuild';
import { minify } from 'terser';
import { lateParts } from './late-parts.ts';
import { wholeMarkedLexer } from './marked-lexer.ts';
import { withShortExports } from './short-exports.ts';
import { unusedMembers } from './unused-members.ts';
import { withoutProsePlugin } from './without-prose.ts';

const ROOT = join(import.meta.dirname, '..');
const ENTRY = 'src/index.ts';
/** Name of the file that the platform takes as the Worker. */
const MAIN = 'index.js';

/** Options with which wrangler bundles a Worker. */
export const WORKER_OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  format: 'esm',
  target: 'es2024',
  supported: { 'import-source': true, using: true },
  conditions: ['workerd', 'worker', 'browser'],
  external: ['cloudflare:*', 'node:*'],
  define: { 'process.env.NODE_ENV': '"production"' },
  legalComments: 'none',
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** Names of classes that a log shows: `jose` calls its errors by them. */
const LOGGED_CLASSES = /^J(?:OSE|W)/;

/** A file of a Worker's script, with its source map. */
export interface ScriptFile {
  /** Name in the folder of the script, by which other files import it. */
  name: string;
  code: string;
  sourceMap: string;
}

/** The files of the Worker, and the list of its inputs. */
export interface BuiltWorker {
  /** The first one is the Worker. It imports what a start evaluates, and that loads the others when they are needed. */
  files: readonly ScriptFile[];
  metafile: Metafile;
}

/** Returns the paths from the root of the modules of which the Worker has a part. */
async function inputs(): Promise<string[]> {
  const { metafile } = await build({ ...WORKER_OPTIONS, entryPoints: [ENTRY], metafile: true, write: false });
  return Object.values(metafile.outputs).flatMap((output) =>
    Object.entries(output.inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
}

/** Returns a minified file. Its names of exports stay. */
async function minified({ name, code, sourceMap }: ScriptFile): Promise<ScriptFile> {
  const result = await minify(code, {
    module: true,
    ecma: 2020,
    compress: { passes: 3 },
    keep_classnames: LOGGED_CLASSES,
    sourceMap: { content: sourceMap },
  });
  const map = typeof result.map === 'string' ? result.map : JSON.stringify(result.map);
  return { name, code: result.code ?? '', sourceMap: map };
}

/**
 * Bundles the Worker of production: without the prose of its OpenAPI document, which is a file, with the lexer of marked
 * alone, in parts (`lateParts`), and minified by terser, whose result is smaller than that of esbuild by 4 %. With
 * `readable` it keeps its names.
 */
export async function bundleWorker({ readable = false }: { readable?: boolean } = {}): Promise<BuiltWorker> {
  const { outputFiles, metafile } = await build({
    ...WORKER_OPTIONS,
    entryPoints: [ENTRY],
    plugins: [
      lateParts(ROOT, join(ROOT, ENTRY)),
      withoutProsePlugin,
      unusedMembers(ROOT, await inputs()),
      wholeMarkedLexer,
    ],
    splitting: true,
    sourcemap: 'external',
    outdir: 'dist/worker',
    keepNames: readable,
    minifySyntax: !readable,
    metafile: true,
    write: false,
  });
  const textOf = (path: string) => outputFiles.find((file) => file.path === path)?.text ?? '';
  const files = outputFiles
    .filter(({ path }) => path.endsWith('.js'))
    .map(({ path, text }) => ({ name: basename(path), code: text, sourceMap: textOf(`${path}.map`) }))
    .sort((a, b) => Number(b.name === MAIN) - Number(a.name === MAIN));
  if (files[0]?.name !== MAIN) throw new Error('esbuild made no bundle.');
  return { files: readable ? files : await Promise.all(compact(files, metafile).map(minified)), metafile };
}

/** Returns files with short names of what they import from each other. Others import the Worker, and parts by `import()`. */
function compact(files: readonly ScriptFile[], { outputs }: Metafile): ScriptFile[] {
  const imported = Object.entries(outputs).filter(([, { entryPoint }]) => entryPoint !== undefined);
  const kept = new Set(imported.map(([path]) => `./${basename(path)}`));
  const codes = withShortExports(
    files.map(({ name, code }) => ({ path: `./${name}`, code })),
    kept,
  );
  return files.map((file, index) => ({ ...file, code: codes[index] ?? '' }));
}

/** Returns the names of the files that a start evaluates: the Worker and what it imports, not what it loads later. */
export function startedFiles({ metafile }: BuiltWorker): string[] {
  const started = Object.keys(metafile.outputs).filter((path) => basename(path) === MAIN);
  for (const path of started) {
    for (const { path: imported, kind, external } of metafile.outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && external !== true && !started.includes(imported))
        started.push(imported);
    }
  }
  return started.map((path) => basename(path));
}
