/**
 * `npm run --silent keys:new [FILE]`: prints a JWK set with one more signing key, which signs from then on; the keys
 * of FILE, an earlier set, stay in front of it and go on verifying. Remove one when its last token has expired.
 */
import { readFile } from 'node:fs/promises';
import { withNewKey, type KeySet } from './signing-keys.ts';

const [, , path] = process.argv;
const known = path === undefined ? { keys: [] } : (JSON.parse(await readFile(path, 'utf8')) as KeySet);
console.log(JSON.stringify(await withNewKey(known)));
