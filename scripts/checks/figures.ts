/** The figures of the code's shape that every check prints: sizes, imports, circles, documented exports. */
import { Visitor } from 'oxc-parser';
import { targetsOf } from './imports.ts';
import type { ExportedValue } from './prose.ts';
import type { SourceFile } from './source-files.ts';

/** A file or function with its measure, in lines or in imports. */
interface Measured {
  name: string;
  size: number;
}

/** Returns the value in the middle of `values`; the lower one of two. 0 if there is none. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
}

function largest(measured: readonly Measured[]): Measured {
  return measured.reduce((most, next) => (next.size > most.size ? next : most), { name: '', size: 0 });
}

function linesOf(text: string): number {
  return text.trimEnd().split('\n').length;
}

/** Returns the functions of a file with their lines, blank lines and comments not counted, as the linter counts. */
export function functionsOf({ path, text, program, comments }: SourceFile): Measured[] {
  const found: Measured[] = [];
  // Comments become spaces of the same length, so that every offset stays.
  const code = comments.reduce(
    (rest, { start, end }) =>
      rest.slice(0, start) + rest.slice(start, end).replace(/[^\n]/g, ' ') + rest.slice(end),
    text,
  );
  const note = ({ start, end }: { start: number; end: number }) => {
    const lines = code
      .slice(start, end)
      .split('\n')
      .filter((line) => line.trim() !== '');
    found.push({ name: path, size: lines.length });
  };
  new Visitor({ FunctionDeclaration: note, FunctionExpression: note, ArrowFunctionExpression: note }).visit(
    program,
  );
  return found;
}

/** Returns the figures as lines of text: each names the median, and the largest with its file. */
export function figures(
  code: readonly SourceFile[],
  exported: readonly ExportedValue[],
  cycles: number,
): string[] {
  const files = code.map(({ path, text }) => ({ name: path, size: linesOf(text) }));
  const functions = code.flatMap(functionsOf);
  const imports = code.map((file) => ({ name: file.path, size: targetsOf(file).length }));
  const line = (what: string, measured: readonly Measured[], unit: string) => {
    const most = largest(measured);
    return `${what}: median ${median(measured.map(({ size }) => size))}, most ${most.size} ${unit} (${most.name})`;
  };
  const documented = exported.filter((value) => value.documented).length;
  return [
    line(`${files.length} files`, files, 'lines'),
    line(`${functions.length} functions`, functions, 'lines'),
    line('imports of a file', imports, 'others'),
    `circles of imports: ${cycles}`,
    `exported values with a doc comment: ${documented} of ${exported.length} (${Math.floor((100 * documented) / exported.length)} %)`,
  ];
}
