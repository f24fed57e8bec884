/**
 * Bundles the lexer of `marked` without its parser and renderers, which would add 3 KiB of code that turns text into
 * HTML, to a widget that must never do so. The package comes as one file from which nothing can be left out, but with
 * a source map that holds the very modules it was made from: these are bundled in its place.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

const NAMESPACE = 'marked';

interface SourceMap {
  sources: string[];
  sourcesContent: string[];
}

/** The modules by name, such as `Lexer.ts`. */
async function modules(): Promise<Map<string, string>> {
  const path = `${fileURLToPath(import.meta.resolve('marked'))}.map`;
  const { sources, sourcesContent } = JSON.parse(await readFile(path, 'utf8')) as SourceMap;
  return new Map(sources.map((name, index) => [name.replace(/^.*\//, ''), sourcesContent[index] ?? '']));
}

export const markedLexer: Plugin = {
  name: 'marked-lexer',
  async setup(build) {
    const files = await modules();
    build.onResolve({ filter: /^marked$/ }, () => ({ path: 'lexer', namespace: NAMESPACE }));
    build.onResolve({ filter: /^\.\//, namespace: NAMESPACE }, ({ path }) => ({
      path: path.slice('./'.length),
      namespace: NAMESPACE,
    }));
    build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => {
      if (path === 'lexer') return { contents: `export { _Lexer as Lexer } from './Lexer.ts'`, loader: 'ts' };
      const contents = files.get(path);
      if (contents === undefined) throw new Error(`The source map of marked has no ${path}.`);
      return { contents, loader: 'ts' };
    });
  },
};

/**
 * The names of marked's rules, which its own modules alone use: long ones, and short in the bundle. Throws when the
 * sources do not have the rules where they were.
 */
export async function markedRuleNames(): Promise<RegExp> {
  const rules = (await modules()).get('rules.ts') ?? '';
  const [, table] = /export const other = \{\n(.*?)\n\};/s.exec(rules) ?? [];
  const names = [...(table ?? '').matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name);
  if (names.length === 0) throw new Error('The rules of marked are not where they were.');
  return new RegExp(`^(?:${names.join('|')})$`);
}

/** The text of its licence, which asks to go with every copy. */
export function markedLicence(): Promise<string> {
  return readFile(join(dirname(fileURLToPath(import.meta.resolve('marked'))), '../LICENSE'), 'utf8');
}
