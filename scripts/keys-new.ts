/**
 * `npm run --silent keys:new`: prints a JWK set with one new signing key.
 * `… -- --add [--keep N] < SET`: adds a new key after the keys of SET, which still verify. SET is an earlier set, or
 * the public set of a deployment at /.well-known/jwks.json: public halves are enough. Keeps the newest N of them (2 by
 * default).
 * `… -- --variables`: prints a secret for VARIABLES_KEYS. With `--add < SECRETS`, prints it before the secrets that are set: the
 * first seals, all open.
 * `… -- --public < SET`: prints the public halves of SET, which are not secret.
 */
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import {
  parseKeySet,
  parseSecrets,
  publicHalves,
  withNewKey,
  withNewSecret,
  type KeySet,
} from './signing-keys.ts';

const USAGE =
  'Usage: npm run --silent keys:new [-- --add [--keep N] < SET | -- --public < SET | -- --variables [--add < SECRETS]]';
/** Default number of kept keys: the one that signed until now, and one more for a second rotation within an hour. */
const USUALLY_KEPT = 2;
/** Default number of kept secrets for VARIABLES_KEYS: as many as the deployment takes beside the new one. */
const USUALLY_KEPT_SECRETS = 7;

function readArguments() {
  const { values } = parseArgs({
    options: {
      add: { type: 'boolean', default: false },
      keep: { type: 'string' },
      public: { type: 'boolean', default: false },
      variables: { type: 'boolean', default: false },
    },
  });
  const keep = Number(values.keep ?? (values.variables ? USUALLY_KEPT_SECRETS : USUALLY_KEPT));
  if ((values.public && (values.add || values.variables)) || !Number.isInteger(keep) || keep < 1)
    throw new Error(USAGE);
  return { ...values, keep };
}

type Options = ReturnType<typeof readArguments>;

async function variableKeys({ add, keep }: Options): Promise<string> {
  const known = add ? parseSecrets(await text(process.stdin)) : [];
  return withNewSecret(known.slice(0, keep)).join(',');
}

async function keySet(options: Options): Promise<KeySet> {
  if (!options.add && !options.public) return withNewKey({ keys: [] });
  const known = parseKeySet(await text(process.stdin));
  if (options.public) return publicHalves(known);
  return withNewKey({ keys: known.keys.slice(-options.keep) });
}

try {
  const options = readArguments();
  console.log(options.variables ? await variableKeys(options) : JSON.stringify(await keySet(options)));
} catch (error) {
  // The standard output stays empty, because it becomes a secret.
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
