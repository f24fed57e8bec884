/** Collects the licences of the packages in the Worker, the widget and the pages for public/licenses.txt. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { WORKER_OPTIONS } from './worker-bundle.ts';

const ROOT = join(import.meta.dirname, '..');

/** Matches files of a package that its copies must carry. */
const LICENCE_FILE = /^(?:licen[cs]e|copying|notice)(?:\.|$)/i;

interface Manifest {
  name: string;
  version: string;
  license?: string;
  author?: string | { name?: string };
  dependencies?: Record<string, string>;
}

/** Returns the folders of the bundled packages, from the root of the repository. */
export function bundledPackages(metafile: Metafile): Set<string> {
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0),
  );
  const folders = inputs.flatMap(([path]) => {
    const inFolder = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path);
    if (inFolder !== null) return [inFolder[1] ?? ''];
    // A plugin may read a package's modules from another place: its namespace then has the package's name.
    const inNamespace = /^([\w@/-]+):/.exec(path);
    return inNamespace === null ? [] : [`node_modules/${inNamespace[1] ?? ''}`];
  });
  return new Set(folders);
}

/** Bundles the Worker and returns the list of its inputs. */
export async function workerMetafile(): Promise<Metafile> {
  const { metafile } = await build({
    ...WORKER_OPTIONS,
    entryPoints: ['src/index.ts'],
    write: false,
    metafile: true,
    outdir: 'out',
  });
  return metafile;
}

/** Returns the MIT licence with a package's author, for packages that name the licence and contain no text of it. */
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
 * Returns the notice of a package: its name, its version, and every licence and notice that it contains. `extraFiles`
 * names more files. Throws for a package without a text that does not name the MIT licence with an author.
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

/** Packages that are copied unchanged, with the files that have the notices of code inside them. */
const COPIED: Readonly<Record<string, readonly string[]>> = {
  'node_modules/swagger-ui-dist': ['swagger-ui-bundle.js.LICENSE.txt'],
};

/**
 * Returns the folders of packages with those of their dependencies. A package may be one file that contains its
 * dependencies, which a bundler cannot see.
 */
async function withDependencies(folders: ReadonlySet<string>): Promise<Set<string>> {
  const all = new Set(folders);
  for (const folder of all) {
    const manifest = JSON.parse(await readFile(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest;
    // The loop of a set also visits entries that are added while it runs.
    for (const name of Object.keys(manifest.dependencies ?? {})) all.add(`node_modules/${name}`);
  }
  return all;
}

/**
 * Returns the text of licenses.txt: this project's licence, then the notice of each bundled package, sorted by folder.
 */
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
