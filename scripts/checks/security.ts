/**
 * Holds docs/security.md to its tests: every statement (a list item) names at least one test file, and every file and
 * every title that it names is there. Part of `npm run check`. `node scripts/checks/security.ts FILE` checks another file.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
/** The section of what stands by construction, or on the word of the platform: no test proves it. */
const UNPROVED = 'Not proved by a test';

interface Statement {
  line: number;
  text: string;
}

/** The list items of a document below its headings, each with all its lines; without those of the section `UNPROVED`. */
function statementsOf(document: string): Statement[] {
  const statements: Statement[] = [];
  let open: Statement | null = null;
  let proved = true;
  for (const [index, line] of document.split('\n').entries()) {
    if (line.startsWith('#')) proved = !line.includes(UNPROVED);
    if (line.startsWith('- ') && proved) {
      open = { line: index + 1, text: line };
      statements.push(open);
    } else if (line.startsWith('  ') && open !== null) {
      open.text += ` ${line.trim()}`;
    } else {
      open = null;
    }
  }
  return statements;
}

/** The test files that a statement names, each with the titles in quotes that follow it. */
function proofsOf({ text }: Statement): { file: string; titles: string[] }[] {
  return text
    .split(/(?=`test\/)/)
    .slice(1)
    .map((part) => ({
      file: /^`(test\/[^`]+)`/.exec(part)?.[1] ?? '',
      titles: [...part.matchAll(/"([^"]+)"/g)].map(([, title]) => title ?? ''),
    }));
}

/** Returns true if a file has a string that is exactly this title. */
function hasTitle(source: string, title: string): boolean {
  return [`'${title}'`, `"${title}"`, `\`${title}\``].some((literal) => source.includes(literal));
}

function faultsOf(statement: Statement): string[] {
  const proofs = proofsOf(statement);
  if (proofs.length === 0) return ['names no test'];
  return proofs.flatMap(({ file, titles }) => {
    const path = join(ROOT, file);
    if (!existsSync(path)) return [`names ${file}, which does not exist`];
    const source = readFileSync(path, 'utf8');
    return titles
      .filter((title) => !hasTitle(source, title))
      .map((title) => `names "${title}", which ${file} lacks`);
  });
}

const name = process.argv[2] ?? 'docs/security.md';
const statements = statementsOf(readFileSync(resolve(ROOT, name), 'utf8'));
const faults = statements.flatMap((statement) =>
  faultsOf(statement).map((fault) => `${name}:${statement.line}: the statement ${fault}`),
);
if (statements.length === 0) faults.push(`${name}: there is no statement`);
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
