/** Members of packages that nothing in the Worker names are left out of it. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { reachedNames, withoutUnreached } from '../../scripts/unused-members.ts';
import { withoutZodParts } from '../../scripts/zod-cuts.ts';

const PACKAGE = '/node_modules/minisearch/index.js';

/** Returns a package's source beside a source of the Worker. */
function reduced(text: string, worker: string): string {
  const source = { path: PACKAGE, text };
  const reached = reachedNames([source, { path: '/src/worker.ts', text: worker }]);
  return withoutUnreached(source, reached).replaceAll(/\s+/g, ' ');
}

describe('a class of a package', () => {
  const list =
    'class List { constructor() {} add(a) { this.grow(); } grow() {} drop() { this.shrink(); } shrink() {} }';

  it.each([
    ['what is called, and what that calls', 'list.add(1);', /add.*grow/, /drop|shrink/],
    ['what is read without a call', 'const add = list.drop;', /drop.*shrink/, /add|grow/],
    ['what is called by a text', "list['shrink']();", /shrink/, /add|grow|drop/],
    ['what is taken out of an object', 'const { grow } = list;', /grow/, /add|drop|shrink/],
    ['what makes its objects', '', /constructor/, /add|grow|drop|shrink/],
  ])('keeps %s, and nothing else', (_what, worker, kept, lost) => {
    expect(reduced(list, worker)).toMatch(kept);
    expect(reduced(list, worker)).not.toMatch(lost);
  });

  it('keeps what the language calls, members with computed names, and fields', () => {
    const text = 'class A { toJSON() {} [Symbol.iterator]() {} "a b"() {} field = 1; #hidden() {} }';
    expect(reduced(text, '')).toBe(text);
  });

  it('loses accessors and static methods that nothing names', () => {
    expect(reduced('class A { get one() {} set one(a) {} static two() {} async *three() {} }', '')).toBe(
      'class A { }',
    );
  });

  it('loses members of the prototype that a class of zod is given', () => {
    const text =
      'const A = core.$constructor("A", (inst) => {}, { one() {}, two: () => {}, get three() {}, });';
    expect(reduced(text, 'schema.two();')).toBe(
      'const A = core.$constructor("A", (inst) => {}, { two: () => {}, });',
    );
  });

  it('is no less used because a module exports a function of the same name', () => {
    expect(reduced(list, "import * as space from 'list';\nspace.add();")).not.toMatch('add');
  });

  it('is left alone outside of packages', () => {
    const source = { path: '/src/list.ts', text: list };
    expect(reachedNames([source])).toEqual(new Set(['grow', 'shrink']));
  });
});

describe('the classes of zod', () => {
  const path = join(dirname(fileURLToPath(import.meta.resolve('zod'))), 'v4/classic/schemas.js');

  it('lose the parts that the Worker cannot use', async () => {
    const text = withoutZodParts(path, await readFile(path, 'utf8'));
    expect(text).not.toMatch(/ObjectJIT|processJSONSchema|core\.util/);
    expect(() => withoutZodParts(path, text)).toThrow('zod has no');
  });

  it('lose nothing in other modules', () => {
    expect(withoutZodParts('/node_modules/zod/v4/core/util.js', 'core.util.a')).toBe('core.util.a');
  });
});
