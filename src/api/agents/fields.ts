/** Fields of agents that several operations share. */
import * as z from 'zod';
import { isLanguage } from '../../registry/languages.ts';
import {
  BlueprintName,
  Identifier,
  Language,
  listOfAtMost,
  Name,
  Prose,
  textOfAtMost,
} from '../../registry/primitives.ts';
import { DeveloperRelation, MAX_INITIALS, MAX_PHRASES } from '../../registry/services.ts';
import { OrganizationParams } from '../parameters.ts';

export const AgentParams = OrganizationParams.extend({
  agent_id: Identifier.meta({ description: 'The identifier of the agent.' }),
});

export const CreateAgentBody = z
  .object({ agent_name: BlueprintName.meta({ description: 'The name; no two agents have the same.' }) })
  .meta({ id: 'CreateAgentRequest' });

const Identity = z.object({
  name: Name.meta({ description: 'The name by which the agent calls itself.' }),
  role: Name,
  developed_by: Name,
  default_spoken_language: Language.refine(isLanguage, 'must be a code of ISO 639-3').meta({
    description: 'A code of three letters (ISO 639-3).',
  }),
  relationship_to_developer: DeveloperRelation.meta({
    description: 'What the agent believes about its relation to its developer.',
  }),
});

const Phrases = listOfAtMost(Prose, MAX_PHRASES);

export const CreateAgentVersionBody = z
  .object({
    initials: textOfAtMost(MAX_INITIALS).nullish(),
    identity: Identity.nullish(),
    background: Prose.nullish().meta({ description: 'Who the agent is.' }),
    behaviors: Phrases.nullish().meta({ description: 'How the agent behaves.' }),
    communication_patterns: Phrases.nullish().meta({ description: 'How the agent speaks.' }),
    voice_config: z.object({ voice_id: Name }).nullish().meta({ description: 'The voice of the agent.' }),
  })
  .meta({
    id: 'CreateAgentVersionRequest',
    description:
      'What is null or absent is that of the version before. The first version needs all but the voice.',
  });
