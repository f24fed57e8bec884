/** Checks the input of a tool. It is loaded with the first call of a tool: the evaluator of JSON Schemas is large. */
import { Validator } from '@cfworker/json-schema';
import type { JsonSchema } from '../registry/capabilities.ts';

/** Returns what is wrong with an input by the schema of its tool, in sentences; null when nothing is. */
export function complaintAbout(input: Record<string, unknown>, schema: JsonSchema): string | null {
  const { valid, errors } = new Validator(schema).validate(input);
  return valid ? null : errors.map(({ error }) => error).join(' ');
}
