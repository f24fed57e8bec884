/** TypeScript checks pages that use the served types of the widget. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
/** A compiler starts cold, perhaps beside other tests. */
const TIMEOUT_MS = 60_000;

/** The samples hold lines that must not compile as well (`@ts-expect-error`): one that does is an error of its own. */
it.each(['plain', 'react-18', 'react-19'])(
  'compiles the sample page, and refuses its mistakes: %s',
  (sample) => {
    const project = join(import.meta.dirname, `widget-types/tsconfig.${sample}.json`);
    const { status, stdout } = spawnSync('npx', ['tsc', '-p', project], { cwd: ROOT, encoding: 'utf8' });
    expect([stdout, status]).toEqual(['', 0]);
  },
  TIMEOUT_MS,
);
