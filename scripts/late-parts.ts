/**
 * Divides the Worker into the script that a start evaluates, and the parts that `import()` loads later. The bundler puts
 * what several parts share into files of its own, one for each combination of parts. Here every part names the Worker as
 * what it builds on, so that all that a start evaluates is in one file.
 */
import { relative } from 'node:path';
import type { Plugin } from 'esbuild';

const NAMESPACE = 'late-part';

/** Returns the name of a part by its path from the root: `src/api/chat/operations.ts` is `api-chat-operations`. */
function nameOf(path: string): string {
  return path
    .replace(/^src[\\/]/, '')
    .replace(/\.ts$/, '')
    .replaceAll(/[\\/]/g, '-');
}

/** Returns a plugin of esbuild that makes a part of each module that is imported by `import()`. `entry` is the Worker. */
export function lateParts(root: string, entry: string): Plugin {
  return {
    name: NAMESPACE,
    setup(build) {
      build.onResolve({ filter: /^\./ }, async ({ path, resolveDir, importer, kind }) => {
        if (kind !== 'dynamic-import') return null;
        const resolved = await build.resolve(path, { resolveDir, importer, kind: 'import-statement' });
        const name = nameOf(relative(root, resolved.path));
        return { path: name, namespace: NAMESPACE, pluginData: resolved.path, errors: resolved.errors };
      });
      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ pluginData }) => ({
        contents: `import ${JSON.stringify(entry)};\nexport * from ${JSON.stringify(pluginData)};\n`,
        resolveDir: root,
      }));
    },
  };
}
