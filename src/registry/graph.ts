/**
 * The context graph: what the published API calls a service hierarchical state machine. The definitions are those of
 * the reference, field by field.
 */
import * as z from 'zod';
import { Identifier, Text } from './primitives.ts';

export const StateName = z
  .string()
  .regex(/^[A-Za-z0-9_]+$/, 'must consist of letters, digits and underscores');

const ExternalStateName = z
  .string()
  .regex(/^[A-Za-z0-9_]+\.[A-Za-z0-9_]+$/, 'must be the name of a reference, a dot and the name of a state');

/** A state of this graph, or a state of a referenced graph with the state to come back to. */
export const NextState = z.union([StateName, z.tuple([ExternalStateName, StateName])]);
export type NextState = z.infer<typeof NextState>;

const Fillers = z.array(Text).max(5);
const FillerDelaySeconds = z.number().gt(0).max(10);

export const ToolCallSpec = z.strictObject({
  tool_id: Identifier,
  version_constraint: z.string(),
  additional_instruction: Text,
  audio_fillers: Fillers,
  audio_filler_triggered_after: FillerDelaySeconds,
  result_persistence: z.enum(['ephemeral', 'persisted-preferred', 'persisted']),
});
export type ToolCallSpec = z.infer<typeof ToolCallSpec>;

export const ExitCondition = z.strictObject({ description: Text, next_state: NextState });
export type ExitCondition = z.infer<typeof ExitCondition>;

export const ActionState = z.strictObject({
  type: z.literal('action'),
  name: StateName,
  objective: Text,
  actions: z.array(Text).min(1),
  intra_state_navigation_guidelines: z.array(Text),
  action_guidelines: z.array(Text),
  boundary_constraints: z.array(Text),
  exit_conditions: z.array(ExitCondition),
  action_tool_call_specs: z.array(ToolCallSpec),
  exit_condition_tool_call_specs: z.array(ToolCallSpec),
  skip_active_memory_retrieval: z.boolean(),
});
export type ActionState = z.infer<typeof ActionState>;

export const DecisionState = z.strictObject({
  type: z.literal('decision'),
  name: StateName,
  exit_conditions: z.array(ExitCondition),
  decision_guidelines: z.array(Text),
  objective: Text,
  tool_call_specs: z.array(ToolCallSpec),
  audio_fillers: Fillers,
  audio_filler_triggered_after: FillerDelaySeconds,
});
export type DecisionState = z.infer<typeof DecisionState>;

export const RecallState = z.strictObject({
  type: z.literal('recall'),
  name: StateName,
  queries: z.array(z.string()).min(1).nullable(),
  requested_information: Text.nullable(),
  next_state: NextState,
});
export type RecallState = z.infer<typeof RecallState>;

export const AnnotationState = z.strictObject({
  type: z.literal('annotation'),
  name: StateName,
  inner_thought: Text,
  next_state: NextState,
});
export type AnnotationState = z.infer<typeof AnnotationState>;

export const ReflectionState = z.strictObject({
  type: z.literal('reflection'),
  name: StateName,
  problem: Text,
  word_limit: z.int().gt(0),
  next_state: NextState,
  tool_call_specs: z.array(ToolCallSpec),
  audio_fillers: Fillers,
  audio_filler_triggered_after: FillerDelaySeconds,
});
export type ReflectionState = z.infer<typeof ReflectionState>;

export const ToolCallState = z.strictObject({
  type: z.literal('tool-call'),
  name: StateName,
  next_state: NextState,
  designated_tool: ToolCallSpec,
  designated_tool_call_params_generation_audio_fillers: Fillers,
  designated_tool_call_params_generation_audio_filler_triggered_after: FillerDelaySeconds,
  designated_tool_call_objective: Text,
  designated_tool_call_context: Text,
  designated_tool_call_guidances: z.array(Text),
  designated_tool_call_validations: z.array(Text),
  tool_call_specs: z.array(ToolCallSpec),
});
export type ToolCallState = z.infer<typeof ToolCallState>;

export const State = z.discriminatedUnion('type', [
  ActionState,
  DecisionState,
  RecallState,
  AnnotationState,
  ReflectionState,
  ToolCallState,
]);
export type State = z.infer<typeof State>;

/** One immutable version of a context graph. */
export const ContextGraph = z.strictObject({
  id: Identifier,
  version: z.int().min(1),
  name: Text,
  description: Text,
  states: z.array(State).min(1),
  new_user_initial_state: StateName,
  returning_user_initial_state: StateName,
  terminal_state: StateName,
  references: z.record(StateName, z.tuple([Identifier, z.int()])),
  global_intra_state_navigation_guidelines: z.array(Text),
  global_action_guidelines: z.array(Text),
  global_boundary_constraints: z.array(Text),
});
export type ContextGraph = z.infer<typeof ContextGraph>;
