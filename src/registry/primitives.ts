import * as z from 'zod';
import type { VersionInfo } from '../contract/versions.ts';
import { IDENTIFIER, ORGANIZATION_IDENTIFIER } from '../identifiers.ts';
import { isBlank, isLongerThan } from '../text.ts';

/** An identifier of the API: 24 lower-case hexadecimal digits. */
export const Identifier = z
  .string()
  .regex(IDENTIFIER, 'must be 24 hexadecimal digits, in lower case')
  .meta({ maxLength: 24 });

/** The identifier of an organization. */
export const OrganizationId = z
  .string()
  .regex(ORGANIZATION_IDENTIFIER, 'must be a DNS label in lower case')
  .meta({ maxLength: 63 });

/** Text that says something: trimmed, and not empty after that. */
export const Text = z.string().trim().min(1);

function lengthCheck(max: number): z.core.CheckFn<string> {
  return (ctx) => {
    if (!isLongerThan(ctx.value, max)) return;
    const message = `must have at most ${max} characters`;
    ctx.issues.push({ code: 'too_big', origin: 'string', maximum: max, input: ctx.value, message });
  };
}

/** Refuses a text of which nothing can be seen. An empty one is refused by its length already. */
const visibleCheck: z.core.CheckFn<string> = (ctx) => {
  if (ctx.value === '' || !isBlank(ctx.value)) return;
  const message = 'must have a character that can be seen';
  ctx.issues.push({ code: 'custom', input: ctx.value, message });
};

/** Any text of at most `max` characters (Unicode code points, as JSON Schema counts them). */
export function atMost(max: number) {
  return z.string().check(lengthCheck(max)).meta({ maxLength: max });
}

/** Text that says something, of at most `max` characters: trimmed, and with something to be seen in it after that. */
export function textOfAtMost(max: number) {
  return Text.check(lengthCheck(max), visibleCheck).meta({ maxLength: max });
}

/**
 * A list of `min` to `max` entries. It is counted before its entries are looked at: what is wrong with each of too many
 * would take more memory than the request.
 */
export function listOfAtMost<Item extends z.ZodType>(item: Item, max: number, min = 0) {
  const {
    $schema: _dialect,
    $defs = {},
    ...own
  } = z.toJSONSchema(item, { io: 'input', unrepresentable: 'any' });
  const items = own.$ref === undefined ? own : $defs[own.$ref.split('/').at(-1) ?? ''];
  const entries = z.array(z.unknown()).max(max, `must have at most ${max} entries`);
  const counted = min === 0 ? entries : entries.min(min);
  return counted.meta({ items }).pipe(z.array(item));
}

export const MAX_TAGS = 20;
export const MAX_TAG_KEY_LENGTH = 64;
export const MAX_TAG_VALUE_LENGTH = 100;

/** What the key of a tag is made of. Marks are what letters of many scripts are written with: "कि", "กำ", "மி". */
const TAG_KEY = /^[\p{L}\p{M}\p{N}_ ]+$/u;

export const TagKey = textOfAtMost(MAX_TAG_KEY_LENGTH).refine((key) => TAG_KEY.test(key), {
  message: 'must consist of letters with their marks, digits, underscores and spaces',
});

export const TagValue = textOfAtMost(MAX_TAG_VALUE_LENGTH).nullable();

/** A pair of a key and a value as it is stored, and what is wrong with it. */
function readTag(key: string, value: unknown) {
  const parsed = { key: TagKey.safeParse(key), value: TagValue.safeParse(value) };
  const issues = [...(parsed.key.error?.issues ?? []), ...(parsed.value.error?.issues ?? [])];
  return { tag: [parsed.key.data ?? key, parsed.value.data ?? null] as const, issues };
}

/** Reads tags entry by entry: a record of zod leaves out the key `__proto__`, which is a key like any other. */
const tagsCheck: z.core.CheckFn<unknown> = (ctx) => {
  const input = ctx.value;
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    const message = 'must be an object of keys and values';
    ctx.issues.push({ code: 'invalid_type', expected: 'record', input, message });
    return;
  }
  const entries = Object.entries(input);
  if (entries.length > MAX_TAGS) {
    const message = `must have at most ${MAX_TAGS} entries`;
    ctx.issues.push({ code: 'too_big', origin: 'object', maximum: MAX_TAGS, input, message });
    return;
  }
  const tags = entries.map(([key, value]) => {
    const { tag, issues } = readTag(key, value);
    for (const issue of issues) ctx.issues.push({ ...issue, path: [key], input: value });
    return tag;
  });
  ctx.value = Object.fromEntries(tags);
};

/** Tags: at most twenty pairs of a key and a value or null. */
export const Tags = (z.unknown().check(tagsCheck) as z.ZodType<Record<string, string | null>>).meta({
  type: 'object',
  propertyNames: { type: 'string', minLength: 1, maxLength: MAX_TAG_KEY_LENGTH },
  additionalProperties: { type: ['string', 'null'], minLength: 1, maxLength: MAX_TAG_VALUE_LENGTH },
  maxProperties: MAX_TAGS,
});
export type Tags = z.infer<typeof Tags>;

/** A version as the key of a map. */
export function versionKey([id, version]: VersionInfo): string {
  return `${id}:${version}`;
}

/** The longest name of anything in a file, in characters: longer ones are texts, and break every list that shows them. */
export const MAX_NAME_LENGTH = 200;
/** The longest text of a file, in characters: some five pages, more than a model follows in one instruction. */
export const MAX_TEXT_LENGTH = 10_000;

/** The name of something in an organization's file. */
export const Name = textOfAtMost(MAX_NAME_LENGTH);
/** A text in an organization's file: an instruction, a description, something that is said. */
export const Prose = textOfAtMost(MAX_TEXT_LENGTH);

/** The longest key term, in characters: a term is a word or a few, and a transcription's prompt has room for 600. */
export const MAX_KEYTERM_LENGTH = 64;
/** A word or a few that are easy to mishear. */
export const KeyTerm = textOfAtMost(MAX_KEYTERM_LENGTH);

/** A record of at most `maxEntries` entries, which its JSON Schema says too. */
export function boundedRecord<Key extends z.ZodString, Value extends z.ZodType>(
  key: Key,
  value: Value,
  maxEntries: number,
) {
  return z
    .record(key, value)
    .refine((record) => Object.keys(record).length <= maxEntries, `must have at most ${maxEntries} entries`)
    .meta({ maxProperties: maxEntries });
}

/** Parameters of a language model's provider, flat: temperature, effort, and the like. */
export const ModelParams = boundedRecord(
  Name,
  z.union([z.string().max(MAX_NAME_LENGTH), z.number(), z.boolean(), z.null()]),
  50,
);
