import * as z from 'zod';
import type { VersionInfo } from '../contract/versions.ts';
import { IDENTIFIER, ORGANIZATION_IDENTIFIER } from '../identifiers.ts';
import { isBlank, isLongerThan } from '../text.ts';

/** Schema of an identifier of the API: 24 lower-case hexadecimal digits. */
export const Identifier = z
  .string()
  .regex(IDENTIFIER, 'must be 24 hexadecimal digits, in lower case')
  .meta({ maxLength: 24 });

/** Schema of an organization's identifier. */
export const OrganizationId = z
  .string()
  .regex(ORGANIZATION_IDENTIFIER, 'must be a DNS label in lower case')
  .meta({ maxLength: 63 });

/** Schema of a text that is not empty after white space is trimmed. */
export const Text = z.string().trim().min(1);

function lengthCheck(max: number): z.core.CheckFn<string> {
  return (ctx) => {
    if (!isLongerThan(ctx.value, max)) return;
    const message = `must have at most ${max} characters`;
    ctx.issues.push({ code: 'too_big', origin: 'string', maximum: max, input: ctx.value, message });
  };
}

/** Refuses a text without a visible character. The check of the length refuses an empty one. */
const visibleCheck: z.core.CheckFn<string> = (ctx) => {
  if (ctx.value === '' || !isBlank(ctx.value)) return;
  const message = 'must have a character that can be seen';
  ctx.issues.push({ code: 'custom', input: ctx.value, message });
};

/** Returns the schema of any text of at most `max` characters (Unicode code points, as JSON Schema counts them). */
export function atMost(max: number) {
  return z.string().check(lengthCheck(max)).meta({ maxLength: max });
}

/** Returns the schema of a trimmed text of at most `max` characters with at least one visible character. */
export function textOfAtMost(max: number) {
  return Text.check(lengthCheck(max), visibleCheck).meta({ maxLength: max });
}

/** Returns the JSON Schema of an item, for the document. */
function itemSchema(item: z.ZodType) {
  const {
    $schema: _dialect,
    $defs = {},
    ...own
  } = z.toJSONSchema(item, { io: 'input', unrepresentable: 'any' });
  return own.$ref === undefined ? own : $defs[own.$ref.split('/').at(-1) ?? ''];
}

/**
 * Returns the schema of a list of `min` to `max` entries. It checks the number before the entries, because the errors
 * of too many entries would take more memory than the request.
 */
export function listOfAtMost<Item extends z.ZodType>(item: Item, max: number, min = 0) {
  const entries = z.array(z.unknown()).max(max, `must have at most ${max} entries`);
  const counted = min === 0 ? entries : entries.min(min);
  // Production's bundle is without metadata (scripts/without-prose.ts), so that nothing renders there.
  return counted.meta({ items: itemSchema(item) }).pipe(z.array(item));
}

/** Maximum number of tags of a conversation or service. */
export const MAX_TAGS = 20;
/** Maximum length of a tag's key in characters. */
export const MAX_TAG_KEY_LENGTH = 64;
/** Maximum length of a tag's value in characters. */
export const MAX_TAG_VALUE_LENGTH = 100;

/** Matches the key of a tag. Many scripts write letters with marks: "कि", "กำ", "மி". */
const TAG_KEY = /^[\p{L}\p{M}\p{N}_ ]+$/u;

/** Schema of a tag's key. */
export const TagKey = textOfAtMost(MAX_TAG_KEY_LENGTH).refine((key) => TAG_KEY.test(key), {
  message: 'must consist of letters with their marks, digits, underscores and spaces',
});

/** Schema of a tag's value: a text or null. */
export const TagValue = textOfAtMost(MAX_TAG_VALUE_LENGTH).nullable();

/** Returns a tag as it is stored, and its issues. */
function readTag(key: string, value: unknown) {
  const parsed = { key: TagKey.safeParse(key), value: TagValue.safeParse(value) };
  const issues = [...(parsed.key.error?.issues ?? []), ...(parsed.value.error?.issues ?? [])];
  return { tag: [parsed.key.data ?? key, parsed.value.data ?? null] as const, issues };
}

/** Checks tags entry by entry: a record of zod leaves out the key `__proto__`, which is a valid key. */
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

/** Schema of tags: at most `MAX_TAGS` pairs of a key and a text or null. */
export const Tags = (z.unknown().check(tagsCheck) as z.ZodType<Record<string, string | null>>).meta({
  type: 'object',
  propertyNames: { type: 'string', minLength: 1, maxLength: MAX_TAG_KEY_LENGTH },
  additionalProperties: { type: ['string', 'null'], minLength: 1, maxLength: MAX_TAG_VALUE_LENGTH },
  maxProperties: MAX_TAGS,
});
export type Tags = z.infer<typeof Tags>;

/** Returns a version as a text, to be the key of a map. */
export function versionKey([id, version]: VersionInfo): string {
  return `${id}:${version}`;
}

/** Maximum length of a name in a file, in characters. A longer one would not fit into lists. */
export const MAX_NAME_LENGTH = 200;
/**
 * Maximum length of a text in a file, in characters: about five pages, more than a model follows in one instruction.
 */
export const MAX_TEXT_LENGTH = 10_000;

/** Schema of a name in an organization's file. */
export const Name = textOfAtMost(MAX_NAME_LENGTH);
/** Schema of the name of an agent or a graph apart from its versions; its maximum is that of the published API. */
export const BlueprintName = textOfAtMost(256);
/** Schema of a text in an organization's file, such as an instruction, a description or a message. */
export const Prose = textOfAtMost(MAX_TEXT_LENGTH);

/** Schema of a code of ISO 639-3. `checks/services.ts` and `checks/people.ts` check that the code exists. */
export const Language = z.string().length(3, 'must be a code of three letters (ISO 639-3)');

/** Maximum length of an address of e-mail in characters (RFC 5321, section 4.5.3.1.3). */
export const MAX_EMAIL_LENGTH = 254;
/** Schema of an address of e-mail. */
export const Email = z.email('must be an address of e-mail').max(MAX_EMAIL_LENGTH);

/**
 * Maximum length of a key term in characters. A term has one word or a few, and the prompt of a transcription has room
 * for 600 characters.
 */
export const MAX_KEYTERM_LENGTH = 64;
/** Schema of a key term: words that transcription often gets wrong. */
export const KeyTerm = textOfAtMost(MAX_KEYTERM_LENGTH);

/** Returns the schema of a record of at most `maxEntries` entries. Its JSON Schema has the maximum too. */
export function boundedRecord<Key extends z.ZodString, Value extends z.ZodType>(
  key: Key,
  value: Value,
  maxEntries: number,
) {
  return z
    .record(key, value)
    .check((ctx) => {
      if (Object.keys(ctx.value).length <= maxEntries) return;
      const message = `must have at most ${maxEntries} entries`;
      ctx.issues.push({ code: 'too_big', origin: 'object', maximum: maxEntries, input: ctx.value, message });
    })
    .meta({ maxProperties: maxEntries });
}

/** Schema of parameters for a provider of language models, without nesting: temperature, effort and others. */
export const ModelParams = boundedRecord(
  Name,
  z.union([z.string().max(MAX_NAME_LENGTH), z.number(), z.boolean(), z.null()]),
  50,
);
