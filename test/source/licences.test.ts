/** The notices of what is served: every package in a bundle, and nothing that comes without a licence. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundledPackages, licencesText, packageNotice, workerMetafile } from '../../scripts/licences.ts';
import { bundleWidget } from '../../scripts/widget-build.ts';

const ROOT = join(import.meta.dirname, '../..');
const BUNDLE_TIMEOUT_MS = 60_000;

describe('licenses.txt', () => {
  it(
    'has the licence of this project and of every package in the Worker, the widget and the pages',
    async () => {
      const worker = await workerMetafile();
      const { metafiles: widget } = await bundleWidget({ minified: false });
      const { metafile: workbench } = await build({
        absWorkingDir: ROOT,
        entryPoints: ['workbench/workbench.ts'],
        bundle: true,
        write: false,
        metafile: true,
        format: 'esm',
        outdir: 'out',
      });
      const text = await licencesText([worker, ...widget, workbench]);
      expect(text.startsWith(await readFile(join(ROOT, 'LICENSE'), 'utf8').then((own) => own.trim()))).toBe(
        true,
      );
      const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
        dependencies: Record<string, string>;
      };
      // What a deployment depends on, what the pages contain, and what one of them has inside its own bundle.
      const names = [
        ...Object.keys(manifest.dependencies),
        '@dagrejs/dagre',
        '@dagrejs/graphlib',
        'swagger-ui-dist',
      ];
      const headings = [...text.matchAll(/^(\S+) \S+ \([^)]+\)\n=+$/gm)].map((match) => match[1] ?? '');
      expect(headings.toSorted()).toEqual(names.toSorted());
      expect(text).toContain(
        await readFile(join(ROOT, 'node_modules/zod/LICENSE'), 'utf8').then((t) => t.trim()),
      );
    },
    BUNDLE_TIMEOUT_MS,
  );
});

describe('a package in a bundle', () => {
  const metafile = (...paths: string[]) => ({
    inputs: {},
    outputs: {
      'a.js': {
        bytes: 1,
        imports: [],
        exports: [],
        inputs: Object.fromEntries(paths.map((path) => [path, { bytesInOutput: 1 }])),
      },
    },
  });

  it('is recognized by its folder: scoped, nested, or read by a plugin', () => {
    const packages = bundledPackages(
      metafile(
        'src/index.ts',
        'node_modules/plain/dist/a.js',
        'node_modules/@scope/name/b.js',
        'node_modules/plain/node_modules/inner/c.js',
        'marked:Lexer.ts',
      ),
    );
    expect([...packages].toSorted()).toEqual([
      'node_modules/@scope/name',
      'node_modules/marked',
      'node_modules/plain',
      'node_modules/plain/node_modules/inner',
    ]);
  });

  it('is left out if the result contains nothing of it', () => {
    const unused = metafile('node_modules/plain/a.js');
    unused.outputs['a.js'].inputs = { 'node_modules/plain/a.js': { bytesInOutput: 0 } };
    expect(bundledPackages(unused).size).toBe(0);
  });
});

describe('the notice of a package', () => {
  let folder: string;
  const manifest = (more: object) =>
    writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'p', version: '1.2.3', ...more }));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'package-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it.each(['LICENSE', 'license', 'LICENCE.md', 'LICENSE.APACHE', 'NOTICE', 'COPYING.txt'])(
    'holds the text of its file %s',
    async (file) => {
      await manifest({ license: 'X' });
      await writeFile(join(folder, file), 'All of the text.\n');
      await mkdir(join(folder, 'licensing'));
      const notice = await packageNotice(folder);
      expect(notice).toContain('p 1.2.3 (X)');
      expect(notice).toContain('All of the text.');
    },
  );

  it('is the MIT licence with its author if the package contains no text', async () => {
    await manifest({ license: 'MIT', author: 'Ada Lovelace <ada@example.com> (https://example.com)' });
    expect(await packageNotice(folder)).toContain('Copyright (c) Ada Lovelace\n');
  });

  it.each([{ license: 'MIT' }, { license: 'Apache-2.0', author: 'Ada' }, { author: 'Ada' }])(
    'fails the build without a text for %j',
    async (more) => {
      await manifest(more);
      await expect(packageNotice(folder)).rejects.toThrow('p is bundled');
    },
  );
});
