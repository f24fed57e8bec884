/** Questions that are answered in one piece: JSON checked by a schema, or words. One repair is attempted. */
import * as z from 'zod';
import type { Consultation, ToolCandidate } from '../reasoner.ts';
import { generate, type CallContext } from './call.ts';
import type { ChatMessage, SchemaObject } from './chat/port.ts';
import { answeredExit, answeredJson, plainAnswer } from './answer/plain-answer.ts';
import { beginsOf, isEcho } from './answer/echo.ts';
import { indexUpTo } from './answer/choice-json.ts';
import { repairRequest } from './prompts.ts';
import { schemaObject } from './schema-object.ts';
import { MAX_TOOL_ROUNDS, OfferedTools, readCalls } from './tools.ts';

/** The value of an answer, or a complaint that says what is wrong with the answer. */
export type Reading<T> = { ok: true; value: T } | { ok: false; complaint: string };

/** A way to read an answer. `schema` is null for an answer in words. */
export interface Reader<T> {
  schema: SchemaObject | null;
  read: (text: string) => Reading<T>;
}

/** Returns a reader of answers that are JSON of a schema. */
export function jsonReader<T>(schema: z.ZodType<T>): Reader<T> {
  return {
    schema: schemaObject(schema),
    read: (text) => {
      const value = answeredJson(text);
      if (value === undefined) return { ok: false, complaint: 'It is not a JSON object.' };
      const parsed = schema.safeParse(value);
      return parsed.success
        ? { ok: true, value: parsed.data }
        : { ok: false, complaint: z.prettifyError(parsed.error) };
    },
  };
}

/** Returns a reader of the exit that is taken: as JSON, or in words by its number or its description. */
export function exitReader(exits: readonly string[]): Reader<{ exit: number }> {
  const json = jsonReader(z.object({ exit: indexUpTo(exits.length - 1) }));
  return {
    schema: json.schema,
    read: (text) => {
      const reading = json.read(text);
      const exit = reading.ok ? null : answeredExit(text, exits);
      return exit === null ? reading : { ok: true, value: { exit } };
    },
  };
}

/** Returns the words of an answer; of JSON its only text, and null for any other JSON. */
function wordsOf(text: string): string | null {
  const value = text.startsWith('{') && text.endsWith('}') ? answeredJson(text) : undefined;
  if (value === undefined) return text;
  const texts = Object.values(value as object).filter(
    (each) => typeof each === 'string' && each.trim() !== '',
  );
  return texts.length === 1 ? String(texts[0]).trim() : null;
}

/** Reads an answer in words. */
export const wordsReader: Reader<string> = {
  schema: null,
  read: (text) => {
    const value = wordsOf(plainAnswer(text).text);
    if (value === null) return { ok: false, complaint: 'It is JSON. Answer in words.' };
    return value === '' ? { ok: false, complaint: 'It is empty.' } : { ok: true, value };
  },
};

/** The reading of an answer that repeats the question: an example in it is no answer. */
const REPEATED = { ok: false, complaint: 'It repeats the question.' } as const;

/** Asks a question, with tools where there are candidates. Returns null when the repaired answer is unusable too. */
export async function* consult<T>(
  context: CallContext,
  question: ChatMessage[],
  reader: Reader<T>,
  candidates: readonly ToolCandidate[],
): Consultation<T | null> {
  const tools = new OfferedTools(candidates);
  const prompt = [...question];
  let repaired = false;
  for (let round = 0; ;) {
    const mayCall = !repaired && round < MAX_TOOL_ROUNDS && candidates.length > 0;
    const { text, toolCalls: made } = await generate(context, {
      prompt,
      tools: tools.definitions,
      mayCall,
      ...(reader.schema === null || candidates.length > 0 ? {} : { json: reader.schema }),
    });
    // Some models write their calls into the text.
    const written = made.length > 0 || !mayCall ? [] : plainAnswer(text).calls;
    const toolCalls = [...made, ...written.map((call, index) => ({ id: `text_${index}`, ...call }))];
    if (mayCall && toolCalls.length > 0) {
      const calls = readCalls(text, toolCalls, (name) => tools.find(name, candidates));
      prompt.push(...calls.messages(calls.round === null ? [] : yield calls.round));
      round += 1;
      continue;
    }
    const isRepeated = isEcho(plainAnswer(text).text, beginsOf(prompt), true) === true;
    const reading: Reading<T> = isRepeated ? REPEATED : reader.read(text);
    if (reading.ok) return reading.value;
    if (repaired) return null;
    repaired = true;
    prompt.push(...repairRequest(text, reading.complaint));
  }
}

/** Asks a question without tools. Returns null when the repaired answer is unusable too. */
export async function ask<T>(
  context: CallContext,
  question: ChatMessage[],
  reader: Reader<T>,
): Promise<T | null> {
  const step = await consult(context, question, reader, []).next([]);
  return step.done === true ? step.value : null;
}
