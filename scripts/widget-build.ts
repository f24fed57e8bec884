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

/**
 * Maximum size of the widget in bytes gzip, to the first paint. Sites load it before their visitors need it, so it must
 * stay small.
 */
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

/**
 * Parts of the widget: scripts of their own, which it loads when it needs them. Each has its maximum size in bytes gzip.
 */
const PARTS: readonly { name: string; entry: string; max_bytes: number }[] = [
  { name: 'markdown', entry: 'view/markdown.ts', max_bytes: 12 * 1024 },
  { name: 'voice', entry: 'voice/voice.ts', max_bytes: 5 * 1024 },
  { name: 'proof', entry: 'proof/proof.ts', max_bytes: 2 * 1024 },
];

/** A part as it is served. `file` is its path on the deployment; it names the content, so that it never changes. */
export interface BuiltPart {
  file: string;
  integrity: string;
  gzip_bytes: number;
  script: Buffer;
}

/** The widget as one script and its parts, with the lists of their inputs. */
export interface BuiltWidget {
  script: Buffer;
  parts: BuiltPart[];
  metafiles: Metafile[];
}

interface Bundle {
  script: Buffer;
  metafile: Metafile;
}

/** The short names of members, which the script and its parts must share. */
type ShortNames = Exclude<BuildOptions['mangleCache'], undefined>;

const HASH_DIGITS = 8;

/** Throws if a script is larger than it may be. */
function requireSize(name: string, script: Buffer, max_bytes: number): number {
  const gzip_bytes = gzipBytesOf(script);
  if (gzip_bytes > max_bytes) {
    throw new Error(`${name} has ${gzip_bytes} bytes gzip; ${max_bytes} are allowed.`);
  }
  return gzip_bytes;
}

/** Bundles one script. `names` takes up the short names of members; null: the script stays readable. */
async function bundle(
  entry: string,
  names: ShortNames | null,
  define: Record<string, string>,
): Promise<Bundle> {
  const { outputFiles, metafile, mangleCache } = await build({
    ...BUNDLE_OPTIONS,
    entryPoints: [join(WIDGET_SOURCE, entry)],
    plugins: [styleSheetsAsText, markedLexer],
    define,
    ...(names === null
      ? { minify: false, sourcemap: 'inline' }
      : { mangleProps: await namesMadeShort(), mangleCache: names }),
    metafile: true,
    write: false,
  });
  const text = outputFiles[0]?.text ?? '';
  if (names === null) return { script: Buffer.from(text), metafile };
  Object.assign(names, mangleCache);
  const { code = '' } = await minify(text, { module: true, ecma: 2020, compress: { passes: 3 } });
  return { script: Buffer.from(code), metafile };
}

/** The names that become short: those that nothing outside the bundle knows. */
async function namesMadeShort(): Promise<RegExp> {
  return new RegExp(`${(await markedRuleNames()).source}|^(?:${WIDGET_NAMES.join('|')})$`);
}

/**
 * Bundles the widget and its parts. The script contains the names and the integrity of its parts. With `minified: false`
 * the scripts stay readable and contain their source maps. Otherwise they are minified by esbuild, which is fast, and by
 * terser, which finds more. Throws if one of them is too large.
 */
export async function bundleWidget({ minified }: { minified: boolean }): Promise<BuiltWidget> {
  const names: ShortNames | null = minified ? {} : null;
  const parts: BuiltPart[] = [];
  const metafiles: Metafile[] = [];
  const known: Record<string, [file: string, integrity: string]> = {};
  for (const { name, entry, max_bytes } of PARTS) {
    const { script, metafile } = await bundle(entry, names, {});
    const digest = createHash('sha256').update(script).digest('hex').slice(0, HASH_DIGITS);
    const file = `/amigo-chat-${name}-${digest}.js`;
    const integrity = integrityOf(script);
    const gzip_bytes = minified ? requireSize(file, script, max_bytes) : gzipBytesOf(script);
    parts.push({ file, integrity, gzip_bytes, script });
    metafiles.push(metafile);
    known[name] = [file, integrity];
  }
  const { script, metafile } = await bundle('amigo-chat.ts', names, {
    AMIGO_CHAT_PARTS: JSON.stringify(known),
  });
  if (minified) requireSize('amigo-chat.js', script, MAX_WIDGET_BYTES);
  return { script, parts, metafiles: [metafile, ...metafiles] };
}

/** Returns the minified widget. Throws if it is too large. */
export function buildWidget(): Promise<BuiltWidget> {
  return bundleWidget({ minified: true });
}
