import type { Context } from 'hono';
import * as z from 'zod';
import { ProblemError, type FieldError } from '../problems.ts';
import { readBody, refuseForeignCharset } from './body.ts';
import type { AppEnv } from './context.ts';

/** The schemas of what an operation takes. */
export interface InputSchemas {
  params: z.ZodObject;
  query: z.ZodObject;
  headers: z.ZodObject;
  /** A JSON body; absent where there is none, or where the operation reads its body itself. */
  body?: z.ZodType | undefined;
}

/** A request that does not fit its schemas: 422, with every field that is wrong. */
export function invalidRequest(errors: FieldError[]): ProblemError {
  const [first] = errors;
  const where = first === undefined ? '' : ` ${first.loc.join('.')}: ${first.msg}.`;
  return new ProblemError({
    code: 'request_invalid',
    detail: `The request is not valid.${where}`.replace(/\.\.$/, '.'),
    errors,
  });
}

export function fieldErrors(place: string, error: z.ZodError): FieldError[] {
  return error.issues.map((issue) => ({
    loc: [place, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))],
    msg: issue.message,
    type: issue.code,
  }));
}

/** The type behind what is optional, has a default, or is transformed after it was read. */
function coreType(schema: z.core.$ZodType): z.core.$ZodType {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodPrefault
  ) {
    return coreType(schema.def.innerType);
  }
  return schema instanceof z.ZodPipe ? coreType(schema.def.in) : schema;
}

/** The words for truth that the published API takes. */
const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  '1': true,
  yes: true,
  on: true,
  t: true,
  y: true,
  false: false,
  '0': false,
  no: false,
  off: false,
  f: false,
  n: false,
};

/** A query parameter's text as the type its schema speaks of; text that is no such thing is left for the schema. */
function queryValue(values: string[], schema: z.core.$ZodType): unknown {
  const type = coreType(schema);
  if (type instanceof z.ZodArray) return values;
  const value = values.at(-1) ?? '';
  if (type instanceof z.ZodNumber) return /^-?\d+$/.test(value) ? Number(value) : value;
  if (type instanceof z.ZodBoolean) return BOOLEANS[value.toLowerCase()] ?? value;
  return value;
}

function readQuery(c: Context<AppEnv>, shape: z.ZodObject['shape']): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(shape)) {
    const values = c.req.queries(name);
    if (values !== undefined && values.length > 0) read[name] = queryValue(values, schema);
  }
  return read;
}

async function readJson(c: Context<AppEnv>): Promise<unknown> {
  const body = await readBody(c.req.raw);
  if (body.byteLength === 0) return undefined;
  refuseForeignCharset(c.req.raw);
  try {
    // RFC 8259: JSON is UTF-8. What is not, is refused rather than stored with holes in it.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(body);
    return text.trim() === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    throw invalidRequest([{ loc: ['body'], msg: 'the body is not valid JSON', type: 'json_invalid' }]);
  }
}

/**
 * Parses everything that an operation takes. Throws 422 with all that is wrong, in all places at once; 413, 408 and 415
 * for a JSON body that cannot be read.
 */
export async function readInput(c: Context<AppEnv>, schemas: InputSchemas) {
  const errors: FieldError[] = [];
  const parse = (place: string, schema: z.ZodType, value: unknown): unknown => {
    const result = schema.safeParse(value);
    if (!result.success) errors.push(...fieldErrors(place, result.error));
    return result.data;
  };
  const params = parse('path', schemas.params, c.req.param());
  const query = parse('query', schemas.query, readQuery(c, schemas.query.shape));
  const headers = parse('header', schemas.headers, c.req.header());
  const body = schemas.body && parse('body', schemas.body, await readJson(c));
  if (errors.length > 0) throw invalidRequest(errors);
  return { params, query, headers, body };
}
