/**
 * `npm run --silent apikey:new [-- --role ROLE] [--days N | --no-expiry]`: creates an API key. Prints the entry for the
 * organization's file, which has only the SHA-256 of the key, and the key itself once.
 */
import { parseArgs } from 'node:util';
import { newIdentifier } from '../src/identifiers.ts';
import { hashApiKey } from '../src/registry/api-key.ts';
import { ApiKey } from '../src/registry/organization.ts';

/** Default and maximum lifetime of a key in days. The default is the maximum of the published API. */
const USUAL_DAYS = 90;
const MAX_DAYS = 3_650;
const DAY_MS = 86_400_000;
/** Number of random bytes of a key: too many to be guessed. */
const KEY_BYTES = 32;

/** Returns the time when a new key expires, or null. Throws for an invalid number of days. */
function expiry(days: string | undefined, never: boolean): string | null {
  if (never) return null;
  const count = Number(days ?? USUAL_DAYS);
  if (!Number.isInteger(count) || count < 1 || count > MAX_DAYS) {
    throw new Error(`--days must be a whole number from 1 to ${MAX_DAYS}, not "${days}".`);
  }
  return new Date(Date.now() + count * DAY_MS).toISOString().replace(/\.\d+Z$/, 'Z');
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { role: { type: 'string' }, days: { type: 'string' }, 'no-expiry': { type: 'boolean' } },
  });
  const expires_at = expiry(values.days, values['no-expiry'] === true);
  const key = Buffer.from(crypto.getRandomValues(new Uint8Array(KEY_BYTES))).toString('base64url');
  const entry = ApiKey.parse({
    id: newIdentifier(Date.now()),
    hash: await hashApiKey(key),
    role: values.role ?? 'DefaultKeyRole',
    expires_at,
  });
  const { development_only: _usual, ...pasted } = entry;
  console.log(`Put this into "api_keys" of the organization's file, and publish it:

${JSON.stringify(pasted, null, 2)}

The key. It is shown this once and stored nowhere:

${key}`);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
