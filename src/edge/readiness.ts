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
import { signingKeysFault } from '../signing/signing-keys.ts';

/** What nothing works without. */
const BINDINGS = ['CONVERSATION', 'DIRECTORY', 'LIMITER', 'MEMORY', 'REGISTRY', 'COUNTERS', 'AUDIO'] as const;

/** A key that nothing stands under, so that nothing is remembered of it: any answer tells that KV answers. */
const PROBE_KEY = 'readyz';
/** How long KV may take to answer: who asks for readiness does not wait long. */
const PROBE_TIMEOUT_MS = 2_000;

function missingBindings(env: Partial<Env>): Fault[] {
  return BINDINGS.filter((name) => env[name] === undefined).map((variable) => ({
    variable,
    reason: 'is not bound',
  }));
}

/** Whether the registry answers, which logs when it does not. A registry that is not bound is a fault of its own. */
async function registryFault(registry: KVNamespace | undefined): Promise<Fault | null> {
  if (registry === undefined) return null;
  return new RegistryDocuments(registry, PROBE_TIMEOUT_MS).version(PROBE_KEY).then(
    () => null,
    () => ({ variable: 'REGISTRY', reason: 'did not answer' }),
  );
}

/** Everything that keeps the deployment from serving: names of variables and bindings, and no value. */
export async function deploymentFaults(env: Env): Promise<Fault[]> {
  const [keys, registry] = await Promise.all([
    signingKeysFault(env.SIGNING_KEYS),
    registryFault(env.REGISTRY),
  ]);
  const found = [
    keys === null ? null : { variable: 'SIGNING_KEYS', reason: keys },
    registry,
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

/** Answers 200 when the deployment can serve, else 503 with the variables that are missing or not valid. */
export async function readyz(c: Context<AppEnv>): Promise<Response> {
  const maintenance = deploymentMaintenance(c.env);
  if (maintenance !== null) throw maintenance;
  const faults = await deploymentFaults(c.env);
  if (faults.length === 0) return c.json({ status: 'ready' });
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
