/** Parts of a deployment that may be left out, and what it does without each. */
import type { Env } from '../bindings.ts';
import { set } from '../deployment/faults.ts';
import { JURISDICTIONS } from '../home.ts';
import { BUCKETS, hasJurisdictions } from '../objects.ts';
import { acceptsOperator } from './operator.ts';

/** A part that is not configured. */
export interface MissingPart {
  /** Name of the variable, secret or binding. */
  variable: string;
  /** Effect of the missing part, as a sentence. */
  effect: string;
}

/** Variables and bindings that may be left out. */
const OPTIONAL = {
  LLM_PROVIDER: 'The embedded agent answers, and no language model.',
  SPEECH_PROVIDER: 'Recordings and spoken answers are refused.',
  TURNSTILE_SECRET: 'Services that demand Turnstile take no visitors.',
  VARIABLES_KEYS:
    'Secret variables of users are sealed under the signing key, and are lost with its private half.',
  TURNS: 'No points of turns are written to Analytics Engine.',
} as const satisfies Partial<Record<keyof Env, string>>;

function isThere(value: unknown): boolean {
  return typeof value === 'string' ? set(value) !== undefined : value !== undefined;
}

/** Returns the keys that are not set of providers that are addressed by a URL. A server on a network of one's own needs none. */
function missingKeys(env: Env): MissingPart[] {
  const providers = [
    { provider: env.LLM_PROVIDER, variable: 'LLM_API_KEY', of: 'models' },
    { provider: env.SPEECH_PROVIDER, variable: 'SPEECH_API_KEY', of: 'speech' },
  ];
  return providers
    .filter(
      ({ provider, variable }) => provider === 'openai-compatible' && !isThere(Reflect.get(env, variable)),
    )
    .map(({ variable, of }) => ({ variable, effect: `Requests to the provider of ${of} carry no key.` }));
}

/** Returns the buckets of jurisdictions that are not bound, where organizations may have jurisdictions. */
function missingBuckets(env: Env): MissingPart[] {
  if (!hasJurisdictions(env)) return [];
  return JURISDICTIONS.filter((jurisdiction) => !isThere(Reflect.get(env, BUCKETS[jurisdiction]))).map(
    (jurisdiction) => ({
      variable: BUCKETS[jurisdiction],
      effect: `Recordings and spoken answers of organizations in the jurisdiction "${jurisdiction}" are refused.`,
    }),
  );
}

/**
 * Returns the parts that are not configured and that a deployment can do without. It reads the environment alone: which of
 * them an organization needs, its registry says.
 */
export function missingParts(env: Env): MissingPart[] {
  const operator = acceptsOperator(env)
    ? []
    : [
        {
          variable: 'OPERATOR_TOKEN',
          effect: 'Organizations cannot be created and published by requests: it must have 32 characters.',
        },
      ];
  const left = (Object.keys(OPTIONAL) as (keyof typeof OPTIONAL)[]).filter((name) => !isThere(env[name]));
  return [
    ...operator,
    ...left.map((variable) => ({ variable, effect: OPTIONAL[variable] })),
    ...missingKeys(env),
    ...missingBuckets(env),
  ];
}
