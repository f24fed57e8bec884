/**
 * File format of `npm run agent:test`: dialogues with an agent, and the expectations of each turn. The workbench and
 * `--record` write it too, with what the agent did in each turn.
 */
import * as z from 'zod';
import { AgentAction } from './agent-actions.ts';

/**
 * Expectations of a turn. There are none of the wording: `facts` are texts of the user or of a tool that the agent's
 * message must repeat.
 */
export const Expectation = z.strictObject({
  /** The state in which the agent speaks, or a list of allowed states. */
  state: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  /** The states that the turn enters, in order; `[]` when the agent must stay in the state. */
  path: z.array(z.string()).optional(),
  /** Texts that the agent's message must contain, in upper or lower case. */
  facts: z.array(z.string()).optional(),
  /** Texts that the agent's message must not contain. */
  not: z.array(z.string()).optional(),
  /** The tools that the turn calls, in order, with the expected members of their input. */
  tools: z
    .array(z.strictObject({ name: z.string(), input: z.record(z.string(), z.unknown()).default({}) }))
    .optional(),
  /** The name of the dynamic behavior set that the turn follows, or null for none. */
  behavior: z.string().nullable().optional(),
  /** True when the turn must end the conversation, false when it must not. */
  ended: z.boolean().optional(),
});
/** Expectations of a turn. */
export type Expectation = z.infer<typeof Expectation>;

/** Steps and message of an agent in a turn, from which the turn can be replayed. */
export const Recorded = z.strictObject({
  /** The decisions, tool calls and memories of the turn, in order: its events of the stream without the others. */
  actions: z.array(AgentAction),
  /** The message of the agent. */
  message: z.string(),
});
/** Steps and message of an agent in a turn, from which the turn can be replayed. */
export type Recorded = z.infer<typeof Recorded>;

const Turn = z.strictObject({
  /** Message of the user. Without `say` and `event` the agent speaks without input. */
  say: z.string().optional(),
  /** External event; `say` is a message of the user after it. */
  event: z.string().optional(),
  expect: Expectation.default({}),
  recorded: Recorded.optional(),
});
/** A turn of a dialogue: what is heard, what is expected, and what an agent did when it was recorded. */
export type DialogueTurn = z.infer<typeof Turn>;

const ToolAnswers = z.record(z.string(), z.union([z.string(), z.array(z.string()).min(1)]));

const Dialogue = z.strictObject({
  name: z.string().min(1),
  /** Name of the service. Default: the service of the file. */
  service: z.string().optional(),
  user_name: z.string().default('Maya Chen'),
  /** True when the user has finished an earlier conversation with the service. */
  returning: z.boolean().default(false),
  /** State of the service's graph in which the dialogue begins. Default: the initial state. */
  start: z.string().optional(),
  /** Memories of the user. */
  memories: z.array(z.string()).default([]),
  /**
   * Outputs of each tool, by its name: one output for all calls, or a list with one for each call, the last one
   * repeated.
   */
  tools: ToolAnswers.default({}),
  /** Expectations of the agent's opening. */
  opening: Expectation.default({}),
  /** Steps and message of the opening when the dialogue was recorded. */
  recorded_opening: Recorded.optional(),
  turns: z.array(Turn),
});
/** A dialogue of a file. */
export type Dialogue = z.infer<typeof Dialogue>;

/** A file of dialogues. */
export const DialogueFile = z.strictObject({
  $schema: z.string().optional(),
  /** Path of the organization's file, relative to this file. */
  organization: z.string(),
  /** Name of the service for dialogues that name none. */
  service: z.string(),
  tools: ToolAnswers.default({}),
  dialogues: z.array(Dialogue).min(1),
});
/** A file of dialogues. */
export type DialogueFile = z.infer<typeof DialogueFile>;
