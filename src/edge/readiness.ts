import type { Context } from 'hono';
import type { Env } from '../bindings.ts';
import { allowedHostsFault, publicOriginFault } from '../deployment/addresses.ts';
import type { Fault } from '../deployment/faults.ts';
import { demoFault } from '../deployment/demo.ts';
import { modelFaults } from '../deployment/models.ts';
import { speechFaults } from '../deployment/speech.ts';
import { embeddedPaceFault, switchFaults } from '../deployment/switches.ts';
import { ProblemError } from '../problems.ts';
import { RegistryDocuments } from '../registry/documents.ts';
import type { AppEnv } from './context.ts';
import { deploymentMaintenance } from './maintenance.ts';
import { missingParts } from './optional-parts.ts';
import { BUCKETS, hasJurisdictions } from '../objects.ts';
import { signingKeysFault } from '../signing/signing-keys.ts';
import { variableKeysFault } from '../signing/variable-keys.ts';

/** Bindings that every deployment needs. */
const BINDINGS = [
  'CONVERSATION',
  'DIRECTORY',
  'LIMITER',
  'MEMORY',
  'REGISTRY_OBJECT',
  'BUDGET',
  'REGISTRY',
  'COUNTERS',
  'AUDIO',
] as const;

/** A key without a value, so that no value is cached. Any answer shows that KV answers. */
const PROBE_KEY = 'readyz';
/** Time that a readiness check waits for KV, in milliseconds. */
const PROBE_TIMEOUT_MS = 2_000;

function missingBindings(env: Partial<Env>): Fault[] {
  return BINDINGS.filter((name) => env[name] === undefined).map((variable) => ({
    variable,
    reason: 'is not bound',
  }));
}

/** Returns the fault of a deployment that keeps data in jurisdictions and has no bucket in any of them. */
function jurisdictionsFault(env: Env): Fault | null {
  if (!hasJurisdictions(env)) return null;
  const hasBucket = Object.values(BUCKETS).some((name) => Reflect.get(env, name) !== undefined);
  return hasBucket ? null : { variable: BUCKETS.eu, reason: 'is not bound' };
}

/** Returns the fault of a registry that does not answer, and logs it. A missing binding is another fault. */
async function registryFault(registry: KVNamespace | undefined): Promise<Fault | null> {
  if (registry === undefined) return null;
  return new RegistryDocuments(registry, PROBE_TIMEOUT_MS).version(PROBE_KEY).then(
    () => null,
    () => ({ variable: 'REGISTRY', reason: 'did not answer' }),
  );
}

/**
 * Returns all faults of the configuration that keep the deployment from serving. They name variables and bindings, and
 * quote no value.
 */
export async function deploymentFaults(env: Env): Promise<Fault[]> {
  const [keys, registry] = await Promise.all([
    signingKeysFault(env.SIGNING_KEYS),
    registryFault(env.REGISTRY),
  ]);
  const found = [
    keys === null ? null : { variable: 'SIGNING_KEYS', reason: keys },
    registry,
    jurisdictionsFault(env),
    variableKeysFault(env),
    publicOriginFault(env),
    allowedHostsFault(env),
    embeddedPaceFault(env),
    demoFault(env),
    ...switchFaults(env),
    ...modelFaults(env),
    ...speechFaults(env),
  ];
  return [...missingBindings(env), ...found.filter((fault) => fault !== null)];
}

/**
 * Answers 200 if the deployment can serve, with the parts that are not configured and what it does without them. Throws
 * `deployment_misconfigured` (503) with the names of missing or invalid variables otherwise.
 */
export async function readyz(c: Context<AppEnv>): Promise<Response> {
  const maintenance = deploymentMaintenance(c.env);
  if (maintenance !== null) throw maintenance;
  const faults = await deploymentFaults(c.env);
  if (faults.length === 0) return c.json({ status: 'ready', not_configured: missingParts(c.env) });
  throw new ProblemError({
    code: 'deployment_misconfigured',
    detail: `This deployment cannot serve: ${faults.map(({ variable, reason }) => `${variable} ${reason}`).join('; ')}.`,
    errors: faults.map(({ variable, reason }) => ({
      loc: ['environment', variable],
      msg: reason,
      type: 'not_configured',
    })),
  });
}
