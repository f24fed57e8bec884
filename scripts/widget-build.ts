/** Builds the widget into one script. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, transform, type BuildOptions, type Metafile, type Plugin } from 'esbuild';
import { minify } from 'terser';
import { markedLexer, markedRuleNames } from './marked-lexer.ts';

/** The folder of the widget's source. */
export const WIDGET_SOURCE = join(import.meta.dirname, '../widget');

/** Sites load the widget before their visitors need it: it stays small, and a change that makes it grow is seen. */
const MAX_WIDGET_BYTES = 30 * 1024;

/** How everything that runs in a browser is bundled. */
export const BUNDLE_OPTIONS = {
  bundle: true,
  format: 'esm',
  // What runs here must run in the browsers of the last two years.
  target: 'es2022',
  charset: 'utf8',
  minify: true,
  // Paths in what a build tells about itself begin at the root of the repository.
  absWorkingDir: join(import.meta.dirname, '..'),
  legalComments: 'none',
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** A style sheet that a script imports is its text, made small. */
const styleSheetsAsText: Plugin = {
  name: 'style-sheets-as-text',
  setup(plugged) {
    plugged.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { outputFiles } = await build({ ...BUNDLE_OPTIONS, entryPoints: [path], write: false });
      const [sheet] = outputFiles;
      const { code } = await transform(sheet?.text ?? '', { loader: 'css', minify: true });
      return { contents: code.trim(), loader: 'text' };
    });
  },
};

/** The `integrity` of a script (Subresource Integrity, W3C). */
export function integrityOf(script: Buffer): string {
  return `sha384-${createHash('sha384').update(script).digest('base64')}`;
}

/** The size of a script in bytes as it is sent. */
export function gzipBytesOf(script: Buffer): number {
  return gzipSync(script, { level: 9 }).length;
}

/** The widget as one script, and what is in it. */
export interface BuiltWidget {
  script: Buffer;
  metafile: Metafile;
}

/**
 * Bundles the widget. With `minified: false` the script stays readable, and its source map is in it. Else it is minified
 * twice, because terser finds what esbuild, which is quicker, does not look for. Throws when the result is too large.
 */
export async function bundleWidget({ minified }: { minified: boolean }): Promise<BuiltWidget> {
  const { outputFiles, metafile } = await build({
    ...BUNDLE_OPTIONS,
    entryPoints: [join(WIDGET_SOURCE, 'amigo-chat.ts')],
    plugins: [styleSheetsAsText, markedLexer],
    ...(minified ? { mangleProps: await markedRuleNames() } : { minify: false, sourcemap: 'inline' }),
    metafile: true,
    write: false,
  });
  const text = outputFiles[0]?.text ?? '';
  if (!minified) return { script: Buffer.from(text), metafile };
  const { code = '' } = await minify(text, { module: true, ecma: 2020, compress: { passes: 3 } });
  const script = Buffer.from(code);
  const gzip_bytes = gzipBytesOf(script);
  if (gzip_bytes > MAX_WIDGET_BYTES) {
    throw new Error(`amigo-chat.js has ${gzip_bytes} bytes gzip; ${MAX_WIDGET_BYTES} are allowed.`);
  }
  return { script, metafile };
}

/** The widget as one minified script. Throws when it has become too large. */
export async function buildWidget(): Promise<Buffer> {
  return (await bundleWidget({ minified: true })).script;
}
