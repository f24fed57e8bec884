/** The JSON of a choice, in the ways that models write it. */
import * as z from 'zod';
import type { Choice } from '../reasoner.ts';

/** A choice as it was written, its index unchecked, and a message that was written inside of it. */
export interface ReadChoice {
  choice: Choice | null;
  said: string;
}

/** An index as models write it: a number, or its digits in quotes. */
export function indexUpTo(last: number) {
  const digits = z
    .string()
    .regex(/^\d{1,4}$/)
    .transform(Number);
  return z.union([z.int().min(0), digits]).refine((index) => index <= last, `It is at most ${last}.`);
}

const Index = indexUpTo(Number.MAX_SAFE_INTEGER);
const Written = z.looseObject({});

/** Where the object that begins at `start` ends; `null` when it does not. */
export function jsonEnd(text: string, start: number): number | null {
  let depth = 0;
  let quoted = false;
  for (let index = start; index < text.length; index += 1) {
    const letter = text[index];
    if (quoted) {
      if (letter === '\\') index += 1;
      else if (letter === '"') quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === '{') depth += 1;
    else if (letter === '}') {
      depth -= 1;
      if (depth === 0) return index + 1;
    }
  }
  return null;
}

const kindOf = (name: unknown): Choice['kind'] | null => (name === 'action' || name === 'exit' ? name : null);

/** The first thing in an object that is a choice: `action` and `exit` themselves, or what stands for them. */
function choiceIn(object: Record<string, unknown>): Choice | null {
  for (const [key, value] of Object.entries(object)) {
    const kind = kindOf(key.toLowerCase());
    const index = Index.safeParse(value);
    if (kind !== null && index.success) return { kind, index: index.data };
    const named = kindOf(value);
    const number = Index.safeParse(object['index']);
    if (named !== null && number.success) return { kind: named, index: number.data };
    const inner = key === 'choice' ? Written.safeParse(value) : null;
    if (inner?.success === true) return choiceIn(inner.data);
  }
  return null;
}

function saidIn(object: Record<string, unknown>): string {
  const texts = ['message', 'text', 'response', 'reply', 'content'].map((key) => object[key]);
  const said = texts.find((text) => typeof text === 'string');
  return typeof said === 'string' ? said.trim() : '';
}

/** Reads what looks like a choice. `null` when it is neither JSON nor at all like a choice. */
export function readChoice(text: string): ReadChoice | null {
  try {
    const object = Written.safeParse(JSON.parse(text));
    if (object.success) return { choice: choiceIn(object.data), said: saidIn(object.data) };
  } catch {
    // Not quite JSON: single quotes, bare names, no end.
  }
  const [, kind, index] = /^\{\s*["']?(action|exit)["']?\s*[:=]\s*["']?(\d{1,4})\b/i.exec(text) ?? [];
  if (index === undefined) return null;
  const choice = { kind: kind?.toLowerCase() === 'exit' ? 'exit' : 'action', index: Number(index) } as const;
  return { choice, said: '' };
}
