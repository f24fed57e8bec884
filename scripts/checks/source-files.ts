/** The TypeScript files of the repository as syntax trees, with everything that each one imports. */
import { readFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseSync, Visitor, type Comment, type Program } from 'oxc-parser';

/** Root folder of the repository, absolute. */
export const ROOT = join(import.meta.dirname, '../..');

/** A parsed file. `path` is relative to the root of the repository. */
export interface SourceFile {
  path: string;
  text: string;
  program: Program;
  comments: Comment[];
  imports: Import[];
}

/** One import or re-export: static, dynamic, for its side effects alone, or of types alone. */
export interface Import {
  /** Text between the quotes; null where an expression names the module. */
  specifier: string | null;
  /** Path of the imported file from the root; null for a package. */
  target: string | null;
  line: number;
}

/** Returns the line of the character at `offset`, counted from 1. */
export function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let index = text.indexOf('\n'); index !== -1 && index < offset; index = text.indexOf('\n', index + 1))
    line += 1;
  return line;
}

interface Specifier {
  value: string | null;
  start: number;
}

/** Returns the specifier of every import and re-export in source order of their kinds. */
function specifiersOf(program: Program): Specifier[] {
  const found: Specifier[] = [];
  const note = (source: { type: string; start: number; value?: unknown } | null) => {
    if (source === null) return;
    const value = typeof source.value === 'string' ? source.value : null;
    found.push({ value, start: source.start });
  };
  new Visitor({
    ImportDeclaration: ({ source }) => note(source),
    ExportAllDeclaration: ({ source }) => note(source),
    ExportNamedDeclaration: ({ source }) => note(source),
    ImportExpression: ({ source }) => note(source),
    TSImportType: ({ source }) => note(source),
    TSExternalModuleReference: ({ expression }) => note(expression),
  }).visit(program);
  return found;
}

/** Parses one file. Throws an `Error` that names the file if its syntax is wrong. */
export function parseFile(path: string, text: string): SourceFile {
  const { program, comments, errors } = parseSync(path, text);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${path}: ${error.message}`);
  const imports = specifiersOf(program).map(({ value, start }) => ({
    specifier: value,
    target: value?.startsWith('.') ? relative(ROOT, join(ROOT, dirname(path), value)) : null,
    line: lineOf(text, start),
  }));
  return { path, text, program, comments, imports };
}

/** Reads and parses the TypeScript files below `folders`, sorted by path, without declaration files. */
export async function sourceFiles(folders: readonly string[]): Promise<SourceFile[]> {
  const paths = folders
    .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`, { cwd: ROOT }))
    .filter((path) => !path.includes('node_modules') && !path.endsWith('.d.ts'))
    .sort();
  return Promise.all(paths.map(async (path) => parseFile(path, await readFile(join(ROOT, path), 'utf8'))));
}
