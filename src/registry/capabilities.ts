/** Schemas of the capabilities of agents besides their graph: tools, dynamic behavior sets, metrics, models. */
import * as z from 'zod';
import { PromptCache } from '../contract/prompt-cache.ts';
import { ToolCallSpec, VersionNumber } from './graph.ts';
import { boundedRecord, Identifier, ModelParams, Name, Prose } from './primitives.ts';
import { isToolSecretName, TOOL_SECRET_FORM } from './tool-secrets.ts';

/** Schema of a JSON Schema (2020-12) of an object. `checks/json-schema.ts` checks its content. */
export const JsonSchema = z.looseObject({ type: z.literal('object') });
export type JsonSchema = z.infer<typeof JsonSchema>;

/** Maximum number of versions of a tool: old ones stay as long as a published graph calls them. */
const MAX_TOOL_VERSIONS = 200;
/** Maximum number of configured headers of a tool. */
const MAX_HEADERS = 50;
/** Maximum number of triggers, actions, services, categories or tools of one behavior set or metric. */
const MAX_ENTRIES = 100;

/** Reference to a secret of the deployment: of a tool, and of the same organization. */
const ToolSecret = z.strictObject({ secret: z.string().max(200).refine(isToolSecretName, TOOL_SECRET_FORM) });

/** Reference to a variable of the conversation's user. */
const UserVariable = z.strictObject({
  user_variable: z
    .string()
    .max(100)
    .regex(
      /^[a-z_][a-z0-9_]+$/,
      'must be the name of a variable: lower-case letters, digits and underscores',
    ),
});

/**
 * Schema of one version of a tool: an HTTP endpoint that receives the input as JSON and answers with a text.
 * `timeout_ms` is in milliseconds.
 */
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
    z.union([z.string().max(2_000), ToolSecret, UserVariable]),
    MAX_HEADERS,
  ).default({}),
  timeout_ms: z.int().min(100).max(60_000).default(10_000),
});
export type ToolVersion = z.infer<typeof ToolVersion>;

/** Schema of a tool with its versions. */
export const Tool = z.strictObject({
  id: Identifier,
  name: Name,
  versions: z.array(ToolVersion).min(1).max(MAX_TOOL_VERSIONS),
});
export type Tool = z.infer<typeof Tool>;

/** Schema of an action of a dynamic behavior set: inject an instruction, or change the tools. */
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

/**
 * Schema of one version of a dynamic behavior set: its actions apply when a conversation matches one of its triggers.
 */
export const BehaviorSet = z.strictObject({
  id: Identifier,
  version: VersionNumber.default(1),
  name: Name,
  /** Services of the conversations in which the set applies; an empty list means all services. */
  service_ids: z.array(Identifier).max(MAX_ENTRIES).default([]),
  triggers: z.array(Prose).min(1).max(MAX_ENTRIES),
  actions: z.array(BehaviorAction).min(1).max(MAX_ENTRIES),
});
export type BehaviorSet = z.infer<typeof BehaviorSet>;

const metric = { id: Identifier, name: Name, description: Prose };

/** Schema of a metric of every finished conversation, which is computed from its path or judged by the reasoner. */
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
    /** Possible values. A computed metric may have an empty list, which means any value. */
    categories: z.array(Name).max(MAX_ENTRIES).default([]),
  }),
]);
export type Metric = z.infer<typeof Metric>;
/** Value of a metric. */
export type MetricValue = boolean | number | string;

/** A turn itself ends after two minutes. */
const DeadlineMs = z.int().min(100).max(120_000).nullable().default(null);
const Price = z.number().min(0).max(100_000);

/** Schema of a language model, by a name of the published API or by any other name. */
export const Model = z.strictObject({
  /** Name in `llm_model_preferences`. */
  name: Name,
  /** Name at the provider. */
  model: Name,
  /** Name of the model that is asked if this one fails or does not begin in time. */
  fallback: Name.nullable().default(null),
  params: ModelParams.default({}),
  /** Deadlines in milliseconds; null is the deployment's, or the usual one. */
  deadlines: z
    .strictObject({
      /** Until it says anything, its reasoning included. */
      first_token_ms: DeadlineMs,
      /** Between two tokens of an answer. */
      idle_ms: DeadlineMs,
      /** For an answer that is not streamed. */
      answer_ms: DeadlineMs,
    })
    .default({ first_token_ms: null, idle_ms: null, answer_ms: null }),
  /** The tokens that a prompt may have; null is the deployment's, or the usual. */
  context_tokens: z.int().min(2_000).max(1_000_000).nullable().default(null),
  /** False for a model that cannot call tools. */
  tools: z.boolean().default(true),
  /** True for a model that keeps to the JSON Schema of a request; null where its provider decides. */
  structured_output: z.boolean().nullable().default(null),
  /** The way to ask the provider to keep the begin of prompts; null is the deployment's, or that of the provider. */
  prompt_cache: PromptCache.nullable().default(null),
  /** Prices in US dollars for a million tokens. */
  prices: z
    .strictObject({
      input_usd: Price,
      output_usd: Price,
      /** Of input that the provider had in its cache; null is the price of all input. */
      cached_input_usd: Price.nullable().default(null),
      /** Of input that the provider wrote to its cache; null is the price of all input. */
      cache_write_usd: Price.nullable().default(null),
    })
    .nullable()
    .default(null),
});
export type Model = z.infer<typeof Model>;
/** A model as its file writes it: what it leaves out is the usual. */
export type ModelEntry = z.input<typeof Model>;
