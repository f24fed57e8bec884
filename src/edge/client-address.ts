import type { Context } from 'hono';
import type { AppEnv } from './context.ts';

/** Maximum length of an address as text: IPv6 with an IPv4 tail (RFC 4291, section 2.2). */
const MAX_LENGTH = 45;
/** Number of groups of an IPv6 address that name the network: a client can use every address of a /64. */
const NETWORK_GROUPS = 4;

/** Returns the IPv4 address inside an IPv6 address (RFC 4291, section 2.5.5.2), or null for any other address. */
function mappedAddress(address: string): string | null {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? null;
}

/** Returns the network of a client's address: an IPv4 address, or the /64 of an IPv6 address in one spelling. */
export function networkOf(address: string): string {
  const text = address.slice(0, MAX_LENGTH).toLowerCase();
  if (!text.includes(':')) return text;
  const mapped = mappedAddress(text);
  if (mapped !== null) return mapped;
  const [head = '', tail = ''] = text.split('::');
  const before = head.split(':').filter((group) => group !== '');
  const after = tail.split(':').filter((group) => group !== '');
  const zeros = text.includes('::') ? Math.max(8 - before.length - after.length, 0) : 0;
  return [...before, ...new Array<string>(zeros).fill('0'), ...after]
    .slice(0, NETWORK_GROUPS)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}

/** Returns the network of a request's client from the platform's header; `local` if there is no platform in front. */
export function clientNetwork(c: Context<AppEnv>): string {
  return networkOf(c.req.header('cf-connecting-ip') ?? 'local');
}
