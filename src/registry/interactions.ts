/** Purposes of model calls, by their names in `llm_model_preferences`. */
export const INTERACTIONS = [
  'SelectNextAction',
  'EngageUser',
  'SelectNextActionForDecisionState',
  'GenerateReflection',
  'GenerateToolParams',
  'GenerateRecallQueries',
  'SelectDynamicBehavior',
  'RecommendResponses',
  'GenerateConversationStarters',
  'ExtractMemories',
  'GenerateUserModel',
  'ComputeMetric',
  'SummarizeConversation',
] as const;
/** Purpose of a model call. */
export type Interaction = (typeof INTERACTIONS)[number];
