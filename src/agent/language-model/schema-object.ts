/**
 * Renders schemas of answers as JSON Schema for models. It knows the kinds of schemas that answers have. zod's own
 * renderer knows all kinds, and is a twentieth of the bundle.
 */
import * as z from 'zod';
import type { SchemaObject } from './chat/port.ts';

/** A check of a schema, of those that limit a value, a length or a number of entries. */
interface Check {
  minimum?: number;
  maximum?: number;
  value?: number;
  inclusive?: boolean;
  check: string;
}

/** Returns the limits of a schema under the names that JSON Schema has for them. The limits of `within` hold too. */
function limits(schema: z.ZodType, least: string, most: string, within: Range = {}): SchemaObject {
  let { minimum = -Infinity, maximum = Infinity } = within;
  for (const { _zod } of schema.def.checks ?? []) {
    const check = _zod.def as Check;
    if (check.inclusive === false) throw new Error('A schema of an answer excludes its limit.');
    const from = check.check === 'greater_than' ? check.value : check.minimum;
    const to = check.check === 'less_than' ? check.value : check.maximum;
    minimum = Math.max(minimum, from ?? minimum);
    maximum = Math.min(maximum, to ?? maximum);
  }
  return {
    ...(minimum !== -Infinity && { [least]: minimum }),
    ...(maximum !== Infinity && { [most]: maximum }),
  };
}

interface Range {
  minimum?: number;
  maximum?: number;
}

const INTEGERS: Range = { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };

function numberObject(schema: z.ZodNumber): SchemaObject {
  const isInteger = schema instanceof z.ZodNumberFormat;
  const range = limits(schema, 'minimum', 'maximum', isInteger ? INTEGERS : {});
  return { type: isInteger ? 'integer' : 'number', ...range };
}

function objectOf(schema: z.ZodObject): SchemaObject {
  const properties = Object.entries(schema.shape).map(
    ([name, member]) => [name, schemaObject(member as z.ZodType)] as const,
  );
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: properties.map(([name]) => name),
  };
}

/**
 * Returns the JSON Schema of what a schema takes, before its transformations. All members of its objects are required.
 * Throws an `Error` for a kind of schema that answers do not have.
 */
export function schemaObject(schema: z.core.$ZodType): SchemaObject {
  if (schema instanceof z.ZodPipe) return schemaObject(schema.in);
  if (schema instanceof z.ZodObject) return objectOf(schema);
  if (schema instanceof z.ZodArray) {
    return { type: 'array', items: schemaObject(schema.element), ...limits(schema, 'minItems', 'maxItems') };
  }
  if (schema instanceof z.ZodUnion) return { anyOf: schema.options.map((option) => schemaObject(option)) };
  if (schema instanceof z.ZodString) return { type: 'string', ...limits(schema, 'minLength', 'maxLength') };
  if (schema instanceof z.ZodNumber) return numberObject(schema);
  if (schema instanceof z.ZodEnum) return { type: 'string', enum: schema.options };
  if (schema instanceof z.ZodBoolean) return { type: 'boolean' };
  if (schema instanceof z.ZodNull) return { type: 'null' };
  if (schema instanceof z.ZodRecord) return { type: 'object', additionalProperties: {} };
  throw new Error('A schema of an answer is of a kind that cannot be rendered.');
}
