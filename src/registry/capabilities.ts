/** What agents can do beyond their graph: tools, dynamic behavior sets, metrics, models. */
import * as z from 'zod';
import { ToolCallSpec, VersionNumber } from './graph.ts';
import { boundedRecord, Identifier, ModelParams, Name, Prose } from './primitives.ts';
import { isToolSecretName, TOOL_SECRET_FORM } from './tool-secrets.ts';

/** A JSON Schema (2020-12) of an object. What it says is checked by `json-schema.ts`. */
export const JsonSchema = z.looseObject({ type: z.literal('object') });
export type JsonSchema = z.infer<typeof JsonSchema>;

/** The most versions of a tool: old ones stay for as long as a published graph calls them. */
const MAX_TOOL_VERSIONS = 200;
/** The most headers that a tool is sent besides those of the request itself. */
const MAX_HEADERS = 50;
/** The most triggers, actions, services, categories or tools of one behavior set or metric. */
const MAX_ENTRIES = 100;

/** Names a secret of the deployment. Only those of tools, and of the own organization, can be named. */
const ToolSecret = z.strictObject({ secret: z.string().max(200).refine(isToolSecretName, TOOL_SECRET_FORM) });

/** One version of a tool behind HTTP: it is sent the input as JSON, and answers with a text. */
export const ToolVersion = z.strictObject({
  version: z
    .string()
    .max(50)
    .regex(/^\d+(\.\d+)*$/, 'must be numbers with dots between them')
    .default('1.0'),
  description: Prose,
  input_schema: JsonSchema.default({ type: 'object' }),
  url: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).max(2_000),
  headers: boundedRecord(
    Name.regex(/^[!#$%&'*+.^_`|~\w-]+$/, 'must be the name of an HTTP header'),
    z.union([z.string().max(2_000), ToolSecret]),
    MAX_HEADERS,
  ).default({}),
  timeout_ms: z.int().min(100).max(60_000).default(10_000),
});
export type ToolVersion = z.infer<typeof ToolVersion>;

export const Tool = z.strictObject({
  id: Identifier,
  name: Name,
  versions: z.array(ToolVersion).min(1).max(MAX_TOOL_VERSIONS),
});
export type Tool = z.infer<typeof Tool>;

export const BehaviorAction = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('inject-instruction'),
    instruction: Prose,
    overrides_instructions: z.boolean().default(false),
  }),
  z.strictObject({
    type: z.literal('change-tool-candidates'),
    tool_call_specs: z.array(ToolCallSpec).max(MAX_ENTRIES),
    overrides_tools: z.boolean().default(false),
  }),
]);

/** One version of a dynamic behavior set: what happens when a conversation comes to one of its triggers. */
export const BehaviorSet = z.strictObject({
  id: Identifier,
  version: VersionNumber.default(1),
  name: Name,
  /** Only in conversations of these services; in all of them when there are none. */
  service_ids: z.array(Identifier).max(MAX_ENTRIES).default([]),
  triggers: z.array(Prose).min(1).max(MAX_ENTRIES),
  actions: z.array(BehaviorAction).min(1).max(MAX_ENTRIES),
});
export type BehaviorSet = z.infer<typeof BehaviorSet>;

const metric = { id: Identifier, name: Name, description: Prose };

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
    categories: z.array(Name).max(MAX_ENTRIES).default([]),
  }),
]);
export type Metric = z.infer<typeof Metric>;
export type MetricValue = boolean | number | string;

/** A language model that the registry knows by a name of the published API, or by any other. */
export const Model = z.strictObject({
  /** The name that `llm_model_preferences` use. */
  name: Name,
  /** What the provider calls it. */
  model: Name,
  /** The name of the model that takes over when this one does not begin in time, or fails. */
  fallback: Name.nullable().default(null),
  params: ModelParams.default({}),
});
export type Model = z.infer<typeof Model>;
