/** Agents and context graphs, and their versions. */
import * as z from 'zod';
import { UserInfo } from './organizations.ts';

/** The token of a page of entries; null on the last page. */
const page = {
  has_more: z.boolean(),
  continuation_token: z.int().nullable().meta({ description: 'Null on the last page.' }),
};

/** The identifier of what was made. */
export const Created = z.object({ id: z.string() });

/** The answer to a new agent. */
export const CreateAgentAnswer = Created.meta({ id: 'CreateAgentResponse' });
/** The answer to a new state machine. */
export const CreateGraphAnswer = Created.meta({ id: 'CreateServiceHierarchicalStateMachineResponse' });

/** The number of a new version, and when it was made. */
const CreatedVersion = z.object({ version: z.int(), created_at: z.iso.datetime() });

/** The answer to a new version of an agent. */
export const CreateAgentVersionAnswer = CreatedVersion.meta({ id: 'CreateAgentVersionResponse' });
/** The answer to a new version of a state machine; null for a dry run. */
export const CreateGraphVersionAnswer = CreatedVersion.nullable().meta({
  id: 'CreateServiceHierarchicalStateMachineVersionResponse',
  description: 'Null for a dry run.',
});

const Listed = z.object({
  id: z.string(),
  name: z.string(),
  deprecated: z.boolean().meta({ description: 'Whether it was deleted: no further service can use it.' }),
  latest_version: z.int().nullable().meta({ description: 'Null before the first version.' }),
});
/** An agent or a state machine in a list. */
export type Listed = z.infer<typeof Listed>;

/** A page of agents. */
export const AgentsAnswer = z
  .object({ agents: z.array(Listed.meta({ id: 'ListedAgent' })), ...page })
  .meta({ id: 'GetAgentsResponse' });

/** A page of state machines. */
export const GraphsAnswer = z
  .object({
    service_hierarchical_state_machines: z.array(Listed.meta({ id: 'ListedStateMachine' })),
    ...page,
  })
  .meta({ id: 'GetServiceHierarchicalStateMachinesResponse' });

const made = { created_at: z.iso.datetime(), creator: UserInfo };

/** A version of an agent. */
export const AgentVersion = z
  .object({
    org_id: z.string(),
    agent_id: z.string(),
    version: z.int(),
    voice_config: z.object({ voice_id: z.string() }).nullable(),
    initials: z.string(),
    identity: z.object({
      name: z.string(),
      role: z.string(),
      developed_by: z.string(),
      default_spoken_language: z.string(),
      relationship_to_developer: z.object({
        ownership: z.string(),
        type: z.string(),
        conversation_visibility: z.string(),
        thought_visibility: z.string(),
      }),
    }),
    background: z.string(),
    behaviors: z.array(z.string()),
    communication_patterns: z.array(z.string()),
    ...made,
  })
  .meta({ id: 'AgentVersion' });
/** A version of an agent. */
export type AgentVersion = z.infer<typeof AgentVersion>;

/** A page of the versions of an agent. */
export const AgentVersionsAnswer = z
  .object({ agent_versions: z.array(AgentVersion), ...page })
  .meta({ id: 'GetAgentVersionsResponse' });

/**
 * Returns the schema of a page of the versions of a state machine. `states` are the fields of its content, which the
 * registry has: they are the form of an organization's file.
 */
export function graphVersionsAnswer<Content extends z.ZodObject>(content: Content) {
  return z
    .object({
      state_machine_versions: z.array(
        content
          .extend({
            org_id: z.string(),
            service_hierarchical_state_machine_id: z.string(),
            version: z.int(),
            ...made,
          })
          .meta({ id: 'StateMachineVersion' }),
      ),
      ...page,
    })
    .meta({ id: 'GetServiceHierarchicalStateMachineVersionsResponse' });
}
