/** The way of the agent to its message in one interaction. */
import * as z from 'zod';
import { VersionInfo } from './versions.ts';

/** One call of a tool. `duration` is in seconds. */
export const ToolCallLog = z
  .object({
    tool_name: z.string(),
    tool_id: z.string(),
    tool_version: z.string(),
    input: z.record(z.string(), z.unknown()),
    output: z.string().nullable().meta({ description: 'Null when the output was not kept.' }),
    duration: z.number().meta({ description: 'In seconds.' }),
  })
  .meta({ id: 'ToolCallLog' });
/** One call of a tool. `duration` is in seconds. */
export type ToolCallLog = z.infer<typeof ToolCallLog>;

/** Calls by round: those of one round were made together. */
const ToolCallRounds = z.array(z.array(ToolCallLog));
/** Calls by round: those of one round were made together. */
export type ToolCallRounds = z.infer<typeof ToolCallRounds>;

const states = {
  previous_state: z.string(),
  previous_service_hierarchical_state_machine_version_info: VersionInfo,
  next_state: z.string(),
  next_service_hierarchical_state_machine_version_info: VersionInfo,
};

function transition<Type extends string, Shape extends z.core.$ZodLooseShape>(type: Type, shape: Shape) {
  return z.object({ type: z.literal(type), ...states, ...shape });
}

const exit = {
  previous_state_exit_condition_description: z.string(),
  tool_call_logs: ToolCallRounds,
};

/** A move from one state of the context graph to the next. `type` is the kind of the state that was left. */
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
/** A move from one state of the context graph to the next. `type` is the kind of the state that was left. */
export type StateTransitionLog = z.infer<typeof StateTransitionLog>;

/** Removes what every transition has, from each kind of transition on its own. */
type WithoutStates<Log> = Log extends StateTransitionLog ? Omit<Log, keyof typeof states> : never;
/** The reason of a transition: what it tells besides its two states. */
export type TransitionCause = WithoutStates<StateTransitionLog>;

/** Something remembered: `content`, and the query that brought it up (`context`). */
export const WorkingMemory = z
  .object({ content: z.string(), context: z.string() })
  .meta({ id: 'WorkingMemory' });
/** Something remembered: `content`, and the query that brought it up (`context`). */
export type WorkingMemory = z.infer<typeof WorkingMemory>;

/** One call of a language model. `interaction` is one of the reference's names: `SelectNextAction`, … */
export const ModelCall = z
  .object({
    interaction: z.string().meta({ description: 'What the model was asked for.' }),
    model: z.string(),
    input_tokens: z.int(),
    output_tokens: z.int(),
    cached_input_tokens: z
      .int()
      .optional()
      .meta({ description: 'Those of the input that the provider had in its cache, where it says so.' }),
    cache_write_input_tokens: z
      .int()
      .optional()
      .meta({ description: 'Those of the input that the provider wrote to its cache, where it says so.' }),
    estimated: z.boolean().optional().meta({
      description: 'True when tokens were estimated, because the provider did not count them.',
    }),
    cost_usd: z.number().optional().meta({
      description: 'The price in US dollars, where the registry has the prices of the model.',
    }),
    first_token_ms: z.number().meta({
      description: 'Milliseconds until the first token; of a call that is not streamed, until its end.',
    }),
  })
  .meta({ id: 'ModelCall' });
/** One call of a language model. `interaction` is one of the reference's names: `SelectNextAction`, … */
export type ModelCall = z.infer<typeof ModelCall>;

/** The tokens, calls and cost of a turn's models. */
export const TurnUsage = z
  .object({
    input_tokens: z.int(),
    cached_input_tokens: z.int().optional().meta({
      description: 'Those of the input that providers had in their cache; left out where there are none.',
    }),
    output_tokens: z.int(),
    model_calls: z.int(),
    cost_usd: z.number().nullable().meta({
      description: 'In US dollars; null where the registry has no prices of a model.',
    }),
  })
  .meta({ id: 'TurnUsage', description: 'The tokens, calls and cost of the models of a turn.' });
/** The tokens, calls and cost of a turn's models. */
export type TurnUsage = z.infer<typeof TurnUsage>;

/** The insights of an interaction. */
export const InteractionInsights = z
  .object({
    current_state_name: z.string().meta({ description: 'The state in which the agent spoke.' }),
    current_state_action: z.string().meta({ description: 'The action it performed there.' }),
    current_state_objective: z.string(),
    state_transition_logs: z.array(StateTransitionLog).meta({ description: 'The way there, in order.' }),
    working_memory: z.array(WorkingMemory),
    reflections: z.array(z.string()),
    triggered_dynamic_behavior_set_version_info: VersionInfo.nullable(),
    select_next_action_tool_call_logs: ToolCallRounds,
    engage_user_tool_call_logs: ToolCallRounds,
    model_calls: z.array(ModelCall).meta({
      description: 'The calls of language models; none for the embedded agent.',
      'x-extension': true,
    }),
    stopped: z.boolean().optional().meta({
      description: 'Set when the answer was stopped.',
      'x-extension': true,
    }),
    stop_cause: z.literal('budget').optional().meta({
      description: 'Set when the answer was stopped because a budget was spent.',
      'x-extension': true,
    }),
    usage: TurnUsage.optional().meta({
      description: 'The sums over `model_calls`; absent when no model was called.',
      'x-extension': true,
    }),
  })
  .meta({ id: 'InteractionInsights' });
/** The insights of an interaction. */
export type InteractionInsights = z.infer<typeof InteractionInsights>;

/** Value of a metric of one conversation. */
export const MetricResult = z
  .object({
    metric_id: z.string(),
    name: z.string(),
    value: z.union([z.boolean(), z.number(), z.string()]),
  })
  .meta({ id: 'MetricResult' });
/** Value of a metric of one conversation. */
export type MetricResult = z.infer<typeof MetricResult>;

/** Metrics of a conversation, and how far its analysis has come. */
export const ConversationMetrics = z
  .object({
    status: z.enum(['none', 'pending', 'done', 'failed']).meta({
      description:
        '`none` before the conversation is finished, `pending` while its metrics are computed, `done`, or `failed` until it is finished again.',
    }),
    metrics: z.array(MetricResult).meta({ description: 'Empty before they are computed.' }),
  })
  .meta({ id: 'ConversationMetrics' });
/** Metrics of a conversation, and how far its analysis has come. */
export type ConversationMetrics = z.infer<typeof ConversationMetrics>;
