/**
 * Names every Durable Object and every bucket of this deployment, and no other file does (`npm run check`). An organization
 * with a jurisdiction has its objects and recordings in that jurisdiction. An object of the same name in another
 * jurisdiction is another object, so an organization keeps its jurisdiction for life.
 */
import type { Env } from './bindings.ts';
import { misconfigured } from './deployment/faults.ts';
import type { Home, Jurisdiction } from './home.ts';

type Switch = Pick<Env, 'JURISDICTIONS'>;

/** Returns true if the deployment keeps data in the jurisdictions of organizations. The local platform has none. */
export function hasJurisdictions({ JURISDICTIONS }: Switch): boolean {
  return JURISDICTIONS === 'on';
}

/** Returns the part of a namespace that is in the jurisdiction of an organization. */
function within<Class extends Rpc.DurableObjectBranded>(
  env: Switch,
  namespace: DurableObjectNamespace<Class>,
  { jurisdiction }: Pick<Home, 'jurisdiction'>,
): DurableObjectNamespace<Class> {
  const isHere = jurisdiction === null || jurisdiction === undefined || !hasJurisdictions(env);
  return isHere ? namespace : namespace.jurisdiction(jurisdiction);
}

/** Returns the object of a conversation. Make it anew for every attempt: a stub is broken after its object was reset. */
export function conversationOf(env: Pick<Env, 'CONVERSATION'> & Switch, home: Home, id: string) {
  return within(env, env.CONVERSATION, home).getByName(`${home.organization}/${id}`);
}

/** Returns the object that lists the conversations of one shard of an organization's users. */
export function directoryOf(env: Pick<Env, 'DIRECTORY'> & Switch, home: Home, shard: number) {
  return within(env, env.DIRECTORY, home).getByName(`${home.organization}/${shard}`);
}

/** Returns the object of a user's memories. */
export function memoryOf(env: Pick<Env, 'MEMORY'> & Switch, home: Home, userId: string) {
  return within(env, env.MEMORY, home).getByName(`${home.organization}/${userId}`);
}

/** Returns the object that counts the requests of a user, who may be a guest of the organization. */
export function limiterOf(env: Pick<Env, 'LIMITER'> & Switch, home: Home, userId: string) {
  return within(env, env.LIMITER, home).getByName(limiterName(home, userId));
}

/** Returns the object that counts the visitors of a service who begin from a network (an IPv4 address, a /64 of IPv6). */
export function visitorCounterOf(
  env: Pick<Env, 'LIMITER'> & Switch,
  home: Home,
  { service_id, network }: { service_id: string; network: string },
) {
  const name = `${home.organization}/network/${service_id}/${network}`;
  return within(env, env.LIMITER, home).getByName(name);
}

/** Returns the name of a user's limiter, under which its counters are published as well. */
export function limiterName({ organization }: Home, userId: string): string {
  return `${organization}/${userId}`;
}

/** Returns the object that owns the budgets and the usage of an organization. */
export function budgetOf(env: Pick<Env, 'BUDGET'> & Switch, home: Home) {
  return within(env, env.BUDGET, home).getByName(home.organization);
}

/** Returns the object that owns the settings, people and services of an organization. */
export function registryOf(env: Pick<Env, 'REGISTRY_OBJECT'> & Switch, home: Home) {
  return within(env, env.REGISTRY_OBJECT, home).getByName(home.organization);
}

/** The binding of the bucket of each jurisdiction. */
export const BUCKETS = { eu: 'AUDIO_EU', us: 'AUDIO_US', fedramp: 'AUDIO_FEDRAMP' } as const satisfies Record<
  Jurisdiction,
  string
>;

/**
 * Returns the bucket of an organization's recordings. Throws `deployment_misconfigured` (503) where the bucket of its
 * jurisdiction is not bound: a recording is never kept outside the jurisdiction.
 */
export function bucketOf(
  env: Pick<Env, 'AUDIO'> & Switch,
  { jurisdiction }: Pick<Home, 'jurisdiction'>,
): R2Bucket {
  if (jurisdiction === null || jurisdiction === undefined || !hasJurisdictions(env)) return env.AUDIO;
  const name = BUCKETS[jurisdiction];
  const bucket = (env as Partial<Record<string, unknown>>)[name] as R2Bucket | undefined;
  if (bucket === undefined) throw misconfigured({ variable: name, reason: 'is not bound' });
  return bucket;
}
