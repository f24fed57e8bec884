/** Fields of services that several operations share. */
import * as z from 'zod';
import {
  atMost,
  boundedRecord,
  Identifier,
  KeyTerm,
  listOfAtMost,
  MAX_NAME_LENGTH,
  ModelParams,
  Name,
  Prose,
  Tags,
} from '../../registry/primitives.ts';
import { OrganizationParams } from '../parameters.ts';

export const ServiceParams = OrganizationParams.extend({
  service_id: Identifier.meta({ description: 'The identifier of the service.' }),
});

/** The longest name of a version set (published API). */
const MAX_SET_NAME_LENGTH = 40;
export const VersionSetName = atMost(MAX_SET_NAME_LENGTH).regex(
  /^[A-Za-z0-9][A-Za-z0-9_-]*$/,
  'must consist of letters, digits, underscores and hyphens',
);

/** The most interactions that a version set names models for, and the most terms of a service. */
const MAX_PREFERENCES = 50;
const MAX_KEYTERMS = 20;

const ModelConfig = z.object({
  llm_name: Name.meta({ description: 'A model of the organization.' }),
  params: ModelParams.default({}).meta({ description: 'Parameters of the provider.' }),
});

/** A client that pins one number leaves the other out, though the published API demands both. */
const Version = z.int().min(1).max(1_000_000).nullable().default(null);

export const VersionSetBody = z.object({
  agent_version_number: Version.meta({ description: 'The version of the agent; null for the latest.' }),
  service_hierarchical_state_machine_version_number: Version.meta({
    description: 'The version of the state machine; null for the latest.',
  }),
  llm_model_preferences: boundedRecord(atMost(MAX_NAME_LENGTH), ModelConfig, MAX_PREFERENCES).meta({
    description: 'Models by interaction.',
  }),
});

export const ServiceFields = {
  name: Name.meta({ description: 'The name; of the active services no two have the same.' }),
  description: Prose.meta({ description: 'What the service is for.' }),
  is_active: z.boolean().meta({ description: 'Whether conversations can be begun with it.' }),
  agent_id: Identifier.meta({ description: 'The agent that speaks.' }),
  service_hierarchical_state_machine_id: Identifier.meta({ description: 'The state machine that it walks.' }),
  tags: Tags.meta({ description: 'Tags of the service.' }),
  keyterms: listOfAtMost(KeyTerm, MAX_KEYTERMS).meta({ description: 'Terms that are easy to mishear.' }),
};
