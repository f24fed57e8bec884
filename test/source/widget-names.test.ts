/** The names that the build of the widget makes short: each is used, and nothing outside the bundle knows it. */
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { WIDGET_NAMES } from '../../scripts/widget-names.ts';

const ROOT = join(import.meta.dirname, '../..');

async function textOf(...patterns: string[]): Promise<string> {
  const paths = patterns.flatMap((pattern) => globSync(pattern, { cwd: ROOT }));
  return (await Promise.all(paths.map((path) => readFile(join(ROOT, path), 'utf8')))).join('\n');
}

function wordsOf(text: string): Set<string> {
  return new Set(text.match(/\w+/g));
}

it('the widget uses every name that is made short', async () => {
  const used = wordsOf(await textOf('widget/*.ts', 'widget/{api,chat,view,voice,words}/*.ts'));
  expect(WIDGET_NAMES.filter((name) => !used.has(name))).toEqual([]);
});

it('no name that is made short is one of the DOM, of the API, of a phrase, or of what a site sees', async () => {
  const dom = await textOf('node_modules/@typescript/*/lib/lib.dom.d.ts');
  const outside = await textOf('src/contract/*.ts', 'widget/types/*.ts', 'widget/words/phrases.ts');
  expect(dom).not.toBe('');
  const known = wordsOf(`${dom}\n${outside}`);
  expect(WIDGET_NAMES.filter((name) => known.has(name))).toEqual([]);
});

it('no name that is made short stands in a text of the widget, by which a member could be reached', async () => {
  const source = await textOf('widget/*.ts', 'widget/{api,chat,view,voice,words}/*.ts');
  const quoted = new Set([...source.matchAll(/['"`](\w+)['"`]/g)].map(([, name]) => name));
  expect(WIDGET_NAMES.filter((name) => quoted.has(name))).toEqual([]);
});
