/**
 * Values of secret variables, which no operation returns: sealed by AES-256-GCM under a key that HKDF-SHA-256 derives from the
 * private half of the newest signing key. A sealed value is `v1.{nonce}.{ciphertext}`, both base64url; the organization,
 * the user and the name of the variable are authenticated with it, so that it means nothing elsewhere.
 */
import { derivedKey } from '../../derived-key.ts';
import { signingKeys } from '../../signing/signing-keys.ts';
import type { Command } from './commands.ts';

const NONCE_BYTES = 12;
const PURPOSE = 'conversation-api user variables';

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text));
}

function sealingKey(secret: string, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  return derivedKey(secret, PURPOSE, { name: 'AES-GCM', length: 256 }, [use]);
}

interface Owner {
  organization: string;
  user: string;
}

/** Returns what is authenticated with the value of a variable. */
function authenticated({ organization, user }: Owner, name: string): Uint8Array<ArrayBuffer> {
  return encode(`${organization}/${user}/${name}`);
}

/** Returns a sealed value, or null if no signing key of the deployment opens it. */
async function openedValue(
  keys: readonly CryptoKey[],
  additionalData: Uint8Array<ArrayBuffer>,
  sealed: string,
): Promise<string | null> {
  const [, nonce = '', ciphertext = ''] = sealed.split('.');
  const bytes = (text: string) => Uint8Array.fromBase64(text, { alphabet: 'base64url' });
  for (const key of keys) {
    try {
      const algorithm = { name: 'AES-GCM', iv: bytes(nonce), additionalData };
      return new TextDecoder().decode(await crypto.subtle.decrypt(algorithm, key, bytes(ciphertext)));
    } catch {
      // It was sealed under an older key.
    }
  }
  return null;
}

/**
 * Returns the values of secret variables of a user. Those that no signing key opens any more are left out. Throws 503 where
 * the deployment has no usable signing keys.
 */
export async function openedVariables(
  signing: string | undefined,
  owner: Owner,
  variables: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const entries = Object.entries(variables);
  if (entries.length === 0) return {};
  const { urlSecrets } = await signingKeys(signing);
  const keys = await Promise.all(urlSecrets.map((secret) => sealingKey(secret, 'decrypt')));
  const values = await Promise.all(
    entries.map(
      async ([name, value]) => [name, await openedValue(keys, authenticated(owner, name), value)] as const,
    ),
  );
  return Object.fromEntries(values.filter((entry): entry is [string, string] => entry[1] !== null));
}

/** Returns variables of a user with sealed values. Throws 503 where the deployment has no usable signing keys. */
async function sealed(
  signing: string | undefined,
  owner: Owner,
  variables: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const entries = Object.entries(variables);
  if (entries.length === 0) return {};
  const [newest] = (await signingKeys(signing)).urlSecrets;
  const key = await sealingKey(newest, 'encrypt');
  const base64url = (bytes: Uint8Array) => bytes.toBase64({ alphabet: 'base64url', omitPadding: true });
  const values = entries.map(async ([name, value]) => {
    const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const additionalData = authenticated(owner, name);
    const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, encode(value));
    return [name, `v1.${base64url(iv)}.${base64url(new Uint8Array(data))}`] as const;
  });
  return Object.fromEntries(await Promise.all(values));
}

/** Returns a command with the values of its secret variables sealed. */
export async function sealedCommand(
  signing: string | undefined,
  organization: string,
  command: Command,
): Promise<Command> {
  if (command.type === 'create-user') {
    const owner = { organization, user: command.id };
    return { ...command, sensitive_variables: await sealed(signing, owner, command.sensitive_variables) };
  }
  if (command.type !== 'modify-variables') return command;
  const secrets = command.upserts.flatMap(({ name, value, is_secret }) => (is_secret ? [[name, value]] : []));
  const owner = { organization, user: command.id };
  const values = await sealed(signing, owner, Object.fromEntries(secrets) as Record<string, string>);
  const upserts = command.upserts.map((upsert) =>
    upsert.is_secret ? { ...upsert, value: values[upsert.name] ?? '' } : upsert,
  );
  return { ...command, upserts };
}
