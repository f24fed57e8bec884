/** Builds the widget into one script. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, transform, type BuildOptions, type Metafile, type Plugin } from 'esbuild';
import { minify } from 'terser';
import { markedLexer, markedRuleNames } from './marked-lexer.ts';
import { WIDGET_NAMES } from './widget-names.ts';

/** Folder of the widget's source. */
export const WIDGET_SOURCE = join(import.meta.dirname, '../widget');

/** Maximum size of the widget in bytes gzip. Sites load it before their visitors need it, so it must stay small. */
const MAX_WIDGET_BYTES = 30 * 1024;

/** Options of every bundle for browsers. */
export const BUNDLE_OPTIONS = {
  bundle: true,
  format: 'esm',
  // Supports the browsers of the last two years.
  target: 'es2022',
  charset: 'utf8',
  minify: true,
  // Paths in a metafile begin at the root of the repository.
  absWorkingDir: join(import.meta.dirname, '..'),
  legalComments: 'none',
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** Plugin of esbuild that replaces an imported style sheet by its minified text. */
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

/** Returns the `integrity` of a script (Subresource Integrity, W3C). */
export function integrityOf(script: Buffer): string {
  return `sha384-${createHash('sha384').update(script).digest('base64')}`;
}

/** Returns the size of a script in bytes gzip. */
export function gzipBytesOf(script: Buffer): number {
  return gzipSync(script, { level: 9 }).length;
}

/** The names that become short: those that nothing outside the bundle knows. */
async function namesMadeShort(): Promise<RegExp> {
  return new RegExp(`${(await markedRuleNames()).source}|^(?:${WIDGET_NAMES.join('|')})$`);
}

/** The widget as one script, with the list of its inputs. */
export interface BuiltWidget {
  script: Buffer;
  metafile: Metafile;
}

/**
 * Bundles the widget. With `minified: false` the script stays readable and contains its source map. Otherwise it is
 * minified by esbuild, which is fast, and by terser, which finds more. Throws if the result is larger than
 * `MAX_WIDGET_BYTES`.
 */
export async function bundleWidget({ minified }: { minified: boolean }): Promise<BuiltWidget> {
  const { outputFiles, metafile } = await build({
    ...BUNDLE_OPTIONS,
    entryPoints: [join(WIDGET_SOURCE, 'amigo-chat.ts')],
    plugins: [styleSheetsAsText, markedLexer],
    ...(minified ? { mangleProps: await namesMadeShort() } : { minify: false, sourcemap: 'inline' }),
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

/** Returns the widget as one minified script. Throws if it is too large. */
export async function buildWidget(): Promise<Buffer> {
  return (await bundleWidget({ minified: true })).script;
}
