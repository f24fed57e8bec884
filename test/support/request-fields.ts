/**
 * Every field of every request, read off the schemas of the operations and of the workbench, with a way to send it at any
 * size. What is not in a schema here is refused by `test/api/limits.test.ts`.
 */
import * as z from 'zod';
import { OpeningsInput } from '../../src/api/demo-tools.ts';
import { CreateOrganizationBody } from '../../src/api/organizations/create.ts';
import { ImportQuery } from '../../src/api/organizations/import.ts';
import { OrganizationParams } from '../../src/api/parameters.ts';
import { OPERATIONS } from '../../src/api/operations.ts';
import { SessionBody } from '../../src/workbench/development.ts';
import { PublishQuery, RevisionQuery } from '../../src/workbench/publishing.ts';
import { ENDPOINTS } from '../../src/workbench/routes.ts';

/** A JSON Schema, as far as it is read here. */
export interface Schema {
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  items?: Schema;
  prefixItems?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  propertyNames?: Schema;
  additionalProperties?: Schema | boolean;
  pattern?: string;
  format?: string;
  maxLength?: number;
  maxItems?: number;
  minItems?: number;
  maxProperties?: number;
  minimum?: number;
  exclusiveMinimum?: number;
  default?: unknown;
}

type Place = 'path' | 'query' | 'header' | 'body';

/** Schemas of a request. */
interface RequestSchemas {
  id: string;
  method: string;
  path: string;
  params: z.ZodObject;
  query: z.ZodObject;
  headers: z.ZodObject;
  body?: z.ZodType | undefined;
  isForm: boolean;
}

const NOTHING = z.object({});

function bodyOf({ body, documentedBody }: (typeof OPERATIONS)[number]): z.ZodType | undefined {
  if (body !== undefined) return body;
  // A body that the operation reads itself stands in the document, beside the media type or under it.
  return Object.values(documentedBody ?? {}).find((value): value is z.ZodType => value instanceof z.ZodType);
}

/** Every request that something is read of. */
export const REQUESTS: readonly RequestSchemas[] = [
  ...OPERATIONS.map((operation) => ({
    ...operation,
    body: bodyOf(operation),
    isForm: operation.body === undefined && !('application/json' in (operation.documentedBody ?? {})),
  })),
  ...ENDPOINTS.map(({ id, path, schemas }) => ({ id, path, method: 'get', isForm: false, ...schemas })),
  ...[
    { id: 'workbench-session', path: '/workbench/api/session', method: 'post', body: SessionBody },
    {
      id: 'create-organization',
      path: '/v1/{organization}/organization/',
      method: 'put',
      params: OrganizationParams,
      body: CreateOrganizationBody,
    },
    // Its body is an organization's file as well.
    {
      id: 'import-organization',
      path: '/v1/{organization}/organization/import',
      method: 'post',
      params: OrganizationParams,
      query: ImportQuery,
    },
    { id: 'demo-openings', path: '/demo/tools/openings', method: 'post', body: OpeningsInput },
    // Its body is an organization's file, which the registry's own schemas bound.
    { id: 'workbench-publish', path: '/workbench/api/publish', method: 'post', query: PublishQuery },
    { id: 'workbench-revision', path: '/workbench/api/revision', method: 'get', query: RevisionQuery },
  ].map((request) => ({ params: NOTHING, query: NOTHING, headers: NOTHING, isForm: false, ...request })),
];

export function jsonSchema(schema: z.ZodType): Schema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as Schema;
}

/** The alternatives of a schema without null, references resolved. */
export function alternatives(schema: Schema, defs: Record<string, Schema>): Schema[] {
  const { $ref } = schema as { $ref?: string };
  if ($ref !== undefined) return alternatives(defs[$ref.split('/').at(-1) ?? ''] ?? {}, defs);
  const nested = schema.anyOf ?? schema.oneOf;
  if (nested !== undefined) return nested.flatMap((one) => alternatives(one, defs));
  return schema.type === 'null' ? [] : [schema];
}

export function definitionsOf(schema: Schema): Record<string, Schema> {
  return (schema as { $defs?: Record<string, Schema> }).$defs ?? {};
}

export function hasType({ type }: Schema, name: string): boolean {
  return [type].flat().includes(name);
}

/** A value that a schema takes; the `index`th of different ones. */
export function sample(schema: Schema, index = 0): unknown {
  const [first = schema] = alternatives(schema, {});
  if (first.const !== undefined) return first.const;
  if (first.enum !== undefined) return first.enum[0];
  if (first.default !== undefined) return first.default;
  if (hasType(first, 'string')) {
    if (first.pattern !== undefined) return index.toString(16).padStart(24, '0');
    return first.format === 'date-time' ? '2026-01-01T00:00:00Z' : `x${index}`;
  }
  if (hasType(first, 'array')) {
    return Array.from({ length: first.minItems ?? 0 }, (_, n) => sample(first.items ?? {}, n));
  }
  if (hasType(first, 'integer')) return Math.max(first.minimum ?? 1, 1);
  const { properties = {}, required = [] } = first;
  return Object.fromEntries(required.map((name) => [name, sample(properties[name] ?? {}, index)]));
}

