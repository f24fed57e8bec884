/**
 * Values of secret variables, which no operation returns: sealed by AES-256-GCM under a key that HKDF-SHA-256 derives from the
 * private half of the newest signing key. A sealed value is `v1.{nonce}.{ciphertext}`, both base64url; the organization,
 * the user and the name of the variable are authenticated with it, so that it means nothing elsewhere.
 */
import { signingKeys } from '../../signing/signing-keys.ts';
import type { Command } from './commands.ts';

const NONCE_BYTES = 12;
const INFO = 'conversation-api user variables';

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text));
}

async function sealingKey(secret: string): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', encode(secret), 'HKDF', false, ['deriveKey']);
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: encode(INFO) };
  return crypto.subtle.deriveKey(derivation, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt']);
}

/** Returns variables of a user with sealed values. Throws 503 where the deployment has no usable signing keys. */
async function sealed(
  signing: string | undefined,
  owner: { organization: string; user: string },
  variables: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const entries = Object.entries(variables);
  if (entries.length === 0) return {};
  const [newest] = (await signingKeys(signing)).urlSecrets;
  const key = await sealingKey(newest);
  const base64url = (bytes: Uint8Array) => bytes.toBase64({ alphabet: 'base64url', omitPadding: true });
  const values = entries.map(async ([name, value]) => {
    const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const additionalData = encode(`${owner.organization}/${owner.user}/${name}`);
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
