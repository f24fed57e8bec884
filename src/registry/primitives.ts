import * as z from 'zod';
import { IDENTIFIER } from '../identifiers.ts';

/** An identifier of the API: 24 lower-case hexadecimal digits. */
export const Identifier = z.string().regex(IDENTIFIER, 'must be 24 hexadecimal digits, in lower case');

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
