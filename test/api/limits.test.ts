/** Everything that a caller sends has a maximum: in the schemas, in the document, in `docs/limits.md`, and when it is sent. */
import { exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { openApiDocument } from '../../src/api/openapi.ts';
import { OPERATIONS } from '../../src/api/operations.ts';
import { createApp } from '../../src/app.ts';
import { issueToken } from '../../src/edge/tokens.ts';
import limits from '../../docs/limits.md?raw';
import { publishTestOrganization, testEnv } from '../support/client.ts';
import { ADMIN, ALICE, API_KEY, API_KEY_ID, ORGANIZATION, SERVICE } from '../support/organization.ts';
import {
  alternatives,
  definitionsOf,
  FIELDS,
  hasType,
  jsonSchema,
  REQUESTS,
  requestWith,
  type Field,
  type Schema,
} from '../support/request-fields.ts';
import { LATE_ROUTES } from '../../src/late-groups.ts';

const worker = (exports as unknown as { default: Fetcher }).default;
/** Requests that carry the token of the operator. */
const OPERATOR = new Set(['create-organization', 'import-organization']);
const operator = `Bearer ${testEnv.OPERATOR_TOKEN}`;
let authorization = '';

beforeAll(async () => {
  await publishTestOrganization();
  const identity = { organization: ORGANIZATION, user_id: ADMIN };
  authorization = `Bearer ${(await issueToken(testEnv.SIGNING_KEYS, identity, Date.now())).id_token}`;
});

/** The paths of what has no maximum in a schema. */
function unbounded(schema: Schema, defs: Record<string, Schema>, path: string): string[] {
  const found = alternatives(schema, defs).flatMap((one): string[] => {
    if (one.const !== undefined || one.enum !== undefined) return [];
    if (hasType(one, 'boolean') || hasType(one, 'integer') || hasType(one, 'number')) return [];
    // The bytes of a recording have a bound of their own.
    if (one.format === 'binary') return [];
    if (hasType(one, 'string')) return one.maxLength === undefined ? [path] : [];
    if (hasType(one, 'array')) {
      // A tuple has as many entries as it names.
      if (one.prefixItems !== undefined)
        return one.prefixItems.flatMap((item) => unbounded(item, defs, `${path}.*`));
      const inside = one.items === undefined ? [`${path}.*`] : unbounded(one.items, defs, `${path}.*`);
      return one.maxItems === undefined ? [path, ...inside] : inside;
    }
    if (!hasType(one, 'object')) return [path];
    const members = Object.entries(one.properties ?? {}).flatMap(([name, member]) =>
      unbounded(member, defs, `${path}.${name}`),
    );
    if (typeof one.additionalProperties !== 'object') return members;
    const keys = unbounded(one.propertyNames ?? { type: 'string' }, defs, `${path}.{key}`);
    const values = unbounded(one.additionalProperties, defs, `${path}.{value}`);
    return [...members, ...keys, ...values, ...(one.maxProperties === undefined ? [path] : [])];
  });
  return found;
}

describe('the schemas of requests', () => {
  it.each([...REQUESTS])('have a maximum for every field of $id', ({ params, query, headers, body }) => {
    const schemas = Object.entries({ params, query, headers, ...(body !== undefined && { body }) });
    const found = schemas.flatMap(([place, schema]) => {
      const whole = jsonSchema(schema);
      return unbounded(whole, definitionsOf(whole), place);
    });
    expect(found.join(' ')).toBe('');
  });

  it('are found unbounded when they are', () => {
    const loose: Schema = {
      type: 'object',
      properties: {
        text: { type: 'string' },
        list: { type: 'array', maxItems: 3, items: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
        record: { type: 'object', additionalProperties: { type: 'integer' } },
        any: {},
      },
    };
    expect(unbounded(loose, {}, 'body')).toEqual([
      'body.text',
      'body.list.*',
      'body.record.{key}',
      'body.record',
      'body.any',
    ]);
  });
});

describe('the document', () => {
  const document = openApiDocument(OPERATIONS, 'http://localhost') as {
    paths: Record<string, Record<string, { parameters: unknown[]; requestBody?: unknown }>>;
    components: { schemas: Record<string, Schema> };
  };

  /** Every schema of parameters and bodies, wherever the document holds it. */
  function schemasIn(part: unknown): Schema[] {
    if (typeof part !== 'object' || part === null) return [];
    return Object.entries(part).flatMap(([name, value]) =>
      name === 'schema' ? [value as Schema] : schemasIn(value),
    );
  }

  it.each(Object.entries(document.paths))('has a maximum for everything sent to %s', (_path, methods) => {
    for (const { parameters, requestBody } of Object.values(methods)) {
      const schemas = schemasIn([parameters, requestBody]);
      expect(schemas.flatMap((schema) => unbounded(schema, document.components.schemas, '')).join(' ')).toBe(
        '',
      );
    }
  });
});

/** Routes that read nothing of a request but its path, or that a test of their own goes through. */
const READS_NOTHING = [
  '/healthz',
  '/readyz',
  '/v1/openapi.json',
  '/.well-known/jwks.json',
  '/demo/features',
  '/demo/session',
  '/recordings/:organization/:conversation/:recording',
  '/workbench/api/settings',
  '/workbench/api/identities',
];

it('knows the schemas of every route', async () => {
  const known = new Set([
    ...REQUESTS.map(({ path }) => path.replaceAll(/\{(\w+)\}/g, ':$1').replace(/\/$/, '')),
    ...READS_NOTHING,
  ]);
  const app = createApp();
  for (const { load } of LATE_ROUTES) (await load())(app);
  const routes = app.routes.map(({ path }) => path);
  // Middleware stands under a pattern of paths.
  const unknown = routes.filter((path) => !path.includes('*') && !known.has(path));
  expect([...new Set(unknown)]).toEqual([]);
});

interface Answer {
  status: number;
  errors: { loc: (string | number)[]; type: string }[];
}

async function send(field: Field, size: number): Promise<Answer> {
  const known = {
    organization: ORGANIZATION,
    service_id: SERVICE,
    min_count: 1,
    max_count: 1,
    'x-api-key': API_KEY,
    'x-api-key-id': API_KEY_ID,
    'x-user-id': ALICE,
  };
  const { url, init } = requestWith(field, size, 'x', known);
  const headers = new Headers(init.headers);
  headers.set('authorization', OPERATOR.has(field.request.id) ? operator : authorization);
  const response = await worker.fetch(url, { ...init, headers });
  const body = response.headers.get('content-type')?.includes('json') === true ? await response.text() : '';
  const { errors = [] } = body.startsWith('{"type":"urn') ? (JSON.parse(body) as Partial<Answer>) : {};
  if (body === '') await response.body?.cancel();
  return { status: response.status, errors };
}

/** Tells whether an answer says of a field that it is too large. */
function namesField({ errors }: Answer, { place, name }: Field): boolean {
  return errors.some(({ loc, type }) => loc[0] === place && loc[1] === name && type !== 'custom');
}

describe('a field', () => {
  it.each([...FIELDS])('$title of more than its maximum is refused', async (field) => {
    const answer = await send(field, (field.max ?? 0) + 1);
    // An organization of another name is another one, and a key of another text a wrong one: that is known before
    // anything is parsed.
    if (field.place === 'path' && field.name === 'organization') expect(answer.status).toBe(404);
    else if (['x-api-key', 'x-api-key-id', 'x-user-id'].includes(field.name)) expect(answer.status).toBe(401);
    else expect([answer.status, namesField(answer, field)]).toEqual([422, true]);
  });

  it.each(FIELDS.filter(({ place, isFree }) => isFree && place !== 'path'))(
    '$title of its maximum is not too large',
    async (field) => {
      const answer = await send(field, field.max ?? 0);
      expect(answer.errors.filter(({ type }) => type === 'too_big')).toEqual([]);
      expect(answer.status).toBeLessThan(500);
    },
  );

  it.each([...FIELDS])('$title stands in docs/limits.md with its maximum', ({ request, name, max }) => {
    const rows = limits.split('\n').filter((line) => line.startsWith('|') && line.includes(`\`${name}`));
    const number = String(max).replace(/\B(?=(?:\d{3})+$)/g, ',');
    expect([request.id, name, rows.some((row) => row.includes(number))]).toEqual([request.id, name, true]);
  });
});
