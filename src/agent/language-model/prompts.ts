/**
 * Every prompt of the language-model reasoner. Pure: from what is known to messages. Each part that comes from a caller, a
 * graph, a tool or a model is bounded in tokens, by `part`, `titled`, `list`, `numbered` and the data's own windows.
 */
export * from './prompts/analyses.ts';
export * from './prompts/engage.ts';
export * from './prompts/passing.ts';
export * from './prompts/repair.ts';
export * from './prompts/suggestions.ts';
