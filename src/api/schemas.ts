/** The things of the API as its answers show them. */
import * as z from 'zod';
import { LanguageModelConfig, Preferences } from '../registry/organization.ts';
import { VersionInfo } from '../registry/primitives.ts';
import { Format } from './parameters.ts';

const timestamp = z.iso.datetime();

export const MessageType = z
  .enum(['user-message', 'agent-message', 'agent-inner-thought', 'external-event'])
  .meta({ id: 'MessageType', description: 'Who or what a message comes from.' });

export const MessageInstance = z
  .object({
    id: z.string(),
    interaction_id: z.string().meta({ description: 'The interaction that the message belongs to.' }),
    created_at: timestamp.meta({
      description: 'When the message was made. Later than every message before it.',
    }),
    sender: z.string().meta({ description: 'The name of the sender, for people.' }),
    message: z.string().meta({ description: 'The text, or the transcript of what was said.' }),
    format: Format.meta({ description: 'The format in which the message was sent.' }),
    message_type: MessageType,
    sender_user_id: z
      .string()
      .nullish()
      .meta({
        description:
          'The user who sent the message: not always the one whose conversation it is. Null ' +
          'for what the agent wrote, for older messages, and for a caller without `User:GetUserInfo` on that user.',
        'x-extension': true,
      }),
  })
  .meta({ id: 'MessageInstance' });

export const PostAnalysisType = z
  .enum(['generate-user-models', 'extract-memories', 'compute-metrics'])
  .meta({ id: 'PostAnalysisType' });

export const VersionSetInfo = z
  .object({
    name: z.string(),
    agent_version_info: VersionInfo,
    service_hierarchical_state_machine_version_info: VersionInfo,
    llm_model_preferences: z.record(z.string(), LanguageModelConfig),
  })
  .meta({ id: 'VersionSetInfo', description: 'The versions that a conversation is fixed to.' });

export const ConversationInstance = z
  .object({
    id: z.string(),
    user_id: z.string().meta({ description: 'The user who began the conversation.' }),
    created_at: timestamp,
    is_finished: z.boolean(),
    is_analyzed: z.boolean().meta({ description: 'Whether every analysis after the end is done.' }),
    completed_post_processings: z
      .array(PostAnalysisType)
      .meta({ description: 'The analyses that are done.' }),
    final_message: z.string().meta({
      description: 'The newest message; empty for a caller without `Conversation:GetMessage` on it.',
    }),
    service_id: z.string(),
    version_set_info: VersionSetInfo.nullable().meta({
      description: 'Null for a caller without `Service:GetVersionSet`.',
    }),
    num_messages: z.int(),
    tags: z.record(z.string(), z.string().nullable()),
  })
  .meta({ id: 'ConversationInstance' });

export const Tag = z.object({ key: z.string(), value: z.string().nullable() }).meta({ id: 'Tag' });

const UserInfo = z.object({ org_id: z.string(), user_id: z.string() }).meta({
  id: 'UserInfo',
  description: 'A user. `user_id` is 24 zeros for a caller without `User:GetUserInfo` on that user.',
});

export const ServiceInstance = z
  .object({
    id: z.string(),
    name: z.string(),
    version_sets: z.record(
      z.string(),
      z.object({
        agent_version_number: z.int().nullable(),
        service_hierarchical_state_machine_version_number: z.int().nullable(),
        llm_model_preferences: z.record(z.string(), LanguageModelConfig),
      }),
    ),
    description: z.string(),
    is_active: z.boolean(),
    service_hierarchical_state_machine_id: z.string(),
    agent_id: z.string(),
    tags: z.array(Tag),
    keyterms: z.array(z.string()),
    creator: UserInfo,
    updated_by: UserInfo,
  })
  .meta({ id: 'ServiceInstance' });

export const OrganizationDetails = z
  .object({
    org_id: z.string(),
    org_name: z.string(),
    default_user_preferences: Preferences.nullable().meta({
      description: 'Null for a caller without `Organization:GetOrganizationDetails`.',
    }),
    tenant_id: z.string().nullable().meta({
      description: 'Null for a caller without `Organization:GetOrganizationDetails`.',
    }),
  })
  .meta({ id: 'OrganizationDetails' });

const ToolCallLog = z
  .object({
    tool_name: z.string(),
    tool_id: z.string(),
    tool_version: z.string(),
    input: z.record(z.string(), z.unknown()),
    output: z.string().nullable().meta({ description: 'Null when the output was not kept.' }),
    duration: z.number().meta({ description: 'In seconds.' }),
  })
  .meta({ id: 'ToolCallLog' });

/** Calls by round: within one round they were made together. */
const ToolCallRounds = z.array(z.array(ToolCallLog));

function transition<Type extends string, Shape extends z.core.$ZodLooseShape>(type: Type, shape: Shape) {
  return z.object({
    type: z.literal(type),
    previous_state: z.string(),
    previous_service_hierarchical_state_machine_version_info: VersionInfo,
    next_state: z.string(),
    next_service_hierarchical_state_machine_version_info: VersionInfo,
    ...shape,
  });
}

const exit = {
  previous_state_exit_condition_description: z.string(),
  tool_call_logs: ToolCallRounds,
};

export const StateTransitionLog = z
  .discriminatedUnion('type', [
    transition('action', exit),
    transition('decision', exit),
    transition('recall', { performed_queries: z.array(z.string()) }),
    transition('jumpback', {}),
    transition('annotation', { inner_thought_message_id: z.string() }),
    transition('reflection', { inner_thought_message_id: z.string(), tool_call_logs: ToolCallRounds }),
    transition('tool-call', { tool_call_logs: ToolCallRounds, designated_tool_call_log: ToolCallLog }),
  ])
  .meta({ id: 'StateTransitionLog', description: 'A move from one state of the context graph to the next.' });

export const InteractionInsights = z
  .object({
    current_state_name: z.string().meta({ description: 'The state in which the agent spoke.' }),
    current_state_action: z.string().meta({ description: 'The action it performed there.' }),
    current_state_objective: z.string(),
    state_transition_logs: z.array(StateTransitionLog).meta({ description: 'The way there, in order.' }),
    working_memory: z.array(
      z.object({ content: z.string(), context: z.string() }).meta({ id: 'WorkingMemory' }),
    ),
    reflections: z.array(z.string()),
    triggered_dynamic_behavior_set_version_info: VersionInfo.nullable(),
    select_next_action_tool_call_logs: ToolCallRounds,
    engage_user_tool_call_logs: ToolCallRounds,
    model_calls: z
      .array(
        z
          .object({
            interaction: z.string().meta({ description: 'What the model was asked for.' }),
            model: z.string(),
            input_tokens: z.int(),
            output_tokens: z.int(),
            first_token_ms: z.number(),
          })
          .meta({ id: 'ModelCall' }),
      )
      .meta({
        description: 'The calls of language models; none for the embedded agent.',
        'x-extension': true,
      }),
  })
  .meta({ id: 'InteractionInsights' });
