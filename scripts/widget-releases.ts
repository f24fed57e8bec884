/**
 * Releases of the widget, which sites load by version and check by `integrity`. Their files are committed, so that a
 * deploy from a new clone serves every earlier release unchanged.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipBytesOf, integrityOf, WIDGET_SOURCE } from './widget-build.ts';

/** A release. `file` is its path on the deployment. */
export interface Release {
  version: string;
  file: string;
  integrity: string;
  gzip_bytes: number;
}

/** Files of a release. */
export interface ReleaseFiles {
  script: Buffer;
  types: string;
}

/** Path of the types of the present source. */
export const WIDGET_TYPES = join(WIDGET_SOURCE, 'types/amigo-chat.d.ts');

const FOLDER = join(WIDGET_SOURCE, 'releases');

/** Folder of the releases, with their list in `releases.json`. */
export class WidgetReleases {
  readonly #folder: string;

  constructor(folder: string = FOLDER) {
    this.#folder = folder;
  }

  /** Returns all releases, the newest first. */
  async list(): Promise<Release[]> {
    const text = await readFile(join(this.#folder, 'releases.json'), 'utf8').catch(() => '[]');
    return JSON.parse(text) as Release[];
  }

  /** Returns the files of a release. Throws if the script was changed after the release. */
  async files({ version, integrity }: Release): Promise<ReleaseFiles> {
    const script = await readFile(this.#path(version, 'js'));
    if (integrityOf(script) !== integrity) {
      throw new Error(`Release ${version} of the widget has been changed. Restore widget/releases/.`);
    }
    return { script, types: await readFile(this.#path(version, 'd.ts'), 'utf8') };
  }

  /** Adds a release, or does nothing if it exists already. Throws if another script has its version. */
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
    // The list is written last, so that every listed release is complete.
    const list = JSON.stringify([release, ...releases], null, 2);
    await writeFile(join(this.#folder, 'releases.json'), `${list}\n`);
    return release;
  }

  #path(version: string, extension: 'js' | 'd.ts'): string {
    return join(this.#folder, `amigo-chat-${version}.${extension}`);
  }
}
