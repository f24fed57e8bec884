/** Bundles Workers: the product as it is deployed, others with the same options. */
import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from 'wrangler';
import { bundleWorker, WORKER_OPTIONS, type ScriptFile } from '../scripts/worker-bundle.ts';

/** Root folder of the repository. */
export const ROOT = join(import.meta.dirname, '..');
const CONFIG = join(ROOT, 'wrangler.toml');

/**
 * Returns the bindings of the deployment as options of Miniflare, without the static files, which the benchmark does
 * not request.
 */
export function workerConfiguration() {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(CONFIG);
  const { compatibilityDate, compatibilityFlags, bindings, durableObjects, kvNamespaces, r2Buckets } =
    workerOptions;
  return {
    ...(compatibilityDate !== undefined && { compatibilityDate }),
    ...(compatibilityFlags !== undefined && { compatibilityFlags }),
    ...(bindings !== undefined && { bindings }),
    ...(durableObjects !== undefined && { durableObjects }),
    ...(kvNamespaces !== undefined && { kvNamespaces }),
    ...(r2Buckets !== undefined && { r2Buckets }),
  };
}

/** Returns the names of the deployment's classes of Durable Objects. */
export function objectClasses(): string[] {
  const { bindings } = unstable_readConfig({ config: CONFIG }).durable_objects;
  return Array.from(bindings as Iterable<{ class_name: string }>, ({ class_name }) => class_name);
}

/** Source of a bundle: a file, or code. */
export type BundleSource = { file: string } | { code: string };

/** Options of a bundle. `readable` keeps names. */
export interface BundleOptions {
  readable?: boolean;
}

/** The Worker of this repository. */
export const PRODUCT = { file: join(ROOT, 'src/index.ts') } satisfies BundleSource;
/** The least Worker that passes on what a model says. */
export const RELAY: BundleSource = { file: join(import.meta.dirname, 'relay-worker.ts') };
/** The least Worker that streams a turn. */
export const FLOOR: BundleSource = { file: join(import.meta.dirname, 'floor-worker.ts') };

/** Returns the files of a Worker, the Worker itself first. */
export async function bundle(
  source: BundleSource,
  { readable = false }: BundleOptions = {},
): Promise<readonly ScriptFile[]> {
  if ('file' in source && source.file === PRODUCT.file) return (await bundleWorker({ readable })).files;
  const entry: BuildOptions =
    'file' in source
      ? { entryPoints: [source.file] }
      : { stdin: { contents: source.code, resolveDir: import.meta.dirname, loader: 'ts' } };
  const { outputFiles } = await build({
    ...WORKER_OPTIONS,
    ...entry,
    write: false,
    minify: !readable,
    keepNames: readable,
    sourcemap: 'external',
    sourcesContent: false,
    outdir: ROOT,
    entryNames: 'index',
  });
  const [code, sourceMap] = ['.js', '.js.map'].map(
    (ending) => outputFiles.find(({ path }) => path.endsWith(ending))?.text,
  );
  if (code === undefined || sourceMap === undefined) throw new Error('esbuild made no bundle.');
  return [{ name: 'index.js', code, sourceMap }];
}
