/** Where each document of the registry stands in its KV namespace. `docs/storage.md` describes their contents. */
export const registryKey = {
  organization: (organization: string) => `org:${organization}`,
  catalog: (organization: string) => `org:${organization}:catalog`,
  /** Written once a user has stated preferences: then lists ask each owner's. */
  statedPreferences: (organization: string) => `org:${organization}:preferences`,
  user: (organization: string, id: string) => `org:${organization}:user:${id}`,
  apiKey: (organization: string, id: string) => `org:${organization}:key:${id}`,
  agent: (organization: string, id: string, version: number) => `org:${organization}:agent:${id}:${version}`,
  graph: (organization: string, id: string, version: number) => `org:${organization}:graph:${id}:${version}`,
  /** Changes with every publication that changes something. */
  revision: (organization: string) => `org:${organization}:revision`,
  /** What the keys of all its documents begin with, but of the organization itself. */
  below: (organization: string) => `org:${organization}:`,
  agents: (organization: string) => `org:${organization}:agent:`,
  graphs: (organization: string) => `org:${organization}:graph:`,
};
