/** The addresses of this deployment: its public origin, and the hosts that a development server answers for. */
import type { Env } from '../bindings.ts';
import { misconfigured, set, type Fault } from './faults.ts';

const NOT_AN_ORIGIN = 'must be an origin such as https://api.example: a scheme, a host and perhaps a port';

/**
 * Returns the origin that a text names; null when the text is no address, or an address with a path, a query or a user.
 */
function originOf(text: string): string | null {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  return url.href === `${url.origin}/` ? url.origin : null;
}

/** Returns the fault of `PUBLIC_ORIGIN`; null when it is valid or not set. */
export function publicOriginFault(env: Pick<Env, 'PUBLIC_ORIGIN'>): Fault | null {
  const configured = set(env.PUBLIC_ORIGIN);
  if (configured === undefined || originOf(configured) !== null) return null;
  return { variable: 'PUBLIC_ORIGIN', reason: NOT_AN_ORIGIN };
}

/**
 * Returns the origin under which clients reach this deployment: `PUBLIC_ORIGIN`, or the origin of the request when it
 * is not set. The two differ behind a proxy that ends TLS. Throws 503 when `PUBLIC_ORIGIN` is no origin.
 */
export function publicOrigin(env: Pick<Env, 'PUBLIC_ORIGIN'>, requestUrl: string): string {
  const configured = set(env.PUBLIC_ORIGIN);
  if (configured === undefined) return new URL(requestUrl).origin;
  const origin = originOf(configured);
  if (origin === null) throw misconfigured({ variable: 'PUBLIC_ORIGIN', reason: NOT_AN_ORIGIN }, configured);
  return origin;
}

/** The names of this machine. No name server is asked for them, so that none can point them elsewhere. */
const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Returns the host name of a `Host` header or of an entry of `ALLOWED_HOSTS`, without the port; null when the text is
 * no host.
 */
function hostName(text: string): string | null {
  const url = URL.parse(`http://${text.trim()}`);
  return url !== null && url.href === `http://${url.host}/` ? url.hostname : null;
}

function listedHosts(env: Pick<Env, 'ALLOWED_HOSTS'>): (string | null)[] {
  return (set(env.ALLOWED_HOSTS) ?? '')
    .split(',')
    .filter((entry) => entry.trim() !== '')
    .map(hostName);
}

/** Returns the fault of `ALLOWED_HOSTS`; null when it is valid or not set. */
export function allowedHostsFault(env: Pick<Env, 'ALLOWED_HOSTS'>): Fault | null {
  if (!listedHosts(env).includes(null)) return null;
  return { variable: 'ALLOWED_HOSTS', reason: 'must be host names with commas between them' };
}

/**
 * Returns true if a development server answers the request: the host of its address and the host of its `Host` header
 * must each be a name of this machine, the host of `PUBLIC_ORIGIN`, or one of `ALLOWED_HOSTS`. Ports do not matter.
 */
export function isOwnHost(env: Pick<Env, 'ALLOWED_HOSTS' | 'PUBLIC_ORIGIN'>, request: Request): boolean {
  const header = request.headers.get('host');
  const { host, hostname } = new URL(request.url);
  // Usually both are the same, and a name of this machine.
  if (host === header && LOOPBACK.includes(hostname)) return true;
  const own = new Set<string | null>([...LOOPBACK, ...listedHosts(env)]);
  const origin = originOf(set(env.PUBLIC_ORIGIN) ?? '');
  if (origin !== null) own.add(new URL(origin).hostname);
  own.delete(null);
  const named = [hostname, ...(header === null ? [] : [hostName(header)])];
  return named.every((host) => own.has(host));
}
