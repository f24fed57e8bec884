import { LateModule } from '../late-module.ts';
import type { JsonSchema } from '../registry/capabilities.ts';

const evaluator = new LateModule(() => import('./json-schema.ts'));

/** Returns the faults of a tool's input by the schema of the tool, in sentences; null for a valid input. */
export async function inputFaults(
  input: Record<string, unknown>,
  schema: JsonSchema,
): Promise<string | null> {
  const { Validator } = evaluator.module ?? (await evaluator.load());
  const { valid, errors } = new Validator(schema).validate(input);
  return valid ? null : errors.map(({ error }) => error).join(' ');
}
