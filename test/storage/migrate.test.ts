import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { BUDGET_SCHEMA } from '../../src/budget/schema.ts';
import { CONVERSATION_SCHEMA, RECORDINGS_SCHEMA } from '../../src/conversation/schema.ts';
import { DIRECTORY_SCHEMA } from '../../src/directory/schema.ts';
import { LIMITER_SCHEMA, STALE_SCHEMA } from '../../src/limits/schema.ts';
import { MEMORY_SCHEMA } from '../../src/memory/schema.ts';
import { REGISTRY_SCHEMA } from '../../src/registry/object/schema.ts';
import { has, migrate, NewerStorageError, versionOf, type Schema } from '../../src/storage/migrate.ts';
import { newIdentifier } from '../../src/identifiers.ts';
import { testEnv } from '../support/client.ts';
import released from './schemas.json';

/** Runs in an object that stores nothing. */
function inEmpty<T>(work: (storage: DurableObjectStorage) => T): Promise<T> {
  const stub = testEnv.LIMITER.getByName(`empty/${newIdentifier(Date.now())}`);
  return runInDurableObject(stub, (_instance, { storage }) => work(storage));
}

const ONE: Schema = { name: 'fruit', table: 'fruit', steps: ['CREATE TABLE fruit (name TEXT NOT NULL)'] };
const TWO: Schema = { ...ONE, steps: [...ONE.steps, 'ALTER TABLE fruit ADD COLUMN colour TEXT'] };
const THREE: Schema = {
  ...ONE,
  steps: [...TWO.steps, (sql) => sql.exec(`UPDATE fruit SET colour = 'green' WHERE colour IS NULL`)],
};

describe('a version', () => {
  it('is 0 in an empty object, and reading it writes nothing', async () => {
    const [version, size] = await inEmpty(({ sql }) => [
      versionOf(sql, THREE),
      sql.exec('SELECT 1 FROM sqlite_master').toArray().length,
    ]);
    expect([version, size]).toEqual([0, 0]);
  });

  it.each([
    ['an empty object', null],
    ['format 1', ONE],
    ['format 2', TWO],
    ['format 3', THREE],
  ])('is the last one after the steps that are missing from %s', async (_name, from) => {
    const found = await inEmpty((storage) => {
      if (from !== null) {
        migrate(storage, from);
        storage.sql.exec(`INSERT INTO fruit (name) VALUES ('pear')`);
      }
      const before = versionOf(storage.sql, THREE);
      migrate(storage, THREE);
      return [before, versionOf(storage.sql, THREE), storage.sql.exec('SELECT * FROM fruit').toArray()];
    });
    const rows = from === null ? [] : [{ name: 'pear', colour: from === THREE ? null : 'green' }];
    expect(found).toEqual([from?.steps.length ?? 0, 3, rows]);
  });

  it('stays the same if a step fails, and no step is kept', async () => {
    const broken: Schema = { ...ONE, steps: [...TWO.steps, 'INSERT INTO nothing (a) VALUES (1)'] };
    const found = await inEmpty((storage) => {
      migrate(storage, ONE);
      expect(() => {
        migrate(storage, broken);
      }).toThrow('nothing');
      const columns = storage.sql.exec(`SELECT name FROM pragma_table_info('fruit')`).toArray();
      return [versionOf(storage.sql, broken), columns];
    });
    expect(found).toEqual([1, [{ name: 'name' }]]);
  });

  it('is refused without a change if a later version of the code wrote it', async () => {
    await inEmpty((storage) => {
      migrate(storage, THREE);
      const before = storage.sql.exec('SELECT * FROM sqlite_master').toArray();
      for (const schema of [ONE, TWO]) {
        expect(() => {
          migrate(storage, schema);
        }).toThrow(NewerStorageError);
      }
      expect(storage.sql.exec('SELECT * FROM sqlite_master').toArray()).toEqual(before);
    });
  });

  it('needs no row of a table, and no write if no step is missing', async () => {
    const written = await inEmpty((storage) => {
      migrate(storage, THREE);
      const before = storage.sql.exec<{ n: number }>('SELECT total_changes() AS n').one().n;
      migrate(storage, THREE);
      return storage.sql.exec<{ n: number }>('SELECT total_changes() AS n').one().n - before;
    });
    expect(written).toBe(0);
  });

  it('is deleted with all other data of an object', async () => {
    const stub = testEnv.LIMITER.getByName(`empty/${newIdentifier(Date.now())}`);
    const left = await runInDurableObject(stub, async (_instance, { storage }) => {
      migrate(storage, THREE);
      await storage.deleteAll();
      return [has(storage.sql, 'fruit_version'), versionOf(storage.sql, THREE)];
    });
    expect(left).toEqual([false, 0]);
  });
});

describe('the schemas', () => {
  const SCHEMAS = [
    BUDGET_SCHEMA,
    CONVERSATION_SCHEMA,
    RECORDINGS_SCHEMA,
    DIRECTORY_SCHEMA,
    LIMITER_SCHEMA,
    STALE_SCHEMA,
    MEMORY_SCHEMA,
    REGISTRY_SCHEMA,
  ];

  /** Returns what the first `version` steps of a schema create, by name, with normalized white space. */
  function made(schema: Schema, version: number): Promise<Record<string, string>> {
    return inEmpty((storage) => {
      migrate(storage, { ...schema, steps: schema.steps.slice(0, version) });
      const entries = storage.sql
        .exec<{ name: string; sql: string }>(
          `SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\'
           ORDER BY name`,
        )
        .toArray();
      return Object.fromEntries(entries.map(({ name, sql }) => [name, sql.replaceAll(/\s+/g, ' ').trim()]));
    });
  }

  it('have exactly the versions in schemas.json', () => {
    const steps = Object.fromEntries(SCHEMAS.map(({ name, steps: { length } }) => [name, length]));
    expect(
      Object.fromEntries(Object.entries<unknown[]>(released).map(([name, all]) => [name, all.length])),
    ).toEqual(steps);
  });

  it.each(
    SCHEMAS.flatMap((schema) => schema.steps.map((_, index) => [schema.name, index + 1, schema] as const)),
  )(
    'make what schemas.json holds: of %s, version %i. A difference needs a step more, not another step',
    async (name, version, schema) => {
      const all = released as Record<string, object[]>;
      expect(await made(schema, version)).toEqual(all[name]?.[version - 1]);
    },
  );
});
