/** Renders the OpenAPI document when a deployment is built. The Worker serves it as a file. */
import { spawnSync } from 'node:child_process';
import { build, type Plugin } from 'esbuild';
import { WORKER_OPTIONS } from './worker-bundle.ts';

/** Program that writes the document to its standard output. */
const PROGRAM = `
  import { OPERATIONS } from './src/api/operations.ts';
  import { openApiDocument } from './src/api/openapi.ts';
  import { RELATIVE_ORIGIN } from './src/api/document/servers.ts';
  // Waits for a reader that is slow: a write of the file descriptor throws EAGAIN when the pipe is full.
  process.stdout.write(JSON.stringify(openApiDocument(OPERATIONS, RELATIVE_ORIGIN)));
`;

/** Module in place of the platform's. Operations import it, and rendering does not use it. */
const PLATFORM = `
  export class DurableObject {}
  export class WorkerEntrypoint {}
  export class RpcTarget {}
  export const env = {};
  export const exports = {};
  export const waitUntil = () => {};
  export const tracing = {};
`;

const withoutPlatform: Plugin = {
  name: 'without-platform',
  setup(plugged) {
    plugged.onResolve({ filter: /^cloudflare:/ }, ({ path }) => ({ path, namespace: 'platform' }));
    plugged.onLoad({ filter: /.*/, namespace: 'platform' }, () => ({ contents: PLATFORM }));
  },
};

/**
 * Returns the OpenAPI document as JSON. The address of its server is relative, so that it is right wherever the file is
 * read; the Worker writes the public origin in its place. Throws if the document cannot be rendered.
 */
export async function renderDocument(): Promise<string> {
  const { outputFiles } = await build({
    ...WORKER_OPTIONS,
    external: ['node:*'],
    stdin: { contents: PROGRAM, resolveDir: WORKER_OPTIONS.absWorkingDir, loader: 'ts' },
    plugins: [withoutPlatform],
    write: false,
  });
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module'], {
    input: outputFiles[0]?.text ?? '',
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`The OpenAPI document was not rendered: ${stderr}`);
  return stdout;
}
