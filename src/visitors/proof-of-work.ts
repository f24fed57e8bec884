/**
 * Proofs of work by the ALTCHA protocol (version 2): a challenge costs a browser about a second of work, and its check a
 * thousandth of that. A challenge is bound to the network and the service that asked for it, by its signature.
 */
import { createChallenge, randomInt, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import type { Payload } from 'altcha-lib/types';
import * as z from 'zod';
import type { Challenge } from '../contract/visitors.ts';
import { derivedSecret } from '../derived-key.ts';
import { signingKeys } from '../signing/signing-keys.ts';

/** Rounds of PBKDF2 per attempt, and the range of attempts: half a second to a second of work on a laptop. */
const ROUNDS = 5_000;
const ATTEMPTS = { least: 200, most: 600 };
const ALGORITHM = 'PBKDF2/SHA-256';
/** Time in which a challenge must be solved, in milliseconds: an old phone needs a few seconds. */
const LIFETIME_MS = 2 * 60_000;
/** Maximum length of a proof in characters. One has about 900. */
export const MAX_PROOF_LENGTH = 4_096;
/** Digits of a nonce that identify a proof among those of one network and two minutes. */
const ID_DIGITS = 16;

/** Binding of a challenge: it means nothing for another service, and from another network. */
export interface ProofScope {
  organization: string;
  service_id: string;
  network: string;
}

const Parameters = z.looseObject({
  algorithm: z.literal(ALGORITHM),
  nonce: z.string().regex(/^[0-9a-f]{32,64}$/),
  salt: z.string(),
  cost: z.literal(ROUNDS),
  keyLength: z.int(),
  keyPrefix: z.string(),
  expiresAt: z.number(),
  data: z.object({ organization: z.string(), service_id: z.string(), network: z.string() }),
});
const Proof = z.object({
  challenge: z.object({ parameters: Parameters, signature: z.string() }),
  solution: z.object({ counter: z.int(), derivedKey: z.string() }),
});

/** Returns the secrets of challenges: the newest signs, all verify. */
async function secrets(signing: string | undefined): Promise<string[]> {
  const { urlSecrets } = await signingKeys(signing);
  return Promise.all(
    urlSecrets.map((secret) => derivedSecret(secret, 'conversation-api visitor challenges')),
  );
}

/** Returns a new challenge. `now` is in milliseconds since 1970. */
export async function newChallenge(
  signing: string | undefined,
  scope: ProofScope,
  now: number,
): Promise<Challenge> {
  const [newest = ''] = await secrets(signing);
  const challenge = await createChallenge({
    algorithm: ALGORITHM,
    cost: ROUNDS,
    counter: randomInt(ATTEMPTS.most, ATTEMPTS.least),
    data: { ...scope },
    deriveKey,
    expiresAt: Math.floor((now + LIFETIME_MS) / 1000),
    hmacSignatureSecret: newest,
  });
  return { ...challenge, parameters: { ...challenge.parameters } };
}

function parseProof(text: string): z.infer<typeof Proof> | null {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(text)));
    return Proof.parse(json);
  } catch {
    return null;
  }
}

/**
 * Checks a proof: base64 of the JSON `{challenge, solution}`, as ALTCHA's widgets send it. Returns what identifies it and
 * the time until which it would be accepted, in milliseconds since 1970; null for a proof that is wrong, expired, or of
 * another scope. That it is used once is for the caller to see to.
 */
export async function checkProof(
  signing: string | undefined,
  scope: ProofScope,
  text: string,
): Promise<{ id: string; until: number } | null> {
  const proof = text.length > MAX_PROOF_LENGTH ? null : parseProof(text);
  if (proof === null) return null;
  const { parameters } = proof.challenge;
  const bound = Object.entries(scope).every(
    ([name, value]) => parameters.data[name as keyof ProofScope] === value,
  );
  if (!bound) return null;
  for (const hmacSignatureSecret of await secrets(signing)) {
    const { challenge, solution } = proof as Payload;
    const { verified } = await verifySolution({ challenge, solution, deriveKey, hmacSignatureSecret }).catch(
      () => ({ verified: false }),
    );
    if (verified) return { id: parameters.nonce.slice(0, ID_DIGITS), until: parameters.expiresAt * 1000 };
  }
  return null;
}