/** Something of a request that can be larger or smaller: the length of a text, the entries of a list or a record. */
export interface Field {
  request: RequestSchemas;
  /** For the title of a test, such as `create-conversation body.tags.{key}`. */
  title: string;
  place: Place;
  /** The name of the parameter, or of the member of the body. */
  name: string;
  what: 'text' | 'list' | 'record';
  /** True if any text is valid, so the field is no identifier. */
  isFree: boolean;
  /** In characters or entries; undefined when the schema has none. */
  max: number | undefined;
  /** The value of the parameter or member with this field at a size; texts are made of a repetition. */
  valueOf: (size: number, repeated: string) => unknown;
  /** The variant of the body that the field belongs to. */
  variant: Schema | null;
}

type Slot = Pick<Field, 'what' | 'isFree' | 'max' | 'valueOf'> & { path: string };

function text(size: number, repeated: string): string {
  return repeated.repeat(Math.ceil(size / repeated.length)).slice(0, size);
}

function slotsOf(
  schema: Schema,
  defs: Record<string, Schema>,
  path: string,
  wrap: (value: unknown) => unknown,
): Slot[] {
  return alternatives(schema, defs).flatMap((one): Slot[] => {
    if (one.const !== undefined || one.enum !== undefined) return [];
    // A file part is read as the text that stands beside it in the schema, or as a recording, which is bounded by bytes.
    if (one.format === 'binary') return [];
    if (hasType(one, 'string')) {
      const isFree = one.pattern === undefined;
      const valueOf: Field['valueOf'] = (size, repeated) => wrap(text(size, isFree ? repeated : '0'));
      return [{ path, what: 'text', isFree, max: one.maxLength, valueOf }];
    }
    if (hasType(one, 'array')) {
      const items = one.items ?? {};
      const valueOf = (size: number) =>
        wrap(Array.from({ length: size }, (_, index) => sample(items, index)));
      return [
        { path, what: 'list', isFree: true, max: one.maxItems, valueOf },
        ...slotsOf(items, defs, `${path}.*`, (value) => wrap([value])),
      ];
    }
    const { propertyNames, additionalProperties: values } = one;
    if (typeof values !== 'object') return [];
    const record = (size: number) =>
      Array.from({ length: size }, (_, index) => [`k${index}`, sample(values)]);
    const valueOf = (size: number) => wrap(Object.fromEntries(record(size)));
    const named = (key: unknown) => wrap(Object.fromEntries([[String(key), sample(values)]]));
    return [
      { path, what: 'record', isFree: true, max: one.maxProperties, valueOf },
      ...slotsOf(propertyNames ?? { type: 'string' }, defs, `${path}.{key}`, named),
      ...slotsOf(values, defs, `${path}.{value}`, (value) => wrap({ key: value })),
    ];
  });
}

function fieldsIn(request: RequestSchemas, place: Place, schema: z.ZodType): Field[] {
  const whole = jsonSchema(schema);
  const defs = definitionsOf(whole);
  return alternatives(whole, defs).flatMap((variant) =>
    Object.entries(variant.properties ?? {}).flatMap(([name, property]) =>
      slotsOf(property, defs, name, (value) => value).map(({ path, ...slot }) => ({
        ...slot,
        request,
        title: `${request.id} ${place}.${path} (${slot.what})`,
        place,
        name,
        variant: place === 'body' ? variant : null,
      })),
    ),
  );
}

/** Every field of every request. A form that is skipped has none. */
export const FIELDS: readonly Field[] = REQUESTS.flatMap((request) => [
  ...fieldsIn(request, 'path', request.params),
  ...fieldsIn(request, 'query', request.query),
  ...fieldsIn(request, 'header', request.headers),
  ...(request.body === undefined ? [] : fieldsIn(request, 'body', request.body)),
]).filter(({ variant }) => (variant?.properties?.['initial_message_type']?.const ?? '') !== 'skip');

type Values = Record<string, unknown>;

function samplesOf(schema: Schema): Values {
  return sample(schema) as Values;
}

function form(values: Values): FormData {
  const body = new FormData();
  for (const [name, value] of Object.entries(values)) {
    for (const entry of [value].flat()) body.append(name, String(entry));
  }
  return body;
}

/** The parts of a request with one field at a size. `known` are the values of parameters and members that must exist. */
export function requestWith(
  { request, place, name, variant, valueOf }: Field,
  size: number,
  repeated: string,
  known: Values,
): { url: string; init: RequestInit } {
  const changed = { [name]: valueOf(size, repeated) };
  const placed = (where: Place, schema: Schema): Values => {
    const values = { ...samplesOf(schema) };
    for (const key of Object.keys(schema.properties ?? {})) if (key in known) values[key] = known[key];
    return { ...values, ...(place === where && changed) };
  };
  const params = placed('path', jsonSchema(request.params));
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(placed('query', jsonSchema(request.query)))) {
    for (const entry of [value].flat()) query.append(key, String(entry));
  }
  const headers = new Headers();
  for (const [key, value] of Object.entries(placed('header', jsonSchema(request.headers)))) {
    if (key !== 'content-type' || place === 'header') headers.set(key, String(value));
  }
  const path = request.path.replaceAll(/\{(\w+)\}|:(\w+)/g, (_match, braced: string, colon: string) =>
    encodeURIComponent(String(params[braced ?? colon])),
  );
  const init: RequestInit = { method: request.method.toUpperCase(), headers };
  if (request.body !== undefined) {
    const whole = jsonSchema(request.body);
    const [first = {}] = alternatives(whole, definitionsOf(whole));
    const values = placed('body', variant ?? first);
    if (!request.isForm) headers.set('content-type', 'application/json');
    init.body = request.isForm ? form(values) : JSON.stringify(values);
  }
  return { url: `http://localhost${path}?${query.toString()}`, init };
}
