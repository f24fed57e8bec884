/** Builds public/: the demo page, the document's viewer and the workbench, everything served from here and nothing from elsewhere. */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const target = join(root, 'public');
const viewer = dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')));

await mkdir(target, { recursive: true });
for (const name of ['index.html', 'docs.html', '_headers']) {
  await cp(join(root, 'widget', name), join(target, name));
}
for (const name of ['swagger-ui-bundle.js', 'swagger-ui.css', 'LICENSE']) {
  await cp(join(viewer, name), join(target, 'swagger-ui', name));
}
await build({
  entryPoints: ['chat.ts', 'docs.ts', 'style.css'].map((name) => join(root, 'widget', name)),
  outdir: target,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  logLevel: 'warning',
});

// The workbench: its page, its script and style in one file each, and its rule after those of all pages.
const workbench = join(root, 'workbench');
await cp(join(workbench, 'index.html'), join(target, 'workbench.html'));
await build({
  entryPoints: ['workbench.ts', 'workbench.css'].map((name) => join(workbench, name)),
  outdir: target,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  logLevel: 'warning',
});
const headers = await Promise.all(
  ['widget', 'workbench'].map((folder) => readFile(join(root, folder, '_headers'), 'utf8')),
);
await writeFile(join(target, '_headers'), headers.join('\n'));
