/** The releases of the widget: kept byte by byte, found again, and never replaced. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gzipBytesOf, integrityOf } from '../../scripts/widget-build.ts';
import { WidgetReleases } from '../../scripts/widget-releases.ts';

/** A part as the build makes it: its name has its content. */
function part(text: string) {
  const script = Buffer.from(text);
  const file = `/amigo-chat-part-${script.length}.js`;
  return { file, integrity: integrityOf(script), gzip_bytes: gzipBytesOf(script), script };
}

const FIRST = {
  script: Buffer.from('export {};\n// é\r\n'),
  types: 'export {};\n',
  parts: [part('export const part = 1;'), part('export {};')],
};
const SECOND = {
  script: Buffer.from('export const a = 1;'),
  types: 'export {};\n',
  parts: [part('export {};')],
};

let folder: string;
let releases: WidgetReleases;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'releases-'));
  releases = new WidgetReleases(join(folder, 'new'));
});

afterEach(() => rm(folder, { recursive: true }));

describe('a release', () => {
  it('stays after any later release', async () => {
    const first = await releases.add('1.0.0', FIRST);
    expect(await releases.add('1.0.0', FIRST)).toEqual(first);
    const second = await releases.add('1.1.0', SECOND);
    const again = new WidgetReleases(join(folder, 'new'));
    expect(await again.list()).toEqual([second, first]);
    expect(await again.files(first)).toEqual(FIRST);
    expect(await again.files(second)).toEqual(SECOND);
    expect(first).toMatchObject({ version: '1.0.0', file: '/amigo-chat-1.0.0.js' });
  });

  it('is not replaced by another one of its version', async () => {
    const first = await releases.add('1.0.0', FIRST);
    await expect(releases.add('1.0.0', SECOND)).rejects.toThrow('Raise the version');
    expect(await releases.files(first)).toEqual(FIRST);
  });

  it.each(['amigo-chat-1.0.0.js', ...FIRST.parts.map(({ file }) => file)])(
    'is not served if its file was changed: %s',
    async (file) => {
      const first = await releases.add('1.0.0', FIRST);
      await writeFile(join(folder, 'new', file), SECOND.script);
      await expect(releases.files(first)).rejects.toThrow('1.0.0 of the widget has been changed');
    },
  );
});

it('every release of this repository is complete and within the maximum size', async () => {
  const all = new WidgetReleases();
  const list = await all.list();
  expect(list.length).toBeGreaterThan(0);
  for (const release of list) {
    const { script, parts } = await all.files(release);
    // A release loads no part that is not served with it.
    const loaded = script.toString().match(/\/amigo-chat-[a-z]+-[0-9a-f]{8}\.js/g) ?? [];
    expect(parts.map(({ file }) => file)).toEqual(loaded);
    expect(release.gzip_bytes).toBeLessThanOrEqual(30 * 1024);
  }
  expect(await readFile(join(import.meta.dirname, '../../.gitattributes'), 'utf8')).toContain(
    'widget/releases/* -text',
  );
});
