/** Keys of the registry's documents in KV. `docs/storage.md` describes their contents. */
export const registryKey = {
  organization: (organization: string) => `org:${organization}`,
  catalog: (organization: string) => `org:${organization}:catalog`,
  /** Written once a user has stated preferences. Lists then read the preferences of each owner. */
  statedPreferences: (organization: string) => `org:${organization}:preferences`,
  user: (organization: string, id: string) => `org:${organization}:user:${id}`,
  apiKey: (organization: string, id: string) => `org:${organization}:key:${id}`,
  agent: (organization: string, id: string, version: number) => `org:${organization}:agent:${id}:${version}`,
  graph: (organization: string, id: string, version: number) => `org:${organization}:graph:${id}:${version}`,
  /** Key of the revision, which changes with every publication that changes a document. */
  revision: (organization: string) => `org:${organization}:revision`,
  /** Prefix of the keys of an organization's documents, except that of the organization itself. */
  below: (organization: string) => `org:${organization}:`,
  agents: (organization: string) => `org:${organization}:agent:`,
  graphs: (organization: string) => `org:${organization}:graph:`,
};
