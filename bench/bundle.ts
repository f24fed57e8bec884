/** Workers as `wrangler deploy` would upload them. */
import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from 'wrangler';

export const ROOT = join(import.meta.dirname, '..');
const CONFIG = join(ROOT, 'wrangler.toml');

/** What the deployment binds, in Miniflare's words: all of it but the static files, which nobody asks for here. */
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

/** The classes of the deployment's Durable Objects. */
export function objectClasses(): string[] {
  const { bindings } = unstable_readConfig({ config: CONFIG }).durable_objects;
  return Array.from(bindings as Iterable<{ class_name: string }>, ({ class_name }) => class_name);
}

export type BundleSource = { file: string } | { code: string };

/** Whether the bundle is to be read by people: with names, and a map of where its lines come from. */
export interface BundleOptions {
  readable?: boolean;
}

export const PRODUCT: BundleSource = { file: join(ROOT, 'src/index.ts') };
export const FLOOR: BundleSource = { file: join(import.meta.dirname, 'floor-worker.ts') };

/** Bundles a Worker with the options that wrangler passes to esbuild. */
export async function bundle(source: BundleSource, { readable = false }: BundleOptions = {}) {
  const { minify, keep_names } = unstable_readConfig({ config: CONFIG, env: 'production' });
  const entry: BuildOptions =
    'file' in source
      ? { entryPoints: [source.file] }
      : { stdin: { contents: source.code, resolveDir: import.meta.dirname, loader: 'ts' } };
  const { outputFiles } = await build({
    ...entry,
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    supported: { 'import-source': true, using: true },
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    define: { 'process.env.NODE_ENV': '"production"' },
    minify: !readable && minify === true,
    keepNames: keep_names ?? true,
    sourcemap: readable ? 'inline' : false,
    sourcesContent: false,
    absWorkingDir: ROOT,
    outdir: ROOT,
    logLevel: 'warning',
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error('esbuild made no bundle.');
  return output.text;
}
