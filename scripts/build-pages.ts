/** Builds public/: the demo page and the document's viewer, everything served from here and nothing from elsewhere. */
import { cp, mkdir } from 'node:fs/promises';
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
