/**
 * Values of secret variables, which no operation returns: sealed by AES-256-GCM under a key that HKDF-SHA-256 derives from a
 * secret. A sealed value is `{form}.{nonce}.{ciphertext}`, the last two base64url; the organization, the user and the name
 * of the variable are authenticated with it, so that it means nothing elsewhere. The form says whose secret it is: `v2`
 * the first of `VARIABLES_KEYS`, `v1` the private half of the newest signing key, where no `VARIABLES_KEYS` is set.
 */
import type { Env } from '../../bindings.ts';
import { derivedKey } from '../../derived-key.ts';
import { signingKeys } from '../../signing/signing-keys.ts';
import { variableKeys } from '../../signing/variable-keys.ts';
import type { Command } from './commands.ts';

const NONCE_BYTES = 12;
const PURPOSE = 'conversation-api user variables';

/** The secrets of the deployment under which values are sealed. */
export type SealingEnv = Pick<Env, 'SIGNING_KEYS' | 'VARIABLES_KEYS'>;

type Form = 'v1' | 'v2';

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text));
}

function sealingKey(secret: string, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  return derivedKey(secret, PURPOSE, { name: 'AES-GCM', length: 256 }, [use]);
}

/** The owner of a variable. */
export interface Owner {
  organization: string;
  user: string;
}

/** Returns what is authenticated with the value of a variable. */
function authenticated({ organization, user }: Owner, name: string): Uint8Array<ArrayBuffer> {
  return encode(`${organization}/${user}/${name}`);
}

/** Returns the form in which values are sealed now. */
function presentForm(env: SealingEnv): Form {
  return variableKeys(env) === null ? 'v1' : 'v2';
}

/** Returns the secrets of a form, the newest first; an empty list where none is configured for it. */
async function secretsOf(env: SealingEnv, form: Form): Promise<readonly string[]> {
  return form === 'v2' ? (variableKeys(env) ?? []) : (await signingKeys(env.SIGNING_KEYS)).urlSecrets;
}

/** Returns the secret that seals now. Throws 503 where the deployment has no usable secrets. */
export async function newestSecret(env: SealingEnv): Promise<string> {
  const [newest = ''] = await secretsOf(env, presentForm(env));
  return newest;
}

/** Opens the values of one user. A key is derived once for all of them. */
class Opener {
  readonly #env: SealingEnv;
  readonly #owner: Owner;
  readonly #keys = new Map<Form, Promise<readonly CryptoKey[]>>();

  constructor(env: SealingEnv, owner: Owner) {
    this.#env = env;
    this.#owner = owner;
  }

  /** Returns a value, and whether it is sealed as one would be now; null if no secret of the deployment opens it. */
  async open(name: string, sealed: string): Promise<{ value: string; isPresent: boolean } | null> {
    const [form = '', nonce = '', ciphertext = ''] = sealed.split('.');
    if (form !== 'v1' && form !== 'v2') return null;
    const bytes = (text: string) => Uint8Array.fromBase64(text, { alphabet: 'base64url' });
    const additionalData = authenticated(this.#owner, name);
    for (const [index, key] of (await this.#keysOf(form)).entries()) {
      try {
        const algorithm = { name: 'AES-GCM', iv: bytes(nonce), additionalData };
        const opened = await crypto.subtle.decrypt(algorithm, key, bytes(ciphertext));
        const isPresent = index === 0 && form === presentForm(this.#env);
        return { value: new TextDecoder().decode(opened), isPresent };
      } catch {
        // It was sealed under an older key.
      }
    }
    return null;
  }

  #keysOf(form: Form): Promise<readonly CryptoKey[]> {
    const derive = async () => {
      const secrets = await secretsOf(this.#env, form);
      return Promise.all(secrets.map((secret) => sealingKey(secret, 'decrypt')));
    };
    const keys = this.#keys.get(form) ?? derive();
    this.#keys.set(form, keys);
    return keys;
  }
}

/** The opened variables of a user. */
export interface OpenedVariables {
  values: Record<string, string>;
  /** Variables that are sealed under an older secret, sealed anew. */
  resealed: Record<string, string>;
}

/**
 * Returns the values of secret variables of a user. Those that no secret of the deployment opens any more are left out.
 * Throws 503 where the deployment has no usable secrets.
 */
export async function openedVariables(
  env: SealingEnv,
  owner: Owner,
  variables: Readonly<Record<string, string>>,
): Promise<OpenedVariables> {
  const opener = new Opener(env, owner);
  const opened = await Promise.all(
    Object.entries(variables).map(async ([name, sealed]) => [name, await opener.open(name, sealed)] as const),
  );
  const found = opened.flatMap(([name, result]) => (result === null ? [] : [{ name, ...result }]));
  const older = found.filter(({ isPresent }) => !isPresent).map(({ name, value }) => [name, value] as const);
  return {
    values: Object.fromEntries(found.map(({ name, value }) => [name, value])),
    resealed: await sealed(env, owner, Object.fromEntries(older)),
  };
}

/** Returns variables of a user with sealed values. Throws 503 where the deployment has no usable secrets. */
async function sealed(
  env: SealingEnv,
  owner: Owner,
  variables: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const entries = Object.entries(variables);
  if (entries.length === 0) return {};
  const form = presentForm(env);
  const key = await sealingKey(await newestSecret(env), 'encrypt');
  const base64url = (bytes: Uint8Array) => bytes.toBase64({ alphabet: 'base64url', omitPadding: true });
  const values = entries.map(async ([name, value]) => {
    const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const additionalData = authenticated(owner, name);
    const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, encode(value));
    return [name, `${form}.${base64url(iv)}.${base64url(new Uint8Array(data))}`] as const;
  });
  return Object.fromEntries(await Promise.all(values));
}

/** Returns a command with the values of its secret variables sealed. */
export async function sealedCommand(
  env: SealingEnv,
  organization: string,
  command: Command,
): Promise<Command> {
  if (command.type === 'create-user') {
    const owner = { organization, user: command.id };
    return { ...command, sensitive_variables: await sealed(env, owner, command.sensitive_variables) };
  }
  if (command.type !== 'modify-variables') return command;
  const secrets = command.upserts.flatMap(({ name, value, is_secret }) => (is_secret ? [[name, value]] : []));
  const owner = { organization, user: command.id };
  const values = await sealed(env, owner, Object.fromEntries(secrets) as Record<string, string>);
  const upserts = command.upserts.map((upsert) =>
    upsert.is_secret ? { ...upsert, value: values[upsert.name] ?? '' } : upsert,
  );
  return { ...command, upserts };
}
