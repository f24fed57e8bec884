/** Tells which addresses a production deployment may call: names and addresses of the public internet. */

/**
 * IPv4 networks that are not public (RFC 6890, RFC 5771, RFC 1112): first address, and length of the prefix in bits.
 */
const PRIVATE_IPV4: readonly (readonly [network: string, bits: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];

/**
 * Suffixes of names that are not in the public internet (RFC 6761, RFC 6762, RFC 8375, and ICANN's reservation of
 * internal).
 */
const PRIVATE_SUFFIXES = ['localhost', 'local', 'internal', 'home.arpa', 'test', 'invalid', 'onion'];

function ipv4Number(address: string): number | null {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)?.slice(1).map(Number);
  return parts === undefined ? null : parts.reduce((sum, part) => sum * 256 + part, 0);
}

function isPublicIpv4(address: number): boolean {
  return PRIVATE_IPV4.every(([network, bits]) => {
    const size = 2 ** (32 - bits);
    return Math.floor(address / size) !== Math.floor((ipv4Number(network) ?? 0) / size);
  });
}

/** Returns the eight groups of an IPv6 address in the form of URLs (RFC 5952: hexadecimal, one `::`). */
function ipv6Groups(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const numbers = (part: string) =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const [before, after] = [numbers(head), numbers(tail ?? '')];
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}

/**
 * Tells whether an IPv6 address is public: in 2000::/3 (RFC 4291), without documentation (2001:db8::/32). Addresses
 * that contain an IPv4 address (NAT64 64:ff9b::/96, 6to4 2002::/16, Teredo 2001::/32) are refused, because their target
 * is unknown.
 */
function isPublicIpv6(groups: readonly number[]): boolean {
  const [first = 0, second = 0] = groups;
  if (first < 0x2000 || first > 0x3fff || first === 0x2002) return false;
  return !(first === 0x2001 && (second === 0xdb8 || second === 0));
}

/**
 * Tells whether the host of a URL is in the public internet. The URL parser normalizes every spelling of an address
 * (`0x7f.1` becomes `127.0.0.1`). A public name is not resolved: the platform's `fetch` reaches only public addresses.
 */
export function isPublicUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null) return false;
  const host = url.hostname.replace(/\.$/, '').toLowerCase();
  if (host.startsWith('[')) return isPublicIpv6(ipv6Groups(host.slice(1, -1)));
  const address = ipv4Number(host);
  if (address !== null) return isPublicIpv4(address);
  if (!host.includes('.')) return false;
  return !PRIVATE_SUFFIXES.some((suffix) => host === suffix || host.endsWith(`.${suffix}`));
}
