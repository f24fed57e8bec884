/** The secrets under which secret variables of users are sealed: `VARIABLES_KEYS`, apart from the keys of tokens. */
import { misconfigured, set, type Fault } from '../deployment/faults.ts';

/** The setting with the secrets. */
interface VariableKeys {
  VARIABLES_KEYS?: string | undefined;
}

/** Minimum length of a secret in characters: 32 of base64url are 192 bits. */
const MIN_LENGTH = 32;
/** Maximum number of secrets. A deployment needs the newest, and those of the last rotations. */
const MAX_SECRETS = 8;

const REASON = `must be 1 to ${MAX_SECRETS} different secrets of at least ${MIN_LENGTH} characters, with commas between them`;

function secretsIn(text: string): string[] | null {
  const secrets = text.split(',').map((secret) => secret.trim());
  const areLong = secrets.every((secret) => secret.length >= MIN_LENGTH);
  const areDifferent = new Set(secrets).size === secrets.length;
  return areLong && areDifferent && secrets.length <= MAX_SECRETS ? secrets : null;
}

/** Returns the fault of `VARIABLES_KEYS`; null when it is valid or not set. It quotes nothing of the value. */
export function variableKeysFault({ VARIABLES_KEYS }: VariableKeys): Fault | null {
  const text = set(VARIABLES_KEYS);
  return text === undefined || secretsIn(text) !== null
    ? null
    : { variable: 'VARIABLES_KEYS', reason: REASON };
}

/**
 * Returns the secrets of `VARIABLES_KEYS`, the first of which seals; null when it is not set. Throws
 * `deployment_misconfigured` (503) when it is not valid.
 */
export function variableKeys({
  VARIABLES_KEYS,
}: VariableKeys): readonly [newest: string, ...older: string[]] | null {
  const text = set(VARIABLES_KEYS);
  if (text === undefined) return null;
  const [newest, ...older] = secretsIn(text) ?? [];
  if (newest === undefined) throw misconfigured({ variable: 'VARIABLES_KEYS', reason: REASON }, text);
  return [newest, ...older];
}
