/**
 * Twice the input costs at most two and a half times as much, for every text that a caller can send and for every list:
 * measured from an eighth of the maximum to the maximum, with texts that patterns, searches and parsers are slow at.
 */
import { exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { issueToken } from '../../src/edge/tokens.ts';
import { newUser, publishTestOrganization, testEnv, type Client } from '../support/client.ts';
import { ORGANIZATION, SERVICE } from '../support/organization.ts';
import { FIELDS, requestWith, type Field } from '../support/request-fields.ts';

const worker = (exports as unknown as { default: Fetcher }).default;

/** From the smaller size to the larger one, and what that may cost: 2.5 for each doubling. */
const GROWTH = 8;
const MAX_SLOWDOWN = 2.5 ** Math.log2(GROWTH);
/** The cost of a request without its field, in milliseconds on a busy machine. */
const FLOOR_MS = 60;

/** Repetitions that are slow where time is squared: words of time, quotes, brackets, white space, one long word. */
const REPETITIONS = [
  'the ',
  'last the ',
  'a@a.',
  'Zm9vYmFy',
  ' \t',
  '“["(',
  'x. ',
  'not on my, ',
  '1 1-',
  'निम',
  '<think>',
];

let authorization = '';
let known: Record<string, unknown> = {};

async function authorizationOf({ userId }: Client): Promise<string> {
  const identity = { organization: ORGANIZATION, user_id: userId };
  return `Bearer ${(await issueToken(testEnv.SIGNING_KEYS, identity, Date.now())).id_token}`;
}

beforeAll(async () => {
  await publishTestOrganization();
  const user = await newUser('DefaultAdministratorRole');
  authorization = await authorizationOf(user);
  const { id, interactionId } = await user.begin();
  known = {
    organization: ORGANIZATION,
    conversation_id: id,
    interaction_id: interactionId,
    service_id: SERVICE,
    min_count: 10,
    max_count: 10,
    response_format: 'text',
    request_format: 'text',
  };
});

/** Returns the time of a request until its answer is read, in milliseconds, and its status. */
async function timed(field: Field, size: number, repeated: string): Promise<{ ms: number; status: number }> {
  const { url, init } = requestWith(field, size, repeated, known);
  const headers = new Headers(init.headers);
  // A user has one unfinished conversation of a service.
  const isCreate = field.request.id === 'create-conversation';
  headers.set('authorization', isCreate ? await authorizationOf(await newUser()) : authorization);
  const begun = Date.now();
  const response = await worker.fetch(url, { ...init, headers });
  await response.arrayBuffer();
  return { ms: Date.now() - begun, status: response.status };
}

/** The shorter of two tries. */
async function cost(field: Field, size: number, repeated: string): Promise<number> {
  const [one, other] = [await timed(field, size, repeated), await timed(field, size, repeated)];
  expect([one.status < 500, other.status < 500]).toEqual([true, true]);
  return Math.min(one.ms, other.ms);
}

async function slowest(field: Field, size: number): Promise<number> {
  let ms = 0;
  const texts = field.place === 'header' ? REPETITIONS.filter((text) => /^[ -~]+$/.test(text)) : REPETITIONS;
  const repetitions = field.what === 'text' ? texts : ['x'];
  for (const repeated of repetitions) ms = Math.max(ms, await cost(field, size, repeated));
  return ms;
}

const TIMEOUT_MS = 60_000;

describe('the cost of a request', () => {
  it.each(FIELDS.filter(({ isFree, place }) => isFree && place !== 'path'))(
    'grows no faster than $title',
    { timeout: TIMEOUT_MS },
    async (field) => {
      const max = field.max ?? 0;
      const small = await slowest(field, Math.ceil(max / GROWTH));
      const large = await slowest(field, max);
      const beyond = await slowest(field, max * GROWTH);
      expect(large).toBeLessThan(Math.max(small, FLOOR_MS) * MAX_SLOWDOWN);
      // What is too large is refused before anything is made of it.
      expect(beyond).toBeLessThan(Math.max(large, FLOOR_MS) * MAX_SLOWDOWN);
    },
  );
});
