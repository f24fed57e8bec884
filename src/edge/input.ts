import type { Context } from 'hono';
import * as z from 'zod';
import type { FieldError } from '../contract/problem.ts';
import { ProblemError } from '../problems.ts';
import { cut, wellFormed } from '../text.ts';
import { readBody, refuseForeignCharset } from './body.ts';
import type { AppEnv } from './context.ts';
import { queryValues } from './query.ts';
import { illFormedPaths, notUnicode } from './unicode.ts';

/** Schemas of the input of an operation. */
export interface InputSchemas {
  params: z.ZodObject;
  query: z.ZodObject;
  headers: z.ZodObject;
  /** Schema of a JSON body; absent if the operation has no body or reads it itself. */
  body?: z.ZodType | undefined;
}

/**
 * Maximum number of errors that a problem lists, and maximum length in UTF-16 units and depth of the names that it
 * repeats.
 */
export const MAX_LISTED_ERRORS = 100;
const MAX_NAME_LENGTH = 100;
const MAX_DEPTH = 16;

/** Returns an error with the caller's names cut to their maximums, and as well-formed Unicode. */
function listed({ loc, msg, type }: FieldError): FieldError {
  const shown = loc
    .slice(0, MAX_DEPTH)
    .map((part) => (typeof part === 'string' ? wellFormed(cut(part, MAX_NAME_LENGTH)) : part));
  return { loc: shown, msg, type };
}

/**
 * Returns the problem of an invalid request (422) with its errors, up to `MAX_LISTED_ERRORS`. `error_count` is the
 * number of all errors.
 */
export function invalidRequest(errors: readonly FieldError[]): ProblemError {
  const shown = errors.slice(0, MAX_LISTED_ERRORS).map(listed);
  const [first] = shown;
  const where = first === undefined ? '' : ` ${first.loc.join('.')}: ${first.msg}.`;
  const more =
    errors.length > shown.length ? ` The first ${shown.length} of ${errors.length} errors are listed.` : '';
  return new ProblemError({
    code: 'request_invalid',
    detail: `The request is not valid.${where.replace(/\.\.$/, '.')}${more}`,
    errors: shown,
    error_count: errors.length,
  });
}

/** Returns the errors of a schema as fields at `place`, such as `query` or `body`. */
export function fieldErrors(place: string, error: z.ZodError): FieldError[] {
  return error.issues.map((issue) => ({
    loc: [place, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))],
    msg: issue.message,
    type: issue.code,
  }));
}

/** Returns the type inside of a schema that is optional, has a default, or transforms its input. */
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

/** Texts that the published API accepts for true and false. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['true', '1', 'yes', 'on', 't', 'y'].map((word) => [word, true] as const),
  ...['false', '0', 'no', 'off', 'f', 'n'].map((word) => [word, false] as const),
]);

/**
 * Returns the text of a query parameter as the type of its schema. Text that is not of that type stays text, and the
 * schema refuses it.
 */
function queryValue(values: string[], schema: z.core.$ZodType): unknown {
  const type = coreType(schema);
  if (type instanceof z.ZodArray) return values;
  const value = values.at(-1) ?? '';
  if (type instanceof z.ZodNumber) return /^-?\d+$/.test(value) ? Number(value) : value;
  if (type instanceof z.ZodBoolean) return BOOLEANS.get(value.toLowerCase()) ?? value;
  return value;
}

function readQuery(
  c: Context<AppEnv>,
  shape: z.ZodObject['shape'],
): { query: Record<string, unknown>; errors: FieldError[] } {
  const query: Record<string, unknown> = {};
  const errors: FieldError[] = [];
  const sent = queryValues(c.req.url);
  for (const [name, schema] of Object.entries(shape)) {
    const values = sent.get(name) ?? [];
    const texts = values.filter((value) => value !== null);
    if (texts.length < values.length) errors.push(notUnicode(['query', name]));
    if (texts.length > 0) query[name] = queryValue(texts, schema);
  }
  return { query, errors };
}

/** Returns the headers of a schema, with names in any case. A list is divided at commas. */
function readHeaders(c: Context<AppEnv>, shape: z.ZodObject['shape']): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(shape)) {
    const value = c.req.header(name);
    if (value === undefined) continue;
    const isList = coreType(schema) instanceof z.ZodArray;
    read[name] = isList ? value.split(',').map((entry) => entry.trim()) : value;
  }
  return read;
}

async function readJson(c: Context<AppEnv>): Promise<{ body: unknown; errors: FieldError[] }> {
  const bytes = await readBody(c.req.raw);
  if (bytes.byteLength === 0) return { body: undefined, errors: [] };
  refuseForeignCharset(c.req.raw);
  let text: string;
  let body: unknown;
  try {
    // RFC 8259: JSON is UTF-8. Other bytes are refused, because decoding would lose characters.
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
    body = text.trim() === '' ? undefined : JSON.parse(text);
  } catch {
    throw invalidRequest([{ loc: ['body'], msg: 'the body is not valid JSON', type: 'json_invalid' }]);
  }
  const broken = illFormedPaths(text, body, MAX_LISTED_ERRORS);
  return { body, errors: broken.map((path) => notUnicode(['body', ...path])) };
}

/**
 * Parses the input of an operation. Throws 422 with the errors of all places together; 413, 408 and 415 for a JSON body
 * that cannot be read.
 */
export async function readInput(c: Context<AppEnv>, schemas: InputSchemas) {
  const errors: FieldError[] = [];
  const parse = (place: string, schema: z.ZodType, value: unknown): unknown => {
    const result = schema.safeParse(value);
    if (!result.success) for (const error of fieldErrors(place, result.error)) errors.push(error);
    return result.data;
  };
  const params = parse('path', schemas.params, c.req.param());
  const sent = readQuery(c, schemas.query.shape);
  errors.push(...sent.errors);
  const query = parse('query', schemas.query, sent.query);
  const headers = parse('header', schemas.headers, readHeaders(c, schemas.headers.shape));
  const json = schemas.body === undefined ? undefined : await readJson(c);
  if (json !== undefined) errors.push(...json.errors);
  const body = schemas.body && parse('body', schemas.body, json?.body);
  if (errors.length > 0) throw invalidRequest(errors);
  return { params, query, headers, body };
}
