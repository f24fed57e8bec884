/** The licences of the packages whose code is in the Worker, the widget or the pages: public/licenses.txt. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';

const ROOT = join(import.meta.dirname, '..');

/** Files of a package that its copies have to carry. */
const LICENCE_FILE = /^(?:licen[cs]e|copying|notice)(?:\.|$)/i;

interface Manifest {
  name: string;
  version: string;
  license?: string;
  author?: string | { name?: string };
  dependencies?: Record<string, string>;
}

/** What is bundled of each package, by the package's folder from the root of the repository. */
export function bundledPackages(metafile: Metafile): Set<string> {
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0),
  );
  const folders = inputs.flatMap(([path]) => {
    const inFolder = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path);
    if (inFolder !== null) return [inFolder[1] ?? ''];
    // A plugin may read a package's modules from elsewhere: its namespace then has the package's name.
    const inNamespace = /^([\w@/-]+):/.exec(path);
    return inNamespace === null ? [] : [`node_modules/${inNamespace[1] ?? ''}`];
  });
  return new Set(folders);
}

/** Bundles the Worker as `wrangler deploy` does, and tells what is in it. */
export async function workerMetafile(): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/index.ts'],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    outdir: 'out',
    logLevel: 'warning',
  });
  return metafile;
}

/** The MIT licence with a package's author, for packages that name it and ship no text. */
function mitLicence(holder: string): string {
  return `MIT License

Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;
}

/**
 * The notice of a package: its name, its version, and every licence and notice that it ships. `extraFiles` names more
 * files. Throws for a package that ships no text and does not name the MIT licence with an author.
 */
export async function packageNotice(folder: string, extraFiles: readonly string[] = []): Promise<string> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
  const { name, version, license = 'no licence named', author } = manifest;
  const files = (await readdir(folder)).filter(
    (file) => LICENCE_FILE.test(file) || extraFiles.includes(file),
  );
  const texts = await Promise.all(files.sort().map((file) => readFile(join(folder, file), 'utf8')));
  if (texts.length === 0) {
    const holder = typeof author === 'string' ? author.replace(/\s*[<(].*$/, '') : author?.name;
    if (license !== 'MIT' || holder === undefined || holder === '') {
      throw new Error(`${name} is bundled, and its licence (${license}) comes without a text.`);
    }
    texts.push(mitLicence(holder));
  }
  const heading = `${name} ${version} (${license})`;
  return [heading, '='.repeat(heading.length), '', ...texts.map((text) => `${text.trim()}\n`)].join('\n');
}

/** Packages that are copied as they are, with the notices of what is inside them. */
const COPIED: Readonly<Record<string, readonly string[]>> = {
  'node_modules/swagger-ui-dist': ['swagger-ui-bundle.js.LICENSE.txt'],
};

/**
 * Adds the dependencies of each package. A package may come as one file that already contains them, which a bundler
 * cannot see.
 */
async function withDependencies(folders: ReadonlySet<string>): Promise<Set<string>> {
  const all = new Set(folders);
  for (const folder of all) {
    const manifest = JSON.parse(await readFile(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest;
    // A set's loop also visits what is added while it runs.
    for (const name of Object.keys(manifest.dependencies ?? {})) all.add(`node_modules/${name}`);
  }
  return all;
}

/** The text of licenses.txt: this project's licence, then the notice of each package in the bundles, by name. */
export async function licencesText(metafiles: readonly Metafile[]): Promise<string> {
  const bundled = metafiles.flatMap((metafile) => [...bundledPackages(metafile)]);
  const complete = await withDependencies(new Set(bundled));
  const folders = [...new Set([...complete, ...Object.keys(COPIED)])].sort();
  const notices = await Promise.all(
    folders.map((folder) => packageNotice(join(ROOT, folder), COPIED[folder])),
  );
  const own = await readFile(join(ROOT, 'LICENSE'), 'utf8');
  const introduction = 'What is served here contains the packages below, each under its own licence.';
  return [own.trim(), '', introduction, '', notices.join('\n')].join('\n');
}
