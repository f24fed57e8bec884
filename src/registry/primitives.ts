import * as z from 'zod';
import { IDENTIFIER } from '../identifiers.ts';
import { isBlank } from '../text.ts';

/** An identifier of the API: 24 lower-case hexadecimal digits. */
export const Identifier = z.string().regex(IDENTIFIER, 'must be 24 hexadecimal digits, in lower case');

/** An identifier of an organization: it is part of addresses and of names of objects. */
export const OrganizationId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be a DNS label in lower case');

/** Text that says something: trimmed, and not empty after that. */
export const Text = z.string().trim().min(1);

export const MAX_TAGS = 20;
export const MAX_TAG_VALUE_LENGTH = 100;

export const TagKey = z
  .string()
  .trim()
  .min(1)
  .regex(/^[\p{L}\p{N}_ ]+$/u, 'must consist of letters, digits, underscores and spaces');

export const TagValue = z.string().trim().min(1).max(MAX_TAG_VALUE_LENGTH).nullable();

/** Tags: at most twenty pairs of a key and a value or null. */
export const Tags = z
  .record(TagKey, TagValue)
  .refine((tags) => Object.keys(tags).length <= MAX_TAGS, `must have at most ${MAX_TAGS} entries`)
  .meta({ maxProperties: MAX_TAGS });
export type Tags = z.infer<typeof Tags>;

/** The identifier of a versioned thing and the number of one of its versions. */
export const VersionInfo = z.tuple([z.string(), z.int()]);
export type VersionInfo = z.infer<typeof VersionInfo>;

/** A version as the key of a map. */
export function versionKey([id, version]: VersionInfo): string {
  return `${id}:${version}`;
}

/** The longest name of anything in a file, in UTF-16 units: longer ones are texts, and break every list that shows them. */
export const MAX_NAME_LENGTH = 200;
/** The longest text of a file, in UTF-16 units: some five pages, more than a model follows in one instruction. */
export const MAX_TEXT_LENGTH = 10_000;

/** Text of at most `maxLength` UTF-16 units that shows something: trimmed, and not only of invisible characters. */
function visible(maxLength: number) {
  return z
    .string()
    .trim()
    .max(maxLength)
    .refine((text) => !isBlank(text), 'must not be empty')
    .meta({ minLength: 1 });
}

/** The name of something in an organization's file. */
export const Name = visible(MAX_NAME_LENGTH);
/** A text in an organization's file: an instruction, a description, something that is said. */
export const Prose = visible(MAX_TEXT_LENGTH);

/** The longest key term, in UTF-16 units: a term is a word or a few, and a transcription's prompt has room for 600. */
export const MAX_KEYTERM_LENGTH = 64;
/** A word or a few that are easy to mishear. */
export const KeyTerm = visible(MAX_KEYTERM_LENGTH);

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
