/**
 * Schemas of an organization and its file. Documents are parsed when they are written, and trusted when they are read.
 */
import * as z from 'zod';
import { BehaviorSet, Metric, Model, Tool } from './capabilities.ts';
import { completeGraph, GraphEntry } from './graph.ts';
import { MAX, Organization } from './organization-settings.ts';
import { Email, Identifier, Language, Name, Prose } from './primitives.ts';
import {
  AgentEntry,
  completeAgent,
  completeService,
  serviceDefaults,
  ServiceEntry,
  type Service,
} from './services.ts';

export * from './organization-settings.ts';
export { Agent, LanguageModelConfig, Service, VersionSet } from './services.ts';
export { OrganizationId } from './primitives.ts';

/** Schema of a user's preferences. Null or absent means the preference of the organization. */
const UserPreferences = z.strictObject({
  conversations_visible_to_admins: z.boolean().nullish(),
  user_model_visible_to_admins: z.boolean().nullish(),
  /** Name in the IANA database of time zones. */
  timezone: z.string().max(100).nullish(),
});

/** Schema of a user. */
export const User = z.strictObject({
  id: Identifier,
  name: Name,
  role: Name.default('DefaultUserRole'),
  /** Code of ISO 639-3; without one, the organization's language. */
  preferred_language: Language.nullish(),
  preferences: UserPreferences.nullish(),
  /** Address of e-mail, in which no two users of an organization are equal. */
  email: Email.optional(),
  /** Text that agents are told of the user besides the user model. */
  additional_context: z.array(Prose).max(MAX.contexts).optional(),
});
/** Schema of a user as it is published, with what no file states. */
export type User = z.infer<typeof User> & {
  /** Visitors that the user has adopted; absent for none. */
  adopted?: string[];
};

/** Schema of an API key. */
export const ApiKey = z.strictObject({
  id: Identifier,
  /** SHA-256 of the key, 64 hexadecimal digits. The key itself is not stored. */
  hash: z.string().regex(/^[a-f0-9]{64}$/, 'must be 64 hexadecimal digits, in lower case'),
  role: Name.default('DefaultKeyRole'),
  expires_at: z.iso
    .datetime({ error: 'must be a time in UTC, such as 2030-01-31T00:00:00Z' })
    .nullable()
    .default(null),
  /** True for a key that only development deployments accept, such as the public demo keys. */
  development_only: z.boolean().default(false),
});
export type ApiKey = z.infer<typeof ApiKey>;

/** Schema of the form of a file: an organization with its people, services, agents and graphs. */
export const OrganizationForm = z.strictObject({
  /** Address of the JSON Schema of the file, for editors. It is not published. */
  $schema: z.string().max(2_000).optional(),
  organization: Organization,
  users: z.array(User).max(MAX.users).default([]),
  api_keys: z.array(ApiKey).max(MAX.keys).default([]),
  agents: z.array(AgentEntry).max(MAX.versions).default([]),
  graphs: z.array(GraphEntry).max(MAX.versions).default([]),
  services: z.array(ServiceEntry).max(MAX.services).default([]),
  tools: z.array(Tool).max(MAX.capabilities).default([]),
  dynamic_behavior_sets: z.array(BehaviorSet).max(MAX.capabilities).default([]),
  metrics: z.array(Metric).max(MAX.capabilities).default([]),
  models: z.array(Model).max(MAX.capabilities).default([]),
});

/** Schema of a file with all defaults filled in. It checks the form; `parseOrganizationFile` also checks the sense. */
export const OrganizationFile = OrganizationForm.transform(({ $schema: _schema, ...form }) => {
  const { id, name } = form.organization;
  const defaults = serviceDefaults(id, form, form.users);
  return {
    ...form,
    agents: form.agents.map((agent) => completeAgent(agent, name)),
    graphs: form.graphs.map(completeGraph),
    services: form.services.map((service) => completeService(service, defaults)),
  };
});
export type OrganizationFile = z.infer<typeof OrganizationFile>;

/**
 * The services, capabilities and newest versions of an organization. `latest` has the newest version number of each
 * agent and graph by identifier.
 */
export interface Catalog {
  services: Service[];
  latest: Record<string, number>;
  tools: Tool[];
  dynamic_behavior_sets: BehaviorSet[];
  metrics: Metric[];
  models: Model[];
}
