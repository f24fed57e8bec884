/** The Worker of production: what is left out of it, and its size. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { renderDocument } from '../../scripts/document.ts';
import { proseIn, withoutProse } from '../../scripts/without-prose.ts';
import { bundleWorker } from '../../scripts/worker-bundle.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Maximum size of the bundle in bytes gzip. A larger one is deployed too, but its growth has to be decided. */
const MAX_BUNDLE_BYTES = 320 * 1024;

/** Returns every text under `description` or `summary` in a part of the document. */
function prose(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([name, value]) =>
    (name === 'description' || name === 'summary') && typeof value === 'string' ? [value] : prose(value),
  );
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the bundle of production', () => {
  let script: string;
  let sourceMap: string;
  let texts: string[];

  beforeAll(async () => {
    ({ script, sourceMap } = await bundleWorker());
    texts = prose(JSON.parse(await renderDocument()));
  }, 120_000);

  it('contains no prose of the OpenAPI document', () => {
    expect(texts.length).toBeGreaterThan(500);
    // Short texts, such as the name of a field, can also stand elsewhere.
    const sentences = texts.filter((text) => text.length > 40);
    expect(sentences.filter((text) => script.includes(text))).toEqual([]);
  });

  it('is small, and has a source map of the sources', () => {
    expect(gzipSync(script).length).toBeLessThan(MAX_BUNDLE_BYTES);
    const { sources } = JSON.parse(sourceMap) as { sources: string[] };
    expect(sources.filter((name) => name.endsWith('src/app.ts'))).toHaveLength(1);
  });

  it('makes nothing when it starts that loads tables of languages', async () => {
    const made: string[] = [];
    for (const name of ['Segmenter', 'DateTimeFormat'] as const) {
      const original: unknown = Intl[name];
      vi.spyOn(Intl, name).mockImplementation(function counted(...args: unknown[]): never {
        made.push(name);
        return Reflect.construct(original as typeof Object, args) as never;
      });
    }
    const platform = `export class DurableObject {} export const env = {}, exports = {}, tracing = {};
      export const waitUntil = () => {};`;
    const code = script.replaceAll(
      '"cloudflare:workers"',
      `"data:text/javascript,${encodeURIComponent(platform)}"`,
    );
    const started = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
      default: unknown;
    };
    expect(started.default).toHaveProperty('fetch');
    expect(made).toEqual([]);
  });

  it('exports the Worker and the classes of its objects', () => {
    const [exported = ''] = /export\{[^}]*\}/.exec(script) ?? [];
    const names = [...exported.matchAll(/ as (\w+)/g)].map(([, name]) => name);
    expect(names.sort()).toEqual(
      ['Budget', 'Conversation', 'Directory', 'Memory', 'RateLimiter', 'Registry', 'default'].sort(),
    );
  });

  it('lost no text that the document does not have', async () => {
    const names = (await readdir(join(ROOT, 'src'), { recursive: true })).filter((name) =>
      name.endsWith('.ts'),
    );
    const lost: string[] = [];
    for (const name of names) {
      const path = join(ROOT, 'src', name);
      const source = await readFile(path, 'utf8');
      for (const { start, end } of proseIn(path, source)) {
        // Texts that are divided over lines are compared by their pieces.
        const pieces = source.slice(start, end).matchAll(/'((?:[^'\\\n]|\\.)*)'/g);
        for (const [, piece = ''] of pieces) {
          if (/^[A-Z].* .*\.?$/.test(piece) && !piece.includes('\\')) lost.push(piece);
        }
      }
    }
    expect(lost.length).toBeGreaterThan(200);
    const document = texts.join('\n');
    expect(lost.filter((piece) => !document.includes(piece))).toEqual([]);
  });
});

describe('a source without its prose', () => {
  const inContract = '/src/contract/a.ts';

  it.each([
    ["z.string().meta({ id: 'A', description: 'A thing.' }).max(3)", 'z.string().max(3)'],
    ["z.object({ a: z.int().meta({ id: 'B' }) }).meta({ id: 'A' })", 'z.object({ a: z.int() })'],
    ["z.string().describe('A thing.')", 'z.string()'],
    ["f({ description: 'A' + `B`, path: '/a' })", "f({ description: '', path: '/a' })"],
    ['f({ description: text, summary })', 'f({ description: text, summary })'],
    ['schema.meta()', 'schema.meta()'],
    ["f({ type: 'application/json', schema: Answer })", "f({ type: 'application/json', schema: undefined })"],
    ["f({ type: 'object', schema: Answer })", "f({ type: 'object', schema: Answer })"],
    ["f({ documentedBody: { 'text/plain': Body } })", 'f({ documentedBody: undefined })'],
    [
      'export const A = z.string().min(1), b = () => z.int();',
      'export const A = /* @__PURE__ */ z.string().min(1), b = () => z.int();',
    ],
    [
      "const A = B.extend({ a: z.string().meta({ id: 'A' }) });",
      'const A = /* @__PURE__ */ B.extend({ a: /* @__PURE__ */ z.string() });',
    ],
    ['register(A);', 'register(A);'],
  ])('turns %s into %s', (source, expected) => {
    expect(withoutProse(inContract, source)).toBe(expected);
  });

  it('keeps its lines, and values under the names of prose in other folders', () => {
    const source = "a.meta({\n  id: 'A',\n})\nb({ description: 'Kept.' })";
    expect(withoutProse('/src/registry/a.ts', source)).toBe("a\n\n\nb({ description: 'Kept.' })");
  });
});
