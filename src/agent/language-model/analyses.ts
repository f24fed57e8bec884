/** Calls of a language model for the analyses of a finished conversation, and for the starters of a new one. */
import * as z from 'zod';
import { cut } from '../../text.ts';
import type { Metric, MetricValue } from '../../registry/capabilities.ts';
import type { Starter } from '../../contract/conversations.ts';
import type { ExtractedMemory, FinishedConversation, StarterRequest, TranscriptLine } from '../reasoner.ts';
import type { CallContext } from './call.ts';
import { memoriesPrompt, metricPrompt, startersPrompt, userModelPrompt } from './prompts.ts';
import { ask, jsonReader, wordsReader } from './structured.ts';
import { chunksOf, shorten, windowOf } from './window.ts';

/** Limits of the part of a conversation that one call reads, in tokens. */
const PART = { tokens: 12_000, entryTokens: 1_000 };
/** The most parts of a conversation that are searched for memories, all at once. They are the newest parts. */
const MAX_PARTS = 4;
const MAX_MEMORIES = 30;
const MAX_MEMORY_LENGTH = 500;
const MAX_USER_MODEL_TOKENS = 400;

/** Returns the transcript without the agent's thoughts. */
function spoken({ transcript }: FinishedConversation): TranscriptLine[] {
  return transcript.filter(({ by }) => by !== 'thought');
}

const Memories = z.object({
  memories: z
    .array(z.object({ text: z.string().trim().min(1), numbers: z.array(z.int().min(0)) }))
    .transform((memories) => memories.slice(0, MAX_MEMORIES)),
});

async function memoriesIn(
  context: CallContext,
  conversation: FinishedConversation,
  lines: readonly TranscriptLine[],
): Promise<ExtractedMemory[] | null> {
  const found = await ask(context, memoriesPrompt(conversation, lines), jsonReader(Memories));
  return (
    found?.memories.flatMap(({ text, numbers }) => {
      const message_ids = [...new Set(numbers)].flatMap((number) => lines[number]?.id ?? []);
      // A memory that comes from no message is an invention of the model.
      return message_ids.length === 0 ? [] : [{ text: cut(text, MAX_MEMORY_LENGTH), message_ids }];
    }) ?? null
  );
}

/** Returns the memories of a conversation; null when the model gave no readable answer for any part of it. */
export async function extractMemories(
  context: CallContext,
  conversation: FinishedConversation,
): Promise<ExtractedMemory[] | null> {
  const parts = chunksOf(spoken(conversation), PART, MAX_PARTS);
  if (parts.length === 0) return [];
  const found = await Promise.all(parts.map((lines) => memoriesIn(context, conversation, lines)));
  return found.every((memories) => memories === null) ? null : found.flatMap((memories) => memories ?? []);
}

export async function userModel(
  context: CallContext,
  conversation: FinishedConversation,
): Promise<string | null> {
  const { kept } = windowOf(spoken(conversation), PART);
  if (kept.length === 0) return conversation.user.model ?? '';
  const text = await ask(context, userModelPrompt(conversation, kept), wordsReader);
  return text === null ? null : shorten(text, MAX_USER_MODEL_TOKENS);
}

function valueSchema(metric: Metric): z.ZodType<MetricValue> {
  switch (metric.type) {
    case 'boolean':
      return z.boolean();
    case 'numeric':
      return z
        .number()
        .min(metric.minimum ?? -Number.MAX_VALUE)
        .max(metric.maximum ?? Number.MAX_VALUE);
    case 'categorical':
      return metric.categories.length === 0 ? z.string().trim().min(1) : z.enum(metric.categories);
  }
}

export async function judgeMetric(
  context: CallContext,
  conversation: FinishedConversation,
  metric: Metric,
): Promise<MetricValue | null> {
  const { kept } = windowOf(spoken(conversation), PART);
  const schema = z.object({ value: valueSchema(metric) });
  return (await ask(context, metricPrompt(metric, kept), jsonReader(schema)))?.value ?? null;
}

export async function starters(context: CallContext, request: StarterRequest): Promise<Starter[] | null> {
  const Starters = z.object({
    starters: z
      .array(z.object({ prompt: z.string().trim().min(1), facets: z.array(z.string()) }))
      .min(request.minCount),
  });
  const made = await ask(context, startersPrompt(request), jsonReader(Starters));
  const known = new Set(request.facets);
  return (
    made?.starters
      .slice(0, request.maxCount)
      .map(({ prompt, facets }) => ({ prompt, facets: facets.filter((facet) => known.has(facet)) })) ?? null
  );
}
