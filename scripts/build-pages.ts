/**
 * Builds public/, or the folder that `--out` names: the widget, and the pages, the workbench among them. Everything is
 * served from here and nothing from elsewhere. With `--demo` the start page is the demo's clinic, else a neutral one.
 */
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build, transform, type BuildOptions, type Plugin } from 'esbuild';
import { markedLexer, markedLicence, markedRuleNames } from './marked-lexer.ts';

const root = join(import.meta.dirname, '..');
const source = join(root, 'widget');
const { values: options } = parseArgs({
  options: { demo: { type: 'boolean', default: false }, out: { type: 'string', default: 'public' } },
});
const target = resolve(root, options.out);
const viewer = dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')));

interface Page {
  files: string[];
  entries: string[];
}

/** The page at `/`: the demo's clinic, which chats as a demo user, or what any deployment may show to every caller. */
const START_PAGE: Page = options.demo
  ? { files: ['widget/demo/index.html'], entries: ['widget/demo/demo.ts', 'widget/demo/demo.css'] }
  : { files: ['widget/start/index.html'], entries: [] };

/** What each page consists of. All land in the root of the site, under their own names. */
const PAGES: readonly Page[] = [
  START_PAGE,
  { files: ['widget/docs/docs.html'], entries: ['widget/docs/docs.ts', 'widget/docs/docs.css'] },
  { files: ['workbench/workbench.html'], entries: ['workbench/workbench.ts', 'workbench/workbench.css'] },
];

/** Sites load the widget before their visitors need it: it stays small, and a change that makes it grow is seen. */
const MAX_WIDGET_BYTES = 30 * 1024;

const OPTIONS = {
  bundle: true,
  format: 'esm',
  // What runs here must run in the browsers of the last two years.
  target: 'es2022',
  charset: 'utf8',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** A style sheet that a script imports is its text, made small. */
const styleSheetsAsText: Plugin = {
  name: 'style-sheets-as-text',
  setup(plugged) {
    plugged.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { outputFiles } = await build({ ...OPTIONS, entryPoints: [path], write: false });
      const [sheet] = outputFiles;
      const { code } = await transform(sheet?.text ?? '', { loader: 'css', minify: true });
      return { contents: code.trim(), loader: 'text' };
    });
  },
};

/** `amigo-chat.js` for a site that wants what is newest, and the same under a name that never means anything else. */
async function buildWidget(): Promise<void> {
  const { outputFiles } = await build({
    ...OPTIONS,
    entryPoints: [join(source, 'amigo-chat.ts')],
    plugins: [styleSheetsAsText, markedLexer],
    mangleProps: await markedRuleNames(),
    write: false,
  });
  const script = outputFiles[0]?.contents ?? new Uint8Array();
  const size = gzipSync(script, { level: 9 }).length;
  if (size > MAX_WIDGET_BYTES) {
    throw new Error(`amigo-chat.js has ${size} bytes gzip; ${MAX_WIDGET_BYTES} are allowed.`);
  }
  const digest = createHash('sha384').update(script).digest();
  const file = `amigo-chat-${digest.toString('hex').slice(0, 16)}.js`;
  const integrity = `sha384-${digest.toString('base64')}`;
  // Only what is stale goes: a server may be serving the rest while this runs.
  const isStale = (name: string) => /^amigo-chat-\w+\.js$/.test(name) && name !== file;
  const stale = (await readdir(target)).filter(isStale);
  await Promise.all(stale.map((name) => rm(join(target, name), { force: true })));
  await writeFile(join(target, 'amigo-chat.js'), script);
  await writeFile(join(target, file), script);
  await writeFile(
    join(target, 'amigo-chat.json'),
    JSON.stringify({ file: `/${file}`, integrity, gzip_bytes: size }),
  );
}

async function buildPages(): Promise<void> {
  for (const { files, entries } of PAGES) {
    for (const name of files) await cp(join(root, name), join(target, name.replace(/^.*\//, '')));
    if (entries.length === 0) continue;
    await build({
      ...OPTIONS,
      entryPoints: entries.map((name) => join(root, name)),
      entryNames: '[name]',
      outdir: target,
    });
  }
  for (const name of ['swagger-ui-bundle.js', 'swagger-ui.css', 'LICENSE']) {
    await cp(join(viewer, name), join(target, 'swagger-ui', name));
  }
}

/** The libraries inside the widget ask that their licence goes with them. */
async function writeLicences(): Promise<void> {
  const text = `amigo-chat.js contains the lexer of marked.\n\n${await markedLicence()}`;
  await writeFile(join(target, 'amigo-chat.LICENSES.txt'), text);
}

/** Removes the demo's files that a build with `--demo` left in the same folder. */
async function removeDemo(): Promise<void> {
  await Promise.all(['demo.js', 'demo.css'].map((name) => rm(join(target, name), { force: true })));
}

await mkdir(target, { recursive: true });
if (!options.demo) await removeDemo();
await cp(join(source, '_headers'), join(target, '_headers'));
await Promise.all([buildWidget(), buildPages(), writeLicences()]);
