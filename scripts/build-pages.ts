/**
 * Builds the widget and the pages, with the workbench, to public/ or to the folder that `--out` names. The pages load
 * nothing from other servers. With `--demo`, for development, the start page is the demo's clinic and scripts stay
 * readable, unless `MINIFY_PAGES=on` is set, as the tests in a browser do. Without it, the start page is neutral and
 * scripts are minified. A file that has not changed is not written, so that servers of the same folder go on undisturbed
 * when another one starts.
 */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, type Metafile } from 'esbuild';
import { copyChanged, writeChanged } from './changed-files.ts';
import { renderDocument } from './document.ts';
import { licencesText, workerMetafile } from './licences.ts';
import { markedLicence } from './marked-lexer.ts';
import { BUNDLE_OPTIONS, bundleWidget, WIDGET_SOURCE } from './widget-build.ts';
import { WIDGET_TYPES, WidgetReleases } from './widget-releases.ts';
import { bundleWorker } from './worker-bundle.ts';

const root = join(import.meta.dirname, '..');
const { values: options } = parseArgs({
  options: {
    demo: { type: 'boolean', default: false },
    out: { type: 'string', default: 'public' },
    worker: { type: 'string' },
  },
});
const target = resolve(root, options.out);
const minified = !options.demo || process.env.MINIFY_PAGES === 'on';
const viewer = dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')));

interface Page {
  files: string[];
  entries: string[];
}

/** The page at `/`: the demo's clinic, which chats as a demo user, or a neutral page for any deployment. */
const START_PAGE: Page = options.demo
  ? { files: ['widget/demo/index.html'], entries: ['widget/demo/demo.ts', 'widget/demo/demo.css'] }
  : { files: ['widget/start/index.html'], entries: [] };

/** Files and scripts of each page. All are written to the root of the site under their own names. */
const PAGES: readonly Page[] = [
  START_PAGE,
  { files: ['widget/docs/docs.html'], entries: ['widget/docs/docs.ts', 'widget/docs/docs.css'] },
  { files: ['workbench/workbench.html'], entries: ['workbench/workbench.ts', 'workbench/workbench.css'] },
];

/** Writes `amigo-chat.js`, the newest widget, its parts, and every release under the name of its version. */
async function writeWidget(): Promise<Metafile[]> {
  const { script, parts, metafiles } = await bundleWidget({ minified });
  const written: string[] = [];
  const write = async (file: string, content: string | Buffer) => {
    written.push(file.slice(1));
    await writeChanged(join(target, file), content);
  };
  for (const part of parts) await write(part.file, part.script);
  await write('/amigo-chat.js', script);
  await copyChanged(WIDGET_TYPES, join(target, 'amigo-chat.d.ts'));
  const releases = new WidgetReleases();
  const list = await releases.list();
  for (const release of list) {
    const { script: released, types, parts: releasedParts } = await releases.files(release);
    for (const part of releasedParts) await write(part.file, part.script);
    await write(release.file, released);
    await write(release.file.replace(/\.js$/, '.d.ts'), types);
  }
  const [newest] = list;
  if (newest === undefined) throw new Error('The widget has no release: npm run release:widget.');
  await writeChanged(join(target, 'amigo-chat.json'), JSON.stringify({ ...newest, releases: list }));
  await removeStale(written);
  return metafiles;
}

/**
 * Removes widget scripts of earlier builds. It removes nothing else, because a server may serve the other files
 * meanwhile.
 */
async function removeStale(written: readonly string[]): Promise<void> {
  const isStale = (name: string) => /^amigo-chat-.*\.js$/.test(name) && !written.includes(name);
  const stale = (await readdir(target)).filter(isStale);
  await Promise.all(stale.map((name) => rm(join(target, name), { force: true })));
}

async function buildPages(): Promise<Metafile[]> {
  const metafiles: Metafile[] = [];
  for (const { files, entries } of PAGES) {
    for (const name of files) await copyChanged(join(root, name), join(target, name.replace(/^.*\//, '')));
    if (entries.length === 0) continue;
    const { metafile, outputFiles } = await build({
      ...BUNDLE_OPTIONS,
      ...(!minified && { minify: false, sourcemap: 'inline' }),
      metafile: true,
      write: false,
      entryPoints: entries.map((name) => join(root, name)),
      entryNames: '[name]',
      outdir: target,
    });
    for (const { path, contents } of outputFiles) await writeChanged(path, contents);
    metafiles.push(metafile);
  }
  for (const name of ['swagger-ui-bundle.js', 'swagger-ui.css', 'LICENSE']) {
    await copyChanged(join(viewer, name), join(target, 'swagger-ui', name));
  }
  return metafiles;
}

/** Writes the licences that every copy must carry: those of the widget beside it, and those of all code in one file. */
async function writeLicences(metafiles: readonly Metafile[]): Promise<void> {
  const text = `amigo-chat-markdown-*.js, and amigo-chat.js of releases before 0.3.0, contain the lexer of marked.\n\n${await markedLicence()}`;
  await writeChanged(join(target, 'amigo-chat.LICENSES.txt'), text);
  await writeChanged(join(target, 'licenses.txt'), await licencesText(metafiles));
}

/** Removes files of the demo that an earlier build with `--demo` left. */
async function removeDemo(): Promise<void> {
  await Promise.all(['demo.js', 'demo.css'].map((name) => rm(join(target, name), { force: true })));
}

async function writeDocument(): Promise<void> {
  await writeChanged(join(target, 'openapi.json'), await renderDocument());
}

/** Writes the files that `wrangler deploy` uploads, with their source maps. Nothing else may be in their folder. */
async function writeWorker(folder: string): Promise<void> {
  const { files } = await bundleWorker();
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const { name, code, sourceMap } of files) {
    await writeFile(join(folder, name), `${code}\n//# sourceMappingURL=${name}.map\n`);
    await writeFile(join(folder, `${name}.map`), sourceMap);
  }
}

await mkdir(target, { recursive: true });
if (!options.demo) await removeDemo();
await copyChanged(join(WIDGET_SOURCE, '_headers'), join(target, '_headers'));
await copyChanged(join(WIDGET_SOURCE, 'llms.txt'), join(target, 'llms.txt'));
for (const name of ['word-vectors.bin', 'word-vectors.LICENSE.txt'])
  await copyChanged(join(root, 'assets', name), join(target, name));
const [widgets, pages, worker] = await Promise.all([
  writeWidget(),
  buildPages(),
  workerMetafile(),
  writeDocument(),
  options.worker === undefined ? null : writeWorker(resolve(root, options.worker)),
]);
await writeLicences([...widgets, ...pages, worker]);
