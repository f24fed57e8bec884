/** Takes parts out of zod's classes which the Worker cannot use, or because of which the bundler keeps more than is used. */

/** The module of zod's classes. */
const CLASSES = /[\\/]zod[\\/]v4[\\/]classic[\\/]schemas\.js$/;

const CUTS: readonly (readonly [found: RegExp, replacement: string])[] = [
  // Reads objects by functions that it makes of texts. The platform refuses to make them, and zod then does without.
  [/\bcore\.\$ZodObjectJIT\b/g, 'core.$ZodObject'],
  // The bundler keeps a module whole whose names are reached through a name of another module.
  [/^import \{ util \} from "\.\.\/core\/index\.js";$/m, 'import * as util from "../core/util.js";'],
  [/\bcore\.util\./g, 'util.'],
  // Renders JSON Schema, which this bundle does not (`withoutRendering`). Every schema gets such a function.
  [/^ {4}inst\._zod\.processJSONSchema = .*;$/gm, ''],
];

/** Returns a module of a package; that of zod's classes without the parts. Throws if it does not have one of them. */
export function withoutZodParts(path: string, source: string): string {
  if (!CLASSES.test(path)) return source;
  return CUTS.reduce((text, [found, replacement]) => {
    if (text.search(found) === -1) throw new Error(`zod has no ${found.source}.`);
    return text.replace(found, replacement);
  }, source);
}
