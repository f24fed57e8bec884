/** Checks which room imports which, that no files import each other in a circle, and that no file imports too many. */
import { cyclesOf } from './cycles.ts';
import {
  ARROWS,
  CONTRACT,
  CONTRACT_IMPORTS,
  CONTRACT_PACKAGE,
  FOUNDATION,
  IMPORTS_BY_ADDRESS,
  isPlatform,
  MAX_IMPORTS,
  PACKAGE,
  PURE,
  roomOf,
} from './rooms.ts';
import type { Import, SourceFile } from './source-files.ts';
import type { Violation } from './violation.ts';

/** Returns the distinct files of the repository that a file imports, types included. */
export function targetsOf({ imports }: SourceFile): string[] {
  return [...new Set(imports.flatMap(({ target }) => target ?? []))];
}

/** Tells whether `target` is code, or the one document that has an owner. Styles, pages and notes have none. */
function hasOwner(target: string): boolean {
  return target.endsWith('.ts') || target === PACKAGE;
}

function isAllowed(from: string, target: string): boolean {
  const to = roomOf(target) ?? target;
  if (from === to) return true;
  if (from === CONTRACT) return CONTRACT_IMPORTS.has(target);
  if (to === CONTRACT) return true;
  if (/^(?:src|scripts)\b/.test(from) && FOUNDATION.has(target)) return true;
  return (ARROWS[from] ?? []).some((name) => name === to || name === target);
}

/** Returns the violations of one import. */
function arrowMessages(file: SourceFile, { specifier, target }: Import): string[] {
  if (specifier === null && IMPORTS_BY_ADDRESS.has(file.path)) return [];
  if (specifier === null) return ['import() takes a literal here, so that the rooms can be checked'];
  if (target === null && roomOf(file.path) === CONTRACT && specifier !== CONTRACT_PACKAGE)
    return [`${CONTRACT} must not import the package ${specifier}`];
  if (target === null || !hasOwner(target)) return [];
  const from = FOUNDATION.has(file.path) ? 'the foundation' : roomOf(file.path);
  if (from === null) return [`no room of scripts/checks/rooms.ts contains this file`];
  if (from === 'the foundation')
    return FOUNDATION.has(target) || roomOf(target) === CONTRACT
      ? []
      : [`the foundation must not import ${target}`];
  return isAllowed(from, target)
    ? []
    : [`${from} must not import ${roomOf(target) ?? target} (${specifier})`];
}

/** Returns the imports between rooms that no arrow allows. */
export function arrowViolations(files: readonly SourceFile[]): Violation[] {
  return files.flatMap((file) =>
    file.imports.flatMap((imported) =>
      arrowMessages(file, imported).map((message) => ({
        rule: 'arrow' as const,
        path: file.path,
        line: imported.line,
        message,
      })),
    ),
  );
}

/** Returns a way of imports from `start` to a module of the platform, each file once, or null if there is none. */
function wayToPlatform(start: SourceFile, byPath: ReadonlyMap<string, SourceFile>): string[] | null {
  const seen = new Set([start.path]);
  const ways: string[][] = [[start.path]];
  for (const way of ways) {
    const file = byPath.get(way.at(-1) ?? '');
    for (const { specifier, target } of file?.imports ?? []) {
      if (specifier !== null && isPlatform(specifier)) return [...way, specifier];
      if (target === null || seen.has(target)) continue;
      seen.add(target);
      ways.push([...way, target]);
    }
  }
  return null;
}

/** Returns the files of pure rooms that reach the platform, with the way of imports that leads there. */
export function purityViolations(files: readonly SourceFile[]): Violation[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return files
    .filter(({ path }) => PURE.includes(roomOf(path) ?? ''))
    .flatMap((file) => {
      const way = wayToPlatform(file, byPath);
      const message = `a pure room must not reach the platform: ${way?.join(' → ')}`;
      return way === null ? [] : [{ rule: 'arrow' as const, path: file.path, line: 0, message }];
    });
}

/** Returns the groups of files that import each other in a circle, types included. */
export function cycleViolations(files: readonly SourceFile[]): Violation[] {
  return cyclesOf(new Map(files.map((file) => [file.path, targetsOf(file)]))).map((cycle) => ({
    rule: 'cycle',
    path: cycle[0] ?? '',
    line: 0,
    message: `these files import each other in a circle: ${cycle.join(', ')}`,
  }));
}

/** Returns the files that import more than `MAX_IMPORTS` others of the repository. */
export function fanOutViolations(files: readonly SourceFile[]): Violation[] {
  return files.flatMap((file) => {
    const count = targetsOf(file).length;
    const message = `imports ${count} other files; ${MAX_IMPORTS} are allowed: divide it`;
    return count <= MAX_IMPORTS ? [] : [{ rule: 'fan-out' as const, path: file.path, line: 0, message }];
  });
}
