/** What is shown, in the address after `#`: it can be sent to a colleague, and no server's log sees it. */
export interface Address {
  organization: string;
  service: string;
  versions: string;
  user: string;
  conversation: string;
  interaction: string;
}

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

export function formatAddress(address: Address): string {
  const parts = Object.entries(address).filter(([, value]) => value !== '');
  return `#${new URLSearchParams(parts as [string, string][])}`;
}
