import * as z from 'zod';
import { Starters } from '../../contract/conversations.ts';
import { modelPreferences, readAgentInput } from '../../conversation/agent-input.ts';
import { reasonerOf } from '../../conversation/reasoner.ts';
import { sideWork, type WorkMeter } from '../../conversation/spending/side-work.ts';
import { withDeadline } from '../../deadline.ts';
import { hasFinished } from '../../directory/client.ts';
import { homeOf } from '../../home.ts';
import { askMemory } from '../../memory/client.ts';
import { memoryOf } from '../../objects.ts';
import { problem } from '../../problems.ts';
import { atMost, Identifier, listOfAtMost, textOfAtMost } from '../../registry/primitives.ts';
import { operation, signedIn } from '../operation.ts';
import {
  COMMON_ANSWERS,
  CommonHeaders,
  MAX_INSTRUCTIONS_LENGTH,
  MAX_NAME_LENGTH,
  MODEL_SILENT,
  NoQuery,
  OrganizationParams,
} from '../parameters.ts';
import { openService } from './service.ts';

const MAX_STARTERS = 10;
/** The most facets of a request, and the most characters of each. An answer has ten starters at most. */
const MAX_FACETS = 100;
const MAX_FACET_LENGTH = 500;
/** The longest time that a request for starters may take, in milliseconds. A page shows them before the user types. */
const STARTERS_DEADLINE_MS = 30_000;

const StartersBody = z
  .object({
    service_id: Identifier.meta({ description: 'The service to begin a conversation with.' }),
    service_version_set_name: atMost(MAX_NAME_LENGTH)
      .default('release')
      .meta({ description: 'The version set to use.' }),
    facets: listOfAtMost(textOfAtMost(MAX_FACET_LENGTH), MAX_FACETS, 1).meta({
      description: 'What the starters are to be about.',
    }),
    min_count: z.int().gt(0).max(MAX_STARTERS).meta({ description: 'The fewest starters, inclusive.' }),
    max_count: z.int().gt(0).max(MAX_STARTERS).meta({ description: 'The most starters, inclusive.' }),
    generation_instructions: textOfAtMost(MAX_INSTRUCTIONS_LENGTH).meta({
      description: 'What else the starters should be like.',
    }),
  })
  .refine(({ min_count, max_count }) => min_count <= max_count, {
    path: ['max_count'],
    message: 'must not be less than min_count',
  })
  .meta({ id: 'GenerateConversationStarterRequest' });

/** Generates texts to begin a conversation of a service with. */
export const generateConversationStarter = operation(
  {
    id: 'generate-conversation-starter',
    tag: 'Conversation',
    summary: 'Generate conversation starters for a service',
    description:
      'Says with what a user could begin a conversation of a service. They differ for a user who has finished one before.',
    method: 'post',
    path: '/v1/{organization}/conversation/conversation_starter',
    credentials: 'user',
    rateLimit: 10,
    access: {
      requires: [
        { permission: 'Conversation:CreateConversation', on: 'a conversation as it would be created' },
      ],
      impactedBy: [],
    },
    params: OrganizationParams,
    query: NoQuery,
    headers: CommonHeaders,
    body: StartersBody,
    answers: {
      200: {
        description: 'The starters.',
        content: { type: 'application/json', schema: Starters },
      },
      404: { description: 'The organization, the service or the version set does not exist.' },
      502: MODEL_SILENT,
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, registry, organization, body, answer }) => {
    const { caller, user } = signedIn(c);
    const { service, versions } = await openService(registry, caller, body, null);
    const source = { organization: organization.id, service_id: service.id, versions, user_id: user.id };
    const input = await readAgentInput(registry, source);
    if (input === null) {
      throw problem('version_set_not_found', 'The agent or the context graph of the version set is missing.');
    }
    const { catalog, root: graph, timezone } = input;
    const about = { request_id: caller.request_id };
    const [returning, userModel] = await Promise.all([
      hasFinished(env, organization, user.id, service.id, about),
      askMemory(memoryOf(env, homeOf(organization), user.id), (memory) => memory.model(), null, about),
    ]);
    const makeStarters = (signal: AbortSignal, meter: WorkMeter, isEconomical: boolean) =>
      reasonerOf(env, catalog).starters({
        graph,
        initialState: returning ? graph.returning_user_initial_state : graph.new_user_initial_state,
        facets: body.facets,
        minCount: body.min_count,
        maxCount: body.max_count,
        instructions: body.generation_instructions,
        models: modelPreferences(catalog, source, isEconomical),
        meter,
        userModel,
        clock: { now: Date.now(), timezone },
        signal,
      });
    const late = () => problem('service_overloaded', 'The agent did not answer in time. Try again.');
    const work = {
      spender: { ...homeOf(organization), service_id: service.id, user_id: user.id },
      holder: `starters/${crypto.randomUUID()}`,
      texts: [...body.facets, body.generation_instructions],
      reports: true,
    };
    let settled: Promise<unknown> = Promise.resolve();
    const waitUntil = (settling: Promise<unknown>) => {
      settled = settling;
    };
    const prompts = await sideWork({ env, registry, waitUntil }, work, (meter, isEconomical) =>
      withDeadline(STARTERS_DEADLINE_MS, (signal) => makeStarters(signal, meter, isEconomical), { late }),
    );
    await settled;
    return answer({ prompts });
  },
);
