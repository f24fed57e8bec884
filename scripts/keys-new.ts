/**
 * `npm run --silent keys:new`: prints a JWK set with one new signing key.
 * `… -- --add [--keep N] < SET`: adds a new key after the keys of SET, which still verify. SET is an earlier set, or
 * the public set of a deployment at /.well-known/jwks.json: public halves are enough. Keeps the newest N of them (2 by
 * default).
 * `… -- --public < SET`: prints the public halves of SET, which are not secret.
 */
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { parseKeySet, publicHalves, withNewKey, type KeySet } from './signing-keys.ts';

const USAGE = 'Usage: npm run --silent keys:new [-- --add [--keep N] < SET | -- --public < SET]';
/** Default number of kept keys: the one that signed until now, and one more for a second rotation within an hour. */
const USUALLY_KEPT = '2';

function readArguments() {
  const { values } = parseArgs({
    options: {
      add: { type: 'boolean', default: false },
      keep: { type: 'string', default: USUALLY_KEPT },
      public: { type: 'boolean', default: false },
    },
  });
  const keep = Number(values.keep);
  if ((values.add && values.public) || !Number.isInteger(keep) || keep < 1) throw new Error(USAGE);
  return { ...values, keep };
}

async function keySet(): Promise<KeySet> {
  const options = readArguments();
  if (!options.add && !options.public) return withNewKey({ keys: [] });
  const known = parseKeySet(await text(process.stdin));
  if (options.public) return publicHalves(known);
  return withNewKey({ keys: known.keys.slice(-options.keep) });
}

try {
  console.log(JSON.stringify(await keySet()));
} catch (error) {
  // The standard output stays empty, because it becomes a secret.
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
