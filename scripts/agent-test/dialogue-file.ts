/** The file of `npm run agent:test`: dialogues with an agent, and what is expected of each turn. */
import * as z from 'zod';
import type { OrganizationFile } from '../../src/registry/organization.ts';

/**
 * What a turn is expected to come to. Nothing is expected of the wording: `facts` are texts that the user gave, or a
 * tool, and that the agent's message must repeat.
 */
const Expectation = z.strictObject({
  /** The state in which the agent speaks; one of them where there are several. */
  state: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  /** The states that are entered in this turn, in order; `[]` when the agent is to stay. */
  path: z.array(z.string()).optional(),
  /** Texts that the agent's message holds, whatever their case. */
  facts: z.array(z.string()).optional(),
  /** Texts that the agent's message must not hold. */
  not: z.array(z.string()).optional(),
  /** The tools that are called, in order, with the members of their input that matter. */
  tools: z
    .array(z.strictObject({ name: z.string(), input: z.record(z.string(), z.unknown()).default({}) }))
    .optional(),
  /** The name of the dynamic behavior set that is followed, or null for none. */
  behavior: z.string().nullable().optional(),
  /** Whether the conversation is over. */
  ended: z.boolean().optional(),
});
export type Expectation = z.infer<typeof Expectation>;

const Turn = z.strictObject({
  /** What the user says. Without it, and without `event`, the agent takes a turn by itself. */
  say: z.string().optional(),
  /** An external event that comes in place of what the user says. */
  event: z.string().optional(),
  expect: Expectation.default({}),
});
export type DialogueTurn = z.infer<typeof Turn>;

const ToolAnswers = z.record(z.string(), z.union([z.string(), z.array(z.string()).min(1)]));

const Dialogue = z.strictObject({
  name: z.string().min(1),
  /** The service by its name; the file's when there is none. */
  service: z.string().optional(),
  user_name: z.string().default('Maya Chen'),
  /** Whether the user has finished a conversation of the service before. */
  returning: z.boolean().default(false),
  /** The state of the service's graph in which the dialogue begins; its initial state when there is none. */
  start: z.string().optional(),
  /** What is remembered about the user. */
  memories: z.array(z.string()).default([]),
  /** What each tool answers, by its name: always the same, or one answer after the other. */
  tools: ToolAnswers.default({}),
  /** What the agent's opening is expected to come to. */
  opening: Expectation.default({}),
  turns: z.array(Turn),
});
export type Dialogue = z.infer<typeof Dialogue>;

export const DialogueFile = z.strictObject({
  $schema: z.string().optional(),
  /** The organization's file, relative to this one. */
  organization: z.string(),
  /** The service that the dialogues are held with, by its name. */
  service: z.string(),
  tools: ToolAnswers.default({}),
  dialogues: z.array(Dialogue).min(1),
});
export type DialogueFile = z.infer<typeof DialogueFile>;

/** A file of dialogues with the organization that it is about. */
export interface LoadedDialogues {
  organization: OrganizationFile;
  dialogues: (Dialogue & { service: string })[];
}
