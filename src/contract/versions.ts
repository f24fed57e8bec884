/** The versions of agents and context graphs, and the models of a version set, as answers name them. */
import * as z from 'zod';

/** The identifier of a versioned thing and the number of one of its versions. */
export const VersionInfo = z.tuple([z.string(), z.int()]);
/** The identifier of a versioned thing and the number of one of its versions. */
export type VersionInfo = z.infer<typeof VersionInfo>;

/** The language model of each interaction, with the parameters of its provider: temperature, effort, and the like. */
export const ModelPreferences = z.record(
  z.string(),
  z.object({
    llm_name: z.string(),
    params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  }),
);

/** The versions that a conversation keeps from its first turn to its last. */
export const VersionSetInfo = z
  .object({
    name: z.string(),
    agent_version_info: VersionInfo,
    service_hierarchical_state_machine_version_info: VersionInfo,
    llm_model_preferences: ModelPreferences,
  })
  .meta({ id: 'VersionSetInfo', description: 'The versions that a conversation is fixed to.' });
