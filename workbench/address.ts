/** The choices on the page, in the address after `#`: it can be sent to a colleague, and no server's log has it. */
export interface Address {
  organization: string;
  service: string;
  versions: string;
  user: string;
  conversation: string;
  interaction: string;
}

/** Returns the choices in the part of an address from `#` on. A part that is missing is empty. */
export function parseAddress(hash: string): Address {
  const found = new URLSearchParams(hash.replace(/^#/, ''));
  const part = (name: keyof Address) => found.get(name) ?? '';
  return {
    organization: part('organization'),
    service: part('service'),
    versions: part('versions'),
    user: part('user'),
    conversation: part('conversation'),
    interaction: part('interaction'),
  };
}

/** Returns the part of an address from `#` on that holds the choices. */
export function formatAddress(address: Address): string {
  const parts = Object.entries(address).filter(([, value]) => value !== '');
  return `#${new URLSearchParams(parts as [string, string][])}`;
}
