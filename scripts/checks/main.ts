/** Checks imports, names of objects and prose of the whole repository, and prints the figures of its shape. Part of `npm run check`. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXCEPTIONS } from './exceptions.ts';
import { figures } from './figures.ts';
import { arrowViolations, cycleViolations, fanOutViolations, purityViolations } from './imports.ts';
import { namingViolations } from './objects.ts';
import {
  commentViolations,
  documentViolations,
  exportedValues,
  LEAST_DOCUMENTED,
  stringViolations,
  titleViolations,
} from './prose.ts';
import { ROOT, sourceFiles } from './source-files.ts';
import { violationText, type Violation } from './violation.ts';

/** Text files besides the code. */
const DOCUMENTS = [
  '*.md',
  'docs/**/*.md',
  '*.toml',
  '.github/**/*.yml',
  '{widget,workbench}/**/*.{css,html}',
];

const code = await sourceFiles(['src', 'widget', 'workbench', 'scripts', 'bench']);
const tests = await sourceFiles(['test']);
const documents = DOCUMENTS.flatMap((pattern) => globSync(pattern, { cwd: ROOT })).filter(
  (path) => !path.startsWith('widget/releases/'),
);
const exported = code.flatMap(exportedValues);
const cycles = cycleViolations([...code, ...tests]);

const undocumented = exported
  .filter(({ documented }) => !documented)
  .map(({ path, line }) => ({ rule: 'documented' as const, path, line, message: 'no doc comment' }));
const tooFewDocumented = undocumented.length > exported.length * (1 - LEAST_DOCUMENTED);

const violations: Violation[] = [
  ...arrowViolations(code),
  ...purityViolations(code),
  ...cycles,
  ...fanOutViolations(code),
  ...code.flatMap(namingViolations),
  ...[...code, ...tests].flatMap(commentViolations),
  ...code.flatMap(stringViolations),
  ...tests.flatMap(titleViolations),
  ...documents.flatMap((path) => documentViolations(path, readFileSync(join(ROOT, path), 'utf8'))),
  ...(tooFewDocumented ? undocumented : []),
];

const used = new Set<string>();
const isExcused = ({ rule, path }: Violation) => {
  const entry = EXCEPTIONS[rule].find((beginning) => path.startsWith(beginning));
  if (entry !== undefined) used.add(`${rule}: ${entry}`);
  return entry !== undefined;
};
const wrong = violations.filter((violation) => !isExcused(violation));
for (const violation of wrong) console.error(violationText(violation));
if (wrong.length > 0) process.exitCode = 1;

const entries = Object.entries(EXCEPTIONS).flatMap(([rule, paths]) =>
  paths.map((path) => `${rule}: ${path}`),
);
for (const entry of entries.filter((name) => !used.has(name)))
  console.error(`scripts/checks/exceptions.ts: "${entry}" is no longer needed: delete it`);
for (const line of figures(code, exported, cycles.length)) console.log(line);
