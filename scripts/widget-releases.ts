/**
 * The releases of the widget, which sites load by version and check by `integrity`. Their files are committed: a
 * deploy from a clean clone serves every release that any deploy before it has served, byte by byte.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipBytesOf, integrityOf, WIDGET_SOURCE } from './widget-build.ts';

/** One release. `file` is its path on the deployment. */
export interface Release {
  version: string;
  file: string;
  integrity: string;
  gzip_bytes: number;
}

/** What a release consists of. */
export interface ReleaseFiles {
  script: Buffer;
  types: string;
}

/** Where the types of the present source stand. */
export const WIDGET_TYPES = join(WIDGET_SOURCE, 'types/amigo-chat.d.ts');

const FOLDER = join(WIDGET_SOURCE, 'releases');

/** The folder that holds the releases, with `releases.json`, which lists them. */
export class WidgetReleases {
  readonly #folder: string;

  constructor(folder: string = FOLDER) {
    this.#folder = folder;
  }

  /** All releases, the newest first. */
  async list(): Promise<Release[]> {
    const text = await readFile(join(this.#folder, 'releases.json'), 'utf8').catch(() => '[]');
    return JSON.parse(text) as Release[];
  }

  /** The files of a release. Throws when the script is not the one that was released. */
  async files({ version, integrity }: Release): Promise<ReleaseFiles> {
    const script = await readFile(this.#path(version, 'js'));
    if (integrityOf(script) !== integrity) {
      throw new Error(`Release ${version} of the widget has been changed. Restore widget/releases/.`);
    }
    return { script, types: await readFile(this.#path(version, 'd.ts'), 'utf8') };
  }

  /** Adds a release, or does nothing when it is there already. Throws when another one has its version. */
  async add(version: string, { script, types }: ReleaseFiles): Promise<Release> {
    const releases = await this.list();
    const integrity = integrityOf(script);
    const same = releases.find((release) => release.version === version);
    if (same !== undefined) {
      if (same.integrity === integrity) return same;
      throw new Error(`Version ${version} of the widget is released. Raise the version in package.json.`);
    }
    const file = `/amigo-chat-${version}.js`;
    const release = { version, file, integrity, gzip_bytes: gzipBytesOf(script) };
    await mkdir(this.#folder, { recursive: true });
    await writeFile(this.#path(version, 'js'), script);
    await writeFile(this.#path(version, 'd.ts'), types);
    // Listed last: what is listed is whole.
    const list = JSON.stringify([release, ...releases], null, 2);
    await writeFile(join(this.#folder, 'releases.json'), `${list}\n`);
    return release;
  }

  #path(version: string, extension: 'js' | 'd.ts'): string {
    return join(this.#folder, `amigo-chat-${version}.${extension}`);
  }
}
