/** The answers of the workbench's own endpoints. They are no part of the published API. */
import * as z from 'zod';
import { AgentAction } from './agent-actions.ts';
import { ConversationMetrics, InteractionInsights } from './insights.ts';
import type { IssuedToken } from './organizations.ts';
import { ModelPreferences, VersionInfo } from './versions.ts';

/** The token of a page of entries; null on the last page. */
const page = { has_more: z.boolean(), continuation_token: z.int().nullable() };

/** The kind of a deployment. */
export interface Settings {
  /** True on a developer's server, which signs in as every user. */
  development: boolean;
}

const PickedService = z.object({ id: z.string(), name: z.string(), version_sets: z.array(z.string()) });
/** A service that can be picked, with the names of its version sets. */
export type PickedService = z.infer<typeof PickedService>;

const RegisteredOrganization = z.object({
  id: z.string(),
  name: z.string(),
  users: z.array(z.object({ id: z.string(), name: z.string(), role: z.string() })),
  services: z.array(PickedService),
});
/** An organization as a developer's server lists it. */
export type RegisteredOrganization = z.infer<typeof RegisteredOrganization>;

/** The organizations of a developer's server. */
export interface Identities {
  organizations: RegisteredOrganization[];
}

/** A token, and the user of an organization that it belongs to. */
export interface SessionToken extends IssuedToken {
  organization: string;
  user_id: string;
}

/** The revision of an organization's published documents; null before the first publication. */
export interface Revision {
  revision: string | null;
}

/** A difference between a file and the published documents. */
export interface Change {
  /**
   * `keep` means that the file lacks the part and it stays published. `refuse` means that it must not change in this
   * way.
   */
  kind: 'add' | 'change' | 'remove' | 'keep' | 'refuse';
  /** Name of the part: `users[Maya Chen 6a6d045d006c3a3ed46900cf]`. */
  what: string;
  /** Differences, or the reason why the part stays or is refused, one per line. */
  details: string[];
}

/** A publication to a developer's server. The revision is null when a change is refused: nothing is written then. */
export interface PublicationAnswer extends Revision {
  organization: string;
  changes: Change[];
  /** The numbers that differ from those of the file, a line each. */
  notes: string[];
  /** Advice about new graphs, a sentence each. */
  hints: string[];
}

const RecordedTurn = z.object({
  interaction_id: z.string(),
  /** Counts the interactions of the conversation, from 1. */
  number: z.int(),
  started_at: z.iso.datetime(),
  actions: z.array(AgentAction),
  insights: InteractionInsights,
});
/** One interaction as it can be shown again. `number` counts the interactions of the conversation, from 1. */
export type RecordedTurn = z.infer<typeof RecordedTurn>;

/** A page of a conversation's interactions, the newest first, with what is needed to draw them. */
export const TurnsAnswer = z.object({
  user_id: z.string(),
  service_id: z.string(),
  is_finished: z.boolean(),
  versions: z.object({
    name: z.string(),
    agent: VersionInfo,
    graph: VersionInfo,
    llm_model_preferences: ModelPreferences,
  }),
  position: z.object({ graph: VersionInfo, state: z.string() }),
  turns: z.array(RecordedTurn),
  metrics: ConversationMetrics,
  ...page,
});
/** A page of a conversation's interactions, the newest first, with what is needed to draw them. */
export type TurnsAnswer = z.infer<typeof TurnsAnswer>;

/**
 * Returns the schema of an agent with the context graphs that it may walk through: the root first, then those it refers
 * to. `graph` is the schema of one, which the registry has: it is the form of an organization's file.
 */
export function drawnAgent<Graph extends z.ZodType>(graph: Graph) {
  return z.object({
    service: z.object({ id: z.string(), name: z.string() }),
    version_set: z.string(),
    agent: z.object({ id: z.string(), version: z.int(), name: z.string(), role: z.string() }),
    root: VersionInfo,
    graphs: z.array(graph),
  });
}
/** An agent with the context graphs that it may walk through. */
export type DrawnAgent<Graph> = z.infer<ReturnType<typeof drawnAgent<z.ZodType<Graph>>>>;

/** A page of what is remembered about a user, the newest first. `user_model` is null before it was made. */
export const MemoriesAnswer = z.object({
  user_model: z.string().nullable(),
  memories: z.array(
    z.object({ conversation_id: z.string(), text: z.string(), message_ids: z.array(z.string()) }),
  ),
  ...page,
});
/** A page of what is remembered about a user, the newest first. `user_model` is null before it was made. */
export type MemoriesAnswer = z.infer<typeof MemoriesAnswer>;
