/** Statements that would change what is stored past its version, or depend on the order of columns. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const SOURCE = join(import.meta.dirname, '../../src');

const names = (await readdir(SOURCE, { recursive: true })).filter((name) => name.endsWith('.ts'));
const files = await Promise.all(
  names.map(async (name) => ({ name, text: await readFile(join(SOURCE, name), 'utf8') })),
);

/** The files in which an expression is found. */
function filesWith(pattern: RegExp): string[] {
  return files.filter(({ text }) => pattern.test(text)).map(({ name }) => name);
}

describe('the SQL of the source', () => {
  it('creates and alters tables only in the steps of a schema', () => {
    const found = filesWith(
      /\b(?:CREATE (?:UNIQUE |VIRTUAL |TEMP )?(?:TABLE|INDEX|VIEW|TRIGGER)|ALTER TABLE)\b/i,
    );
    expect(found.toSorted()).toEqual([
      'budget/schema.ts',
      'conversation/schema.ts',
      'directory/schema.ts',
      'limits/schema.ts',
      'memory/schema.ts',
      'registry/object/schema.ts',
      'storage/migrate.ts',
    ]);
  });

  it('names the columns of every row that it inserts', () => {
    expect(filesWith(/\bINSERT (?:OR \w+ )?INTO \w+(?!\w)(?!\s*\()/)).toEqual([]);
    expect(filesWith(/\bINSERT (?:OR \w+ )?INTO \w+ \(/)).not.toEqual([]);
  });
});
