/** Collects every regular expression of `src/`: the literals, and those that modules build when they are loaded. */
import { readdir, readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { join, relative } from 'node:path';
import { parse, type Node } from 'acorn';

const ROOT = join(import.meta.dirname, '../..');

/** A regular expression and the file it stands in, with its line where it is a literal. */
export interface SourcePattern {
  where: string;
  source: string;
  flags: string;
}

/**
 * Files whose expressions are not searched for in texts of callers: one builds an expression of an author's text to see
 * whether it is one, and runs it on nothing; one builds single sets `^[…]$`, which are run on one character.
 */
const SAFE_BY_USE = new Set([
  'src/registry/checks/json-schema.ts',
  'src/regular-expression/character-set.ts',
]);

/** The parts of a syntax node that are read here. */
interface AnyNode extends Node {
  regex?: { pattern: string; flags: string };
  callee?: { name?: string };
}

function* nodesOf(value: unknown): Generator<AnyNode> {
  if (Array.isArray(value)) for (const entry of value) yield* nodesOf(entry);
  else if (typeof value === 'object' && value !== null) {
    if ('type' in value && typeof value.type === 'string') yield value as AnyNode;
    for (const part of Object.values(value)) yield* nodesOf(part);
  }
}

/** Loads a module and returns the expressions that it and what it imports build from texts meanwhile. */
async function builtBy(path: string): Promise<SourcePattern[]> {
  const built: SourcePattern[] = [];
  const original = globalThis.RegExp;
  globalThis.RegExp = new Proxy(original, {
    construct(target, [pattern, flags]: [string | RegExp, string | undefined], newTarget) {
      // Packages that are imported build theirs too.
      const [, , caller = ''] = (new Error('stack').stack ?? '').split('\n');
      const where = /\/(src\/[^:?]+)/.exec(caller.replace(ROOT, ''))?.[1];
      if (where !== undefined && typeof pattern === 'string')
        built.push({ where, source: pattern, flags: flags ?? '' });
      return Reflect.construct(target, [pattern, flags], newTarget) as RegExp;
    },
  });
  try {
    await import(path);
  } finally {
    globalThis.RegExp = original;
  }
  return built;
}

/** Returns every regular expression of `src/`. Throws when one is built elsewhere than while its module is loaded. */
export async function sourcePatterns(): Promise<SourcePattern[]> {
  const files = (await readdir(join(ROOT, 'src'), { recursive: true }))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(ROOT, 'src', name));
  const found: SourcePattern[] = [];
  const builders: string[] = [];
  let constructions = 0;
  for (const path of files) {
    const where = relative(ROOT, path);
    const code = stripTypeScriptTypes(await readFile(path, 'utf8'));
    const nodes = [...nodesOf(parse(code, { ecmaVersion: 'latest', sourceType: 'module', locations: true }))];
    for (const { regex, loc } of nodes) {
      if (regex !== undefined) {
        found.push({ where: `${where}:${loc?.start.line}`, source: regex.pattern, flags: regex.flags });
      }
    }
    const isBuilt = !SAFE_BY_USE.has(where);
    const built = isBuilt ? nodes.filter(({ callee }) => callee?.name === 'RegExp').length : 0;
    constructions += built;
    if (built > 0) builders.push(path);
  }
  let counted = 0;
  for (const path of builders) {
    const built = await builtBy(path);
    counted += built.length;
    found.push(...built);
  }
  if (counted !== constructions) {
    throw new Error(
      `${constructions} patterns are built in src, ${counted} of them when a module is loaded.`,
    );
  }
  return found;
}
