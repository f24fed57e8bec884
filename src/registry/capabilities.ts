/** What agents can do beyond their graph: tools, dynamic behavior sets, metrics, models. */
import * as z from 'zod';
import { ToolCallSpec } from './graph.ts';
import { Identifier, Text } from './primitives.ts';
import { isToolSecretName, TOOL_SECRET_FORM } from './tool-secrets.ts';

/** A JSON Schema (2020-12) of an object. */
export const JsonSchema = z.looseObject({ type: z.literal('object') });
export type JsonSchema = z.infer<typeof JsonSchema>;

/** Names a secret of the deployment. Only those of tools, and of the own organization, can be named. */
const ToolSecret = z.strictObject({ secret: z.string().refine(isToolSecretName, TOOL_SECRET_FORM) });

/** One version of a tool behind HTTP: it is sent the input as JSON, and answers with a text. */
export const ToolVersion = z.strictObject({
  version: z.string().regex(/^\d+(\.\d+)*$/, 'must be numbers with dots between them'),
  description: Text,
  input_schema: JsonSchema,
  url: z.url({ protocol: /^https?$/ }),
  headers: z.record(z.string(), z.union([z.string(), ToolSecret])).default({}),
  timeout_ms: z.int().min(100).max(60_000).default(10_000),
});
export type ToolVersion = z.infer<typeof ToolVersion>;

export const Tool = z.strictObject({ id: Identifier, name: Text, versions: z.array(ToolVersion).min(1) });
export type Tool = z.infer<typeof Tool>;

export const BehaviorAction = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('inject-instruction'),
    instruction: Text,
    overrides_instructions: z.boolean(),
  }),
  z.strictObject({
    type: z.literal('change-tool-candidates'),
    tool_call_specs: z.array(ToolCallSpec),
    overrides_tools: z.boolean(),
  }),
]);

/** One version of a dynamic behavior set: what happens when a conversation comes to one of its triggers. */
export const BehaviorSet = z.strictObject({
  id: Identifier,
  version: z.int().min(1),
  name: Text,
  /** Only in conversations of these services; in all of them when there are none. */
  service_ids: z.array(Identifier),
  triggers: z.array(Text).min(1),
  actions: z.array(BehaviorAction).min(1),
});
export type BehaviorSet = z.infer<typeof BehaviorSet>;

const metric = { id: Identifier, name: Text, description: Text };

/** Something measured about every finished conversation: computed from its path, or judged by the reasoner. */
export const Metric = z.discriminatedUnion('type', [
  z.strictObject({
    ...metric,
    type: z.literal('boolean'),
    computed: z.enum(['completed']).nullable().default(null),
  }),
  z.strictObject({
    ...metric,
    type: z.literal('numeric'),
    computed: z
      .enum(['num_interactions', 'num_messages', 'duration_seconds', 'states_visited'])
      .nullable()
      .default(null),
    minimum: z.number().nullable().default(null),
    maximum: z.number().nullable().default(null),
  }),
  z.strictObject({
    ...metric,
    type: z.literal('categorical'),
    computed: z.enum(['final_state']).nullable().default(null),
    /** The values it can take; of a computed one there may be none, for any. */
    categories: z.array(Text),
  }),
]);
export type Metric = z.infer<typeof Metric>;
export type MetricValue = boolean | number | string;

/** A language model that the registry knows by a name of the published API, or by any other. */
export const Model = z.strictObject({
  /** The name that `llm_model_preferences` use. */
  name: Text,
  /** What the provider calls it. */
  model: Text,
  /** The name of the model that takes over when this one does not begin in time, or fails. */
  fallback: z.string().nullable().default(null),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).default({}),
});
export type Model = z.infer<typeof Model>;
