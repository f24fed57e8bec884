/** A handler answers what its operation documents. The compiler refuses everything else. */
import { Hono } from 'hono';
import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { operation, type Operation } from '../../src/api/operation.ts';
import { NoQuery } from '../../src/api/parameters.ts';
import { CreateStreamEvent, InteractStreamEvent } from '../../src/contract/stream.ts';
import type { AppEnv } from '../../src/edge/context.ts';
import type { EventLines } from '../../src/edge/ndjson.ts';

const declaration = {
  id: 'test',
  tag: 'User',
  summary: 'Test',
  description: 'Test.',
  method: 'get',
  path: '/v1/{organization}/test',
  credentials: 'optional',
  rateLimit: null,
  access: { requires: [], impactedBy: [] },
  params: z.object({}),
  query: NoQuery,
  headers: z.object({}),
} as const;

const Fruit = z.object({ name: z.string(), weight: z.number().nullable() });

const json = {
  ...declaration,
  answers: {
    200: { description: 'A fruit.', content: { type: 'application/json', schema: Fruit } },
    404: { description: 'There is none.' },
  },
} as const;
const created = {
  ...declaration,
  answers: {
    201: { description: 'Events.', content: { type: 'application/x-ndjson', schema: CreateStreamEvent } },
  },
} as const;
const interacted = {
  ...declaration,
  answers: {
    200: { description: 'Events.', content: { type: 'application/x-ndjson', schema: InteractStreamEvent } },
  },
} as const;
const empty = { ...declaration, answers: { 204: { description: 'Done.' } } } as const;

const createLines: EventLines<CreateStreamEvent> = { body: new Response('{}\n').body };

/** Serves an operation without its gates. */
async function answerOf({ handler }: Operation): Promise<[number, string | null, string]> {
  const app = new Hono<AppEnv>().get('/', handler);
  const response = await app.request('/');
  return [response.status, response.headers.get('content-type'), await response.text()];
}

describe('an answer that fits its declaration', () => {
  it('has the declared status and the declared kind of body', async () => {
    expect(await answerOf(operation(json, ({ answer }) => answer({ name: 'apple', weight: null })))).toEqual([
      200,
      'application/json',
      '{"name":"apple","weight":null}',
    ]);
    expect(await answerOf(operation(created, ({ answer }) => answer(createLines)))).toEqual([
      201,
      'application/x-ndjson',
      '{}\n',
    ]);
    expect(await answerOf(operation(empty, ({ answer }) => answer()))).toEqual([204, null, '']);
  });

  it('has the headers that the handler adds', async () => {
    const { handler } = operation(json, ({ answer }) =>
      answer({ name: 'apple', weight: 1 }, { 'cache-control': 'no-store' }),
    );
    const response = await new Hono<AppEnv>().get('/', handler).request('/');
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('has the declared status without a body too', async () => {
    const accepted = { ...declaration, answers: { 201: { description: 'Made.' } } } as const;
    expect(await answerOf(operation(accepted, ({ answer }) => answer()))).toEqual([201, null, '']);
  });

  it.each([
    ['none', {}],
    ['none but refusals', { 404: { description: 'There is none.' } }],
    ['two', { ...json.answers, ...empty.answers }],
  ])('is one: an operation that declares %s is refused', (_number, answers) => {
    const declare = () => operation({ ...declaration, answers }, () => Promise.reject(new Error()));
    expect(declare).toThrow('An operation declares one success.');
  });
});

describe('an answer that does not fit its declaration', () => {
  // `tsc` reports an error that is expected and does not come. The handlers do not run.
  it('is refused by the compiler', () => {
    const refused = [
      // @ts-expect-error A field is missing.
      operation(json, ({ answer }) => answer({ name: 'apple' })),
      // @ts-expect-error A field has another type.
      operation(json, ({ answer }) => answer({ name: 'apple', weight: '1 kg' })),
      // @ts-expect-error A field is not in the schema.
      operation(json, ({ answer }) => answer({ name: 'apple', weight: 1, price: 2 })),
      // @ts-expect-error The body is missing.
      operation(json, ({ answer }) => answer()),
      // @ts-expect-error A stream is not JSON.
      operation(json, ({ answer }) => answer(createLines)),
      // @ts-expect-error The handler makes a response of its own.
      operation(json, ({ c }) => c.json({ name: 'apple', weight: 1 })),
      // @ts-expect-error The handler returns the value itself.
      operation(json, () => ({ name: 'apple', weight: 1 })),
      // @ts-expect-error An object of the same shape is no answer.
      operation(json, () => ({ response: new Response() })),
      // @ts-expect-error The handler forgets to answer.
      operation(json, () => Promise.resolve()),
      // @ts-expect-error The events are those of another stream.
      operation(interacted, ({ answer }) => answer(createLines)),
      // @ts-expect-error A value is not a stream.
      operation(created, ({ answer }) => answer({ name: 'apple' })),
      // @ts-expect-error The answer has no body.
      operation(empty, ({ answer }) => answer({ name: 'apple' })),
      // @ts-expect-error A status without a body cannot declare one.
      operation({ ...declaration, answers: { 204: json.answers[200] } }, ({ answer }) => answer()),
    ];
    expect(refused).toHaveLength(13);
  });
});
