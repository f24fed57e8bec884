/** The package for sites: built, imported as a server does, rendered there, and compiled against by another project. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type * as Loader from '../../packages/amigo-chat/src/index.ts';
import type * as Component from '../../packages/amigo-chat/src/react.ts';

const ROOT = join(import.meta.dirname, '../..');
const PACKAGE = join(ROOT, 'packages/amigo-chat');
const BUILD_TIMEOUT_MS = 60_000;

const run = promisify(execFile);
let folder: string;

beforeAll(async () => {
  // Inside the repository, where the packages that it needs are found.
  folder = await mkdtemp(join(ROOT, 'node_modules/.amigo-chat-'));
  await run(process.execPath, [join(ROOT, 'scripts/build-packages.ts'), '--out', join(folder, 'dist')]);
}, BUILD_TIMEOUT_MS);

afterAll(() => rm(folder, { recursive: true, force: true }));

it('is rendered on a server, with attributes and without properties', async () => {
  const { AmigoChat } = (await import(join(folder, 'dist/react.js'))) as typeof Component;
  const markup = renderToStaticMarkup(
    createElement(AmigoChat, {
      ...{ origin: 'https://api.example.com', organization: 'clinic', service: 's', tokenUrl: '/token' },
      ...{ voice: true, actions: false, className: 'chat', words: { send: 'Go' }, onOpen: () => undefined },
    }),
  );
  expect(markup).toBe(
    '<amigo-chat organization="clinic" service="s" token-url="/token" voice="" class="chat"></amigo-chat>',
  );
});

it('loads nothing on a server', async () => {
  const { loadAmigoChat } = (await import(join(folder, 'dist/index.js'))) as typeof Loader;
  expect(await loadAmigoChat('https://api.example.com')).toBeUndefined();
});

it('has the version of the widget, and every file that its exports name', async () => {
  const read = async (path: string) => JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  const manifest = await read(join(PACKAGE, 'package.json'));
  expect(manifest['version']).toBe((await read(join(ROOT, 'package.json')))['version']);
  const files = Object.values(manifest['exports'] as Record<string, Record<string, string>>).flatMap((one) =>
    Object.values(one),
  );
  expect(files).toHaveLength(4);
  for (const file of files) expect(await readFile(join(folder, file), 'utf8')).not.toBe('');
});

const USE = `
import { loadAmigoChat } from './dist/index.js';
import { AmigoChat } from './dist/react.js';
void loadAmigoChat('https://api.example.com', { version: '0.3.0', integrity: 'sha384-a' });
export const page = (
  <AmigoChat organization="a" service="b" mode="launcher" onMessage={({ role, text }) => console.log(role, text)} />
);
// @ts-expect-error -- there is no such mode
export const wrong = <AmigoChat mode="window" />;
// @ts-expect-error -- nor such an event
export const deaf = <AmigoChat onSilence={() => undefined} />;
`;

it.each(['18', '19'])(
  'is compiled against with the types of React %s',
  async (version) => {
    const react = version === '18' ? '../types-react-18' : '../@types/react';
    await writeFile(join(folder, 'use.tsx'), USE);
    const compilerOptions = {
      ...{ target: 'es2022', lib: ['es2022', 'dom', 'dom.iterable'], module: 'esnext', jsx: 'react-jsx' },
      ...{
        moduleResolution: 'bundler',
        strict: true,
        exactOptionalPropertyTypes: true,
        noEmit: true,
        types: [],
      },
      paths: { react: [`${react}/index.d.ts`], 'react/jsx-runtime': [`${react}/jsx-runtime.d.ts`] },
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.tsx'] }));
    const compiled = await run('npx', ['tsc', '-p', folder], { cwd: ROOT }).catch(
      ({ stdout }: { stdout: string }) => ({ stdout }),
    );
    expect(compiled.stdout).toBe('');
  },
  BUILD_TIMEOUT_MS,
);
