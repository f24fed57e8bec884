/**
 * Every operation against everything that the edge answers: each answer is one that the document describes for that
 * operation, with all its members. `support/client.ts` holds the answers of all other tests to the document as well.
 */
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openApiDocument } from '../../src/api/openapi.ts';
import type { Operation } from '../../src/api/operation.ts';
import { OPERATIONS } from '../../src/api/operations.ts';
import type { Env } from '../../src/bindings.ts';
import { issueToken } from '../../src/edge/tokens.ts';
import app from '../../src/index.ts';
import { RegistryReader } from '../../src/registry/reader.ts';
import { publishTestOrganization, testEnv } from '../support/client.ts';
import { DescribedApi, type ApiDocument } from '../support/described.ts';
import { ALICE, ORGANIZATION } from '../support/organization.ts';
import { NO_TARGET, validRequest } from './requests.ts';

const document = openApiDocument(OPERATIONS, 'http://localhost') as unknown as ApiDocument;
const described = new DescribedApi(document);
let authorization: string;

async function freshToken(): Promise<string> {
  const alice = { organization: ORGANIZATION, user_id: ALICE };
  return `Bearer ${(await issueToken(testEnv.SIGNING_KEYS, alice, Date.now())).id_token}`;
}

beforeAll(async () => {
  await publishTestOrganization();
  authorization = await freshToken();
});

afterEach(() => {
  vi.restoreAllMocks();
});

interface Attempt {
  organization?: string;
  headers?: Record<string, string>;
  init?: RequestInit;
  env?: Partial<Env>;
}

/** Sends a valid request but for the attempt; returns its status when the document describes the answer. */
async function statusOf(
  operation: Operation,
  { organization, headers, init, env }: Attempt,
): Promise<number> {
  const valid = validRequest(operation, organization ?? ORGANIZATION, NO_TARGET, {
    authorization,
    'x-api-key': 'wrong',
    'x-api-key-id': 'wrong',
    'x-user-id': ALICE,
    ...headers,
  });
  const request = new Request(valid, init) as Request<unknown, IncomingRequestCfProperties>;
  const response = await app.fetch(request, { ...testEnv, ...env }, {} as ExecutionContext);
  const received = {
    // A method that no operation of the path has is described by all of them.
    method: operation.method,
    path: new URL(request.url).pathname,
    status: response.status,
    contentType: response.headers.get('content-type'),
    text: await response.text(),
  };
  expect(described.errorsOf(received)).toEqual([]);
  return response.status;
}

const withBody = OPERATIONS.filter(
  ({ body, documentedBody }) => body !== undefined || documentedBody !== undefined,
);
const limited = OPERATIONS.filter(({ rateLimit }) => rateLimit !== null);
const users = OPERATIONS.filter(({ credentials }) => credentials === 'user');
const named = (operations: readonly Operation[]) =>
  operations.map((operation) => [operation.id, operation] as const);

describe('the document describes what the edge answers', () => {
  it.each(named(OPERATIONS))('to a request of %s that is in order, or almost', async (_id, operation) => {
    expect(await statusOf(operation, {})).not.toBe(500);
  });

  it.each(named(users))('to %s without credentials: 401', async (_id, operation) => {
    expect(await statusOf(operation, { headers: { authorization: '' } })).toBe(401);
  });

  it.each(named(OPERATIONS))('to %s in an unknown organization: 404', async (_id, operation) => {
    const status = await statusOf(operation, { organization: 'no-such-organization' });
    expect(status).toBe(404);
  });

  it.each(named(OPERATIONS))('to %s with another method: 405', async (_id, operation) => {
    expect(await statusOf(operation, { init: { method: 'PATCH' } })).toBe(405);
  });

  it.each(named(withBody))('to %s with a body that is too large: 413', async (_id, operation) => {
    const contentLength = { 'content-length': String(100 * 1024 * 1024) };
    expect(await statusOf(operation, { headers: contentLength })).toBe(413);
  });

  it.each(named(withBody))('to %s with a compressed body: 415', async (_id, operation) => {
    expect(await statusOf(operation, { headers: { 'content-encoding': 'gzip' } })).toBe(415);
  });

  it.each(named(withBody))('to %s with a body that breaks off: 422', async (_id, operation) => {
    expect(await statusOf(operation, { init: { body: '{' } })).toBe(422);
  });

  it.each(named(limited))('to %s too often: 429', async (_id, operation) => {
    const statuses = new Set<number>();
    const env = { RATE_LIMITS: 'on' };
    for (let count = 0; count <= (operation.rateLimit ?? 0); count += 1) {
      statuses.add(await statusOf(operation, { env }));
    }
    expect([...statuses]).toContain(429);
  });

  it.each(named(OPERATIONS))('to %s under maintenance: 503', async (_id, operation) => {
    expect(await statusOf(operation, { env: { MAINTENANCE: 'true' } })).toBe(503);
  });

  it.each(named(users))('to %s without usable signing keys: 503', async (_id, operation) => {
    vi.spyOn(console, 'error').mockReturnValue(undefined);
    // A token that no isolate has verified yet, and no keys to verify it with.
    const headers = { authorization: await freshToken() };
    expect(await statusOf(operation, { headers, env: { SIGNING_KEYS: 'broken' } })).toBe(503);
  });

  it.each(named(users))('to %s when something breaks: 500', async (_id, operation) => {
    vi.spyOn(console, 'error').mockReturnValue(undefined);
    vi.spyOn(RegistryReader.prototype, 'user').mockRejectedValue(new Error('broken'));
    expect(await statusOf(operation, {})).toBe(500);
  });
});
