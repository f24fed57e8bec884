/**
 * Releases of the widget, which sites load by version and check by `integrity`. Their files are committed, so that a
 * deploy from a new clone serves every earlier release unchanged.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipBytesOf, integrityOf, WIDGET_SOURCE } from './widget-build.ts';

/** A script of a release. `file` is its path on the deployment. */
export interface ReleasedScript {
  file: string;
  integrity: string;
  gzip_bytes: number;
}

/** A release. `parts` are the scripts that it loads when it needs them; releases before 0.3.0 have none. */
export interface Release extends ReleasedScript {
  version: string;
  parts?: ReleasedScript[];
}

/** Files of a release. Each part is named by its content. */
export interface ReleaseFiles {
  script: Buffer;
  types: string;
  parts: (ReleasedScript & { script: Buffer })[];
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

  /** Returns the files of a release. Throws if one of its scripts was changed after the release. */
  async files({ version, integrity, parts = [] }: Release): Promise<ReleaseFiles> {
    return {
      script: await this.#unchanged(version, `amigo-chat-${version}.js`, integrity),
      types: await readFile(this.#path(`amigo-chat-${version}.d.ts`), 'utf8'),
      parts: await Promise.all(
        parts.map(async (part) => ({
          ...part,
          script: await this.#unchanged(version, part.file, part.integrity),
        })),
      ),
    };
  }

  /** Adds a release, or does nothing if it exists already. Throws if another script has its version. */
  async add(version: string, { script, types, parts }: ReleaseFiles): Promise<Release> {
    const releases = await this.list();
    const integrity = integrityOf(script);
    const same = releases.find((release) => release.version === version);
    if (same !== undefined) {
      if (same.integrity === integrity) return same;
      throw new Error(`Version ${version} of the widget is released. Raise the version in package.json.`);
    }
    const file = `/amigo-chat-${version}.js`;
    const release: Release = {
      ...{ version, file, integrity, gzip_bytes: gzipBytesOf(script) },
      parts: parts.map(({ file: name, integrity: digest, gzip_bytes }) => ({
        file: name,
        integrity: digest,
        gzip_bytes,
      })),
    };
    await mkdir(this.#folder, { recursive: true });
    for (const part of parts) await writeFile(this.#path(part.file), part.script);
    await writeFile(this.#path(file), script);
    await writeFile(this.#path(`amigo-chat-${version}.d.ts`), types);
    // The list is written last, so that every listed release is complete.
    const list = JSON.stringify([release, ...releases], null, 2);
    await writeFile(join(this.#folder, 'releases.json'), `${list}\n`);
    return release;
  }

  async #unchanged(version: string, file: string, integrity: string): Promise<Buffer> {
    const script = await readFile(this.#path(file));
    if (integrityOf(script) === integrity) return script;
    throw new Error(`Release ${version} of the widget has been changed. Restore widget/releases/.`);
  }

  #path(file: string): string {
    return join(this.#folder, file);
  }
}
