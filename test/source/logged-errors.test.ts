/** That the Worker decides from its own environment how errors are logged, before it serves anything. */
import { join } from 'node:path';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { beforeAll, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const START_TIMEOUT_MS = 60_000;

/** The Worker with a handler that fails, and answers what was then logged. */
const PROBE = `
  import { logError } from './src/log.ts';
  import './src/index.ts';
  export default {
    fetch() {
      const logged = [];
      console.error = (...parts) => logged.push(...parts);
      logError('probe_failed', new Error('swordfish', { cause: new Error('marlin') }));
      return Response.json(logged);
    },
  };
`;

let script = '';

beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: { contents: PROBE, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
  });
  script = outputFiles[0]?.text ?? '';
}, START_TIMEOUT_MS);

it.each([
  ['DEVELOPMENT=true', { DEVELOPMENT: 'true' }, true],
  ['DEVELOPMENT unset', {}, false],
  ['DEVELOPMENT=false', { DEVELOPMENT: 'false' }, false],
  ['DEVELOPMENT empty', { DEVELOPMENT: '' }, false],
] as const)(
  'errors are logged as the environment with %s requires',
  async (_name, bindings, inFull) => {
    const compatibilityDate = '2026-10-01';
    const worker = { name: 'probe', modules: true, script, bindings, compatibilityDate };
    const miniflare = new Miniflare(convertV4MiniflareOptions({ workers: [worker] }));
    try {
      const logged = (await (await miniflare.dispatchFetch('http://localhost/')).json()) as string[];
      expect(logged[0]).toContain('probe_failed');
      expect(/swordfish/.test(logged.join())).toBe(inFull);
      expect(/marlin/.test(logged.join())).toBe(inFull);
    } finally {
      await miniflare.dispose();
    }
  },
  START_TIMEOUT_MS,
);
