/** The files of a script import from each other by short names. */
import { describe, expect, it } from 'vitest';
import { withShortExports } from '../../scripts/short-exports.ts';

const file = (path: string, code: string) => ({ path, code });

describe('short names of exports', () => {
  it('stand in the file that exports and in those that import', () => {
    const shared = file('./shared.js', 'const one = 1, two = 2;\nexport {\n  one,\n  two as second\n};');
    const user = file(
      './user.js',
      'import {\n  one as first,\n  second\n} from "./shared.js";\nexport { first, second };',
    );
    expect(withShortExports([shared, user], new Set(['./user.js']))).toEqual([
      'const one = 1, two = 2;\nexport {\n  one as a,\n  two as b\n};',
      'import {\n  a as first,\n  b as second\n} from "./shared.js";\nexport { first, second };',
    ]);
  });

  it('leave alone what is imported from other scripts and what others import', () => {
    const code = 'import { DurableObject } from "cloudflare:workers";\nexport { DurableObject as Base };';
    expect(withShortExports([file('./index.js', code)], new Set(['./index.js']))).toEqual([code]);
  });

  it('differ, however many there are', () => {
    const names = Array.from({ length: 3000 }, (_, index) => `name${index}`);
    const code = `export { ${names.join(', ')} };`;
    const [result = ''] = withShortExports([file('./a.js', code)], new Set());
    const short = [...result.matchAll(/ as (\w+)/g)].map(([, name = '']) => name);
    expect(new Set(short).size).toBe(names.length);
    expect(Math.max(...short.map((name) => name.length))).toBe(3);
  });

  it.each([
    ['a name that the other file does not export', 'import { two } from "./a.js";'],
    ['all of the other file', 'import * as all from "./a.js";'],
    ['the default export of a file that has none', 'import one from "./a.js";'],
    ['an export of the other file that it does not import', 'export { one } from "./a.js";'],
  ])('refuse a file with %s', (_what, code) => {
    const files = [file('./a.js', 'const one = 1;\nexport { one };'), file('./b.js', code)];
    expect(() => withShortExports(files, new Set(['./b.js']))).toThrow('./b.js');
  });
});
