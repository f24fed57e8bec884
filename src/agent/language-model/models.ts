/** What the language-model reasoner is given to call: models by preference, behind one port. */
import type { Interaction } from '../../registry/interactions.ts';
import type { LanguageModelConfig } from '../../registry/organization.ts';
import type { ChatModel } from './chat/port.ts';

export { INTERACTIONS, type Interaction } from '../../registry/interactions.ts';

/** A JSON Schema. Which draft is for its author and the provider to agree on. */
export type SchemaObject = Record<string, unknown>;

/** Provider parameters: flat, as the registry keeps them. */
export type ModelParams = LanguageModelConfig['params'];

/** A model that can be called now. `name` is what usage is kept under. */
export interface ModelChoice {
  name: string;
  model: ChatModel;
  params: ModelParams;
}

/** The models for an interaction, the one to try first in front: the others take over when it does not begin. */
export type ModelSource = (
  interaction: Interaction,
  preferences: Readonly<Record<string, LanguageModelConfig>>,
) => readonly ModelChoice[];
