/** The Worker of production: what is left out of it, and its size. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { renderDocument } from '../../scripts/document.ts';
import { proseIn, withoutProse } from '../../scripts/without-prose.ts';
import {
  bundleWorker,
  startedFiles,
  type BuiltWorker,
  type ScriptFile,
} from '../../scripts/worker-bundle.ts';

const ROOT = join(import.meta.dirname, '../..');

/**
 * Maximum sizes in bytes gzip: of what a start evaluates, and of all files. A larger script is deployed too, but its
 * growth has to be decided.
 */
const MAX_STARTED_BYTES = 184 * 1024;
const MAX_BYTES = 376 * 1024;

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

/** Modules of the platform, with as much as a start uses. */
const PLATFORM: Readonly<Record<string, string>> = {
  'cloudflare:workers': `export class DurableObject {} export const env = {}, exports = {}, tracing = {};
    export const waitUntil = () => {};`,
};

/** Evaluates files in Node, the first one as the Worker, and returns what it exports. */
async function started(files: readonly ScriptFile[]): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'started-'));
  try {
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    for (const { name, code } of files) {
      const text = code.replaceAll(
        /"(cloudflare:\w+)"/g,
        (_all, platform: string) => `"data:text/javascript,${encodeURIComponent(PLATFORM[platform] ?? '')}"`,
      );
      await writeFile(join(folder, name), text);
    }
    return (await import(join(folder, files[0]?.name ?? ''))) as Record<string, unknown>;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function gzipBytes(files: readonly ScriptFile[]): number {
  return files.reduce((sum, { code }) => sum + gzipSync(code).length, 0);
}

describe('the files of production', () => {
  let worker: BuiltWorker;
  let evaluated: readonly ScriptFile[];
  let texts: string[];

  beforeAll(async () => {
    worker = await bundleWorker();
    const names = startedFiles(worker);
    evaluated = worker.files.filter(({ name }) => names.includes(name));
    texts = prose(JSON.parse(await renderDocument()));
  }, 120_000);

  it('contain no prose of the OpenAPI document', () => {
    expect(texts.length).toBeGreaterThan(500);
    const script = worker.files.map(({ code }) => code).join('\n');
    // Short texts, such as the name of a field, can also stand elsewhere.
    const sentences = texts.filter((text) => text.length > 40);
    expect(sentences.filter((text) => script.includes(text))).toEqual([]);
  });

  it('are small, and have source maps of the sources', () => {
    expect(gzipBytes(evaluated)).toBeLessThan(MAX_STARTED_BYTES);
    expect(gzipBytes(worker.files)).toBeLessThan(MAX_BYTES);
    const sources = worker.files.flatMap(
      ({ sourceMap }) => (JSON.parse(sourceMap) as { sources: string[] }).sources,
    );
    for (const name of ['src/app.ts', 'src/agent/embedded/embedded.ts'])
      expect(sources.filter((source) => source.endsWith(name))).toHaveLength(1);
  });

  it.each([
    ['the embedded agent', 'src/agent/embedded/embedded.ts'],
    ['the management of organizations', 'src/api/users/create.ts'],
    ['the decisions of the registry', 'src/registry/object/decide/decide.ts'],
    ['the checks of organizations', 'src/registry/organization-file.ts'],
    ['the evaluator of JSON Schemas', 'node_modules/@cfworker/json-schema/dist/esm/validate.js'],
    ['the formats of recordings', 'src/recordings/sniff.ts'],
    ['the lexer of spoken Markdown', 'marked:Lexer.ts'],
    ['the challenges of visitors', 'src/visitors/proof-of-work.ts'],
    ['the chat of other clients', 'src/api/chat/send.ts'],
    ['the workbench', 'src/workbench/graphs.ts'],
  ])('leave %s to a part that is loaded later', (_what, source) => {
    const names = new Set(evaluated.map(({ name }) => name));
    const outputs = Object.entries(worker.metafile.outputs).filter(([, { inputs }]) => source in inputs);
    const places = outputs.map(([path]) => path.replace(/^.*\//, ''));
    expect(places).toHaveLength(1);
    expect(places.filter((name) => names.has(name))).toEqual([]);
  });

  it('evaluate a start in one file behind the Worker, which no part repeats', () => {
    expect(evaluated).toHaveLength(2);
    const inputs = Object.entries(worker.metafile.outputs).flatMap(([, output]) =>
      Object.keys(output.inputs),
    );
    expect(inputs).toHaveLength(new Set(inputs).size);
  });

  it('make nothing at a start that loads tables of languages', async () => {
    const made: string[] = [];
    for (const name of ['Segmenter', 'DateTimeFormat'] as const) {
      const original: unknown = Intl[name];
      vi.spyOn(Intl, name).mockImplementation(function counted(...args: unknown[]): never {
        made.push(name);
        return Reflect.construct(original as typeof Object, args) as never;
      });
    }
    expect((await started(worker.files)).default).toHaveProperty('fetch');
    expect(made).toEqual([]);
  });

  it('export the Worker and the classes of its objects', async () => {
    expect(Object.keys(await started(worker.files)).sort()).toEqual(
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
      'export const A = /* @__PURE__ */ (() => (z.string().min(1)))(), b = () => z.int();',
    ],
    [
      "const A = B.extend({ a: z.string().meta({ id: 'A' }) }).meta({ id: 'B' });",
      'const A = /* @__PURE__ */ (() => (B.extend({ a: z.string() })))();',
    ],
    ['const A = { a: z.int(), ...b };', 'const A = /* @__PURE__ */ (() => ({ a: z.int(), ...b }))();'],
    ['const A = { a: 1 };', 'const A = { a: 1 };'],
    ['endpoint({ answer: Answer }, f)', 'endpoint({ answer: undefined }, f)'],
    ['handle({ answer: answerer(c) })', 'handle({ answer: answerer(c) })'],
    ['register(A);', 'register(A);'],
  ])('turns %s into %s', (source, expected) => {
    expect(withoutProse(inContract, source)).toBe(expected);
  });

  it('keeps its lines, and values under the names of prose in other folders', () => {
    const source = "a.meta({\n  id: 'A',\n})\nb({ description: 'Kept.' })";
    expect(withoutProse('/src/registry/a.ts', source)).toBe("a\n\n\nb({ description: 'Kept.' })");
  });
});
