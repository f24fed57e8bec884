/** What a model can be called for, by the names that `llm_model_preferences` use. */
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
] as const;
export type Interaction = (typeof INTERACTIONS)[number];
