/**
 * Makes the names short by which the files of one script import from each other. The bundler keeps the names of the
 * sources there, and the minifier does not know that no other script imports them.
 */
import { parseSync, type ModuleExportName, type Program } from 'oxc-parser';

/** A file of a script. Its path is that by which the others import it, such as `./chunk.js`. */
interface ScriptText {
  path: string;
  code: string;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Returns the name number `index`: a, b, … Z, aa, ab, … Any word may be the name of an export. */
function shortName(index: number): string {
  const rest = Math.floor(index / LETTERS.length);
  return (rest === 0 ? '' : shortName(rest - 1)) + LETTERS.charAt(index % LETTERS.length);
}

/** An export where a file imports or exports it: `name`, `name as local` or `local as name`, from its first to its last character. */
interface Mention {
  start: number;
  end: number;
  name: string;
  local: string;
  /** Path of the file that exports it. */
  path: string;
  isImport: boolean;
}

function nameOf(name: ModuleExportName): string {
  return name.type === 'Literal' ? name.value : name.name;
}

/** Returns what a file imports by name, and what it exports. */
function mentionsIn(path: string, program: Program): Mention[] {
  return program.body.flatMap((statement): Mention[] => {
    if (statement.type === 'ImportDeclaration') {
      const from = statement.source.value;
      return statement.specifiers.map(({ start, end, local, ...rest }) => {
        const name = 'imported' in rest ? nameOf(rest.imported) : '';
        return { start, end, name, local: local.name, path: from, isImport: true };
      });
    }
    if (statement.type !== 'ExportNamedDeclaration') return [];
    return statement.specifiers.map(({ start, end, local, exported }) => {
      const from = statement.source?.value ?? path;
      return { start, end, name: nameOf(exported), local: nameOf(local), path: from, isImport: false };
    });
  });
}

/**
 * Returns the codes of files, in their order. The names that files export are short, except those of `kept` paths, which
 * others than these files import. No line moves. Throws if a file does not import another one name by name, or exports
 * what another one does without importing it.
 */
export function withShortExports(files: readonly ScriptText[], kept: ReadonlySet<string>): string[] {
  const all = files.map(({ path, code }) => mentionsIn(path, parseSync(path, code).program));
  const names = new Map<string, Map<string, string>>();
  for (const [index, { path }] of files.entries()) {
    const exported = (all[index] ?? []).filter((each) => !each.isImport && each.path === path);
    if (!kept.has(path)) names.set(path, new Map(exported.map(({ name }, at) => [name, shortName(at)])));
  }
  return files.map(({ path, code }, index) => {
    let result = '';
    let position = 0;
    for (const { start, end, name, local, path: from, isImport } of all[index] ?? []) {
      const exports = names.get(from);
      if (exports === undefined) continue;
      const short = exports.get(name);
      if (short === undefined || (!isImport && from !== path))
        throw new Error(`${path} does not import by their names what ${from} exports.`);
      result += code.slice(position, start) + (isImport ? `${short} as ${local}` : `${local} as ${short}`);
      position = end;
    }
    return result + code.slice(position);
  });
}
