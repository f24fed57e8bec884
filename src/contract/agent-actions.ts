/**
 * The steps of an agent on the way to its answer: the actions inside `current-agent-action` events, by the names and
 * fields of the reference.
 */
import * as z from 'zod';
import { VersionInfo } from './versions.ts';

const Parameters = z.record(z.string(), z.unknown());
const QueriesAndResponses = z.array(z.tuple([z.string(), z.string()]));
const DurationSeconds = z.number();

function action<Type extends string, Shape extends z.core.$ZodLooseShape>(type: Type, shape: Shape) {
  return z.object({ type: z.literal(type), ...shape });
}

const override = { overriding_instructions: z.boolean(), overriding_tool_candidates: z.boolean() };
const tool = { tool_id: z.string(), tool_version: z.string() };

/** A step that the agent takes on its way to its answer. */
export const AgentAction = z
  .discriminatedUnion('type', [
    action('select-dynamic-behavior-vector-generated', {}),
    action('select-dynamic-behavior-relevance-retrieval-completed', {}),
    action('select-dynamic-behavior-completed', {
      selected_dynamic_behavior_set_version_info: VersionInfo.nullable(),
      previous_selected_dynamic_behavior_set_version_info: VersionInfo.nullable(),
    }),
    action('check-if-active-memory-needed-completed', { queries: z.array(z.string()) }),
    action('extract-active-memories-completed', { queries_and_responses: QueriesAndResponses }),
    action('navigate-state-machine-dynamic-behavior-override', override),
    action('navigate-state-machine-action-state-action-selected', { action: z.string() }),
    action('navigate-state-machine-decision-state-decision-started', {}),
    action('navigate-state-machine-exit-condition-selected', {
      exit_condition: z.string(),
      next_state_state_machine_version_info: VersionInfo,
      next_state_name: z.string(),
    }),
    action('navigate-state-machine-recall-state-dynamic-queries-generated', {
      dynamic_queries: z.array(z.string()),
      requested_information: z.string(),
    }),
    action('navigate-state-machine-recall-state-static-queries-retrieved', {
      static_queries: z.array(z.string()),
    }),
    action('navigate-state-machine-recall-state-active-memory-retrieved', {
      queries_and_responses: QueriesAndResponses,
    }),
    action('navigate-state-machine-reflection-state-prompt-retrieved', { prompt: z.string() }),
    action('navigate-state-machine-reflection-state-reflection-generated', { reflection: z.string() }),
    action('navigate-state-machine-annotation-state-annotation-retrieved', { annotation: z.string() }),
    action('navigate-state-machine-state-transitioned', {
      prev_state: z.string(),
      prev_state_state_machine_version_info: VersionInfo,
      next_state: z.string(),
      next_state_state_machine_version_info: VersionInfo,
    }),
    action('designated-tool-retrieved', tool),
    action('designated-tool-call-params-generated', { ...tool, tool_call_params: Parameters }),
    action('navigate-state-machine-tool-call-state-tool-output-available', {
      ...tool,
      tool_output: z.string(),
      duration: DurationSeconds,
      input_arguments: Parameters,
    }),
    action('tool-call-started', { tool_round_index: z.int(), ...tool, input_params: Parameters }),
    action('tool-call-ended', {
      tool_round_index: z.int(),
      ...tool,
      input_parameters: Parameters,
      result: z.string(),
      duration: DurationSeconds,
    }),
    action('engage-user-dynamic-behavior-override', override),
    action('engage-user-message-fragment-generated', {
      index: z.int(),
      fragment: z.string(),
      is_final: z.boolean(),
    }),
    action('action-too-long', { filler: z.string(), previously_started_event: z.unknown() }),
  ])
  .meta({ id: 'AgentAction', description: 'What the agent is doing at this moment.' });

export type AgentAction = z.infer<typeof AgentAction>;
