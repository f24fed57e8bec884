/** Every way a request can be wrong before it reaches its operation, and that each answers with problem details. */
import { exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { Client, newUser, publishTestOrganization, testEnv } from '../support/client.ts';
import { issueToken } from '../../src/edge/tokens.ts';
import { ALICE, INACTIVE_SERVICE, NOBODY, ORGANIZATION, SERVICE } from '../support/organization.ts';

interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  request_id: string;
  errors?: { loc: (string | number)[]; msg: string; type: string }[];
}

const worker = (exports as unknown as { default: Fetcher }).default;
const UNKNOWN = '0'.repeat(24);

beforeAll(publishTestOrganization);

async function problemOf(response: Response): Promise<ProblemDetails> {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = await response.json<ProblemDetails>();
  expect(problem.status).toBe(response.status);
  expect(problem.type).toBe(`urn:conversation-api:problem:${problem.code}`);
  expect(problem.request_id).toBe(response.headers.get('x-request-id'));
  expect(problem.detail.endsWith('.')).toBe(true);
  expect(problem.title).not.toBe('');
  return problem;
}

async function codeOf(response: Response): Promise<[number, string]> {
  const { status, code } = await problemOf(response);
  return [status, code];
}

/** The fields that a 422 names. */
async function fieldsOf(response: Response): Promise<string[]> {
  const problem = await problemOf(response);
  expect([problem.status, problem.code]).toEqual([422, 'request_invalid']);
  return (problem.errors ?? []).map(({ loc }) => loc.join('.'));
}

describe('paths', () => {
  it.each([
    '/',
    '/v1',
    '/v1/nothing',
    `/v1/${ORGANIZATION}/conversation/${UNKNOWN}/nothing`,
    '/v2/x/conversation/',
  ])('answers 404 to %s', async (path) => {
    expect(await codeOf(await worker.fetch(`http://localhost${path}`))).toEqual([404, 'path_not_found']);
  });

  it('answers 405 to another method, and says which there are', async () => {
    const response = await new Client(ALICE).request('/conversation/', { method: 'PUT' });
    expect(response.headers.get('allow')).toBe('POST, GET');
    expect(await codeOf(response)).toEqual([405, 'method_not_allowed']);
  });

  it('takes a path with and without the slash at its end', async () => {
    const alice = new Client(ALICE);
    expect((await alice.request('/service')).status).toBe(200);
    expect((await alice.request('/service/')).status).toBe(200);
  });

  it('answers /healthz', async () => {
    expect((await worker.fetch('http://localhost/healthz')).status).toBe(200);
  });
});

describe('credentials', () => {
  const withAuthorization = (authorization: string) =>
    new Client(ALICE).request('/conversation/', { headers: { authorization } });

  it.each(['', 'Bearer', 'Bearer garbage', 'Basic !!!', `Basic ${btoa('no-colon')}`, 'Digest x'])(
    'refuses "%s"',
    async (authorization) => {
      const response = await withAuthorization(authorization);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await codeOf(response)).toEqual([401, 'credentials_invalid']);
    },
  );

  it('takes the token as Basic credentials of its own user only', async () => {
    const { id_token } = await issueToken(
      testEnv.SIGNING_KEYS,
      { organization: ORGANIZATION, user_id: ALICE },
      Date.now(),
    );
    expect((await withAuthorization(`Basic ${btoa(`${ORGANIZATION}_${ALICE}:${id_token}`)}`)).status).toBe(
      200,
    );
    const other = await withAuthorization(`Basic ${btoa(`${ORGANIZATION}_${NOBODY}:${id_token}`)}`);
    expect(other.status).toBe(401);
  });

  it('are refused for an unknown user, and not found for an unknown organization', async () => {
    expect(await codeOf(await new Client(UNKNOWN).request('/service/'))).toEqual([
      401,
      'credentials_invalid',
    ]);
    const { id_token } = await issueToken(
      testEnv.SIGNING_KEYS,
      { organization: ORGANIZATION, user_id: ALICE },
      Date.now(),
    );
    const response = await worker.fetch('http://localhost/v1/no-such-org/service/', {
      headers: { authorization: `Bearer ${id_token}` },
    });
    expect(await codeOf(response)).toEqual([404, 'organization_not_found']);
  });

  it('without the permission may not create', async () => {
    expect(await codeOf(await new Client(NOBODY).create())).toEqual([403, 'permission_missing']);
  });
});

describe('identifiers of any length', () => {
  it.each(['x'.repeat(600), '🦊'.repeat(200)])('are not found', async (long) => {
    const response = await worker.fetch(`http://localhost/v1/${encodeURIComponent(long)}/organization/`);
    expect(await codeOf(response)).toEqual([404, 'organization_not_found']);
    const headers = {
      'x-api-key': 'x',
      'x-api-key-id': encodeURIComponent(long),
      'x-user-id': encodeURIComponent(long),
    };
    const signIn = await worker.fetch(`http://localhost/v1/${ORGANIZATION}/user/signin_with_api_key`, {
      method: 'POST',
      headers,
    });
    expect(await codeOf(signIn)).toEqual([401, 'credentials_invalid']);
  });
});

describe('requests that are not valid', () => {
  it('include JSON in another encoding than UTF-8', async () => {
    const head = new TextEncoder().encode(`{"service_id":"${SERVICE}","initial_message":"`);
    const response = await new Client(ALICE).request('/conversation/?response_format=text', {
      method: 'POST',
      body: new Uint8Array([...head, 0xff, 0xfe, 0x22, 0x7d]),
      headers: { 'content-type': 'application/json' },
    });
    expect((await problemOf(response)).errors?.[0]?.type).toBe('json_invalid');
  });

  it.each(['gzip', 'br', 'deflate', 'zstd', 'gzip, identity'])(
    'is not read when it is compressed: %s',
    async (encoding) => {
      const response = await new Client(ALICE).request('/conversation/?response_format=text', {
        method: 'POST',
        body: Uint8Array.of(0x1f, 0x8b, 8, 0),
        headers: { 'content-type': 'application/json', 'content-encoding': encoding },
      });
      const { status, code, detail } = await problemOf(response);
      expect([status, code]).toEqual([415, 'content_encoding_unsupported']);
      expect(detail).toContain('Send it uncompressed.');
    },
  );

  it.each(['ISO-8859-1', 'utf-16', '"windows-1252"', 'us-ascii'])(
    'is not read in the charset %s',
    async (charset) => {
      const response = await new Client(ALICE).request('/conversation/?response_format=text', {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': `application/json; charset=${charset}` },
      });
      const { status, code, detail } = await problemOf(response);
      expect([status, code]).toEqual([415, 'charset_unsupported']);
      expect(detail).toBe(`The body has the charset ${charset.replaceAll('"', '')}. Send JSON in UTF-8.`);
    },
  );

  it.each([
    { 'content-type': 'application/json; charset=utf-8' },
    { 'content-type': 'application/json;charset="UTF-8"' },
    { 'content-type': 'application/json; charset=utf8' },
    { 'content-type': 'application/json', 'content-encoding': 'identity' },
    { 'content-type': 'text/plain' },
  ])('is read with %j', async (headers) => {
    const response = await new Client(ALICE).request('/conversation/?response_format=text', {
      method: 'POST',
      body: JSON.stringify({ service_id: UNKNOWN }),
      headers,
    });
    expect(await codeOf(response)).toEqual([404, 'service_not_found']);
  });

  it('names all that is wrong, in all places', async () => {
    const response = await new Client(ALICE).post('/conversation/?current_agent_action_type=x', {
      service_id: 'nope',
      tags: { 'a!': 'b' },
    });
    expect((await fieldsOf(response)).sort()).toEqual([
      'body.service_id',
      'body.tags.a!',
      'query.response_format',
    ]);
  });

  it('calls malformed JSON by its name', async () => {
    const response = await new Client(ALICE).request('/conversation/?response_format=text', {
      method: 'POST',
      body: '{"service_id": ',
      headers: { 'content-type': 'application/json' },
    });
    const problem = await problemOf(response);
    expect([problem.status, problem.errors?.[0]?.type]).toEqual([422, 'json_invalid']);
  });

  it.each([
    ['?limit=0', 'query.limit'],
    ['?limit=151', 'query.limit'],
    ['?limit=ten', 'query.limit'],
    ['?continuation_token=-1', 'query.continuation_token'],
    ['?continuation_token=1.5', 'query.continuation_token'],
    ['?is_finished=perhaps', 'query.is_finished'],
    ['?id=XYZ', 'query.id.0'],
    ['?service_id=1', 'query.service_id.0'],
    ['?sort_by=created_at', 'query.sort_by.0'],
    ['?sort_by=%2Bname', 'query.sort_by.0'],
    ['?tag=novalue', 'query.tag.0'],
  ])('refuses a list of conversations with %s', async (query, field) => {
    expect(await fieldsOf(await new Client(ALICE).request(`/conversation/${query}`))).toEqual([field]);
  });

  it.each([
    ['?limit=501', 'query.limit'],
    ['?message_type=shout', 'query.message_type.0'],
    ['?sort_by=-sender', 'query.sort_by.0'],
    ['?interaction_id=1', 'query.interaction_id.0'],
  ])('refuses a list of messages with %s', async (query, field) => {
    const response = await new Client(ALICE).request(`/conversation/${UNKNOWN}/messages/${query}`);
    expect(await fieldsOf(response)).toEqual([field]);
  });

  it.each([
    [{ service_id: SERVICE, initial_message: '   ' }, 'body.initial_message'],
    [{ service_id: SERVICE, initial_message_type: 'user-message' }, 'body.initial_message_type'],
    [
      { service_id: SERVICE, initial_message: 'x', initial_message_type: 'skip' },
      'body.initial_message_type',
    ],
    [{ service_id: SERVICE, tags: { a: '' } }, 'body.tags.a'],
    [{ service_id: SERVICE, tags: { a: 'x'.repeat(101) } }, 'body.tags.a'],
    [
      {
        service_id: SERVICE,
        tags: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`k${i}`, null])),
      },
      'body.tags',
    ],
    [[], 'body'],
  ])('refuses a create with %j', async (body, field) => {
    expect(await fieldsOf(await new Client(ALICE).post('/conversation/?response_format=text', body))).toEqual(
      [field],
    );
  });

  it.each(['(', 'a{2000}', '(?=x)', 'x'.repeat(257)])('refuses the action filter %s', async (filter) => {
    const query = `&current_agent_action_type=${encodeURIComponent(filter)}`;
    const response = await new Client(ALICE).create({}, query);
    expect(await codeOf(response)).toEqual([422, 'action_filter_invalid']);
  });

  it('refuses an audio configuration of parameters as one of JSON', async () => {
    const query =
      '&request_audio_config[type]=pcm&request_audio_config[frame_rate]=1&request_audio_config[__proto__]=x';
    const response = await new Client(ALICE).interact(UNKNOWN, 'x', 'user-message', query);
    expect(await fieldsOf(response)).toEqual([
      'query.request_audio_config.frame_rate',
      'query.request_audio_config.n_channels',
      'query.request_audio_config.sample_width',
    ]);
  });

  it.each(
    [
      ['', 'query.request_audio_config'],
      ['{"type":"ogg"}', 'query.request_audio_config.type'],
      [
        '{"type":"pcm","frame_rate":16000,"n_channels":2,"sample_width":2}',
        'query.request_audio_config.n_channels',
      ],
      ['{', 'query.request_audio_config'],
    ].slice(1),
  )('refuses the audio configuration %s', async (config, field) => {
    const response = await new Client(ALICE).interact(
      UNKNOWN,
      'x',
      'user-message',
      `&request_audio_config=${encodeURIComponent(config)}`,
    );
    expect(await fieldsOf(response)).toEqual([field]);
  });
});

describe('interact forms', () => {
  async function send(fields: [string, string][]): Promise<Response> {
    const user = await newUser();
    const { id } = await user.begin();
    const form = new FormData();
    for (const [name, value] of fields) form.append(name, value);
    return user.interactForm(id, form);
  }

  it.each<[string, [string, string][], string[]]>([
    ['no type', [['recorded_message', 'x']], ['body.initial_message_type']],
    ['no message', [['initial_message_type', 'user-message']], ['body.recorded_message']],
    [
      'an unknown type',
      [
        ['initial_message_type', 'shout'],
        ['recorded_message', 'x'],
      ],
      ['body.initial_message_type'],
    ],
    [
      'skip with a message',
      [
        ['initial_message_type', 'skip'],
        ['recorded_message', 'x'],
      ],
      ['body.recorded_message'],
    ],
    [
      'skip with events',
      [
        ['initial_message_type', 'skip'],
        ['recorded_message', ''],
        ['external_event_message_content', 'x'],
        ['external_event_message_timestamp', '2026-01-01T00:00:00Z'],
      ],
      ['body.external_event_message_content', 'body.external_event_message_timestamp'],
    ],
    [
      'an event without its time',
      [
        ['initial_message_type', 'user-message'],
        ['recorded_message', 'x'],
        ['external_event_message_content', 'x'],
      ],
      ['body.external_event_message_timestamp'],
    ],
    [
      'a day that is none',
      [
        ['initial_message_type', 'user-message'],
        ['recorded_message', 'x'],
        ['external_event_message_content', 'x'],
        ['external_event_message_timestamp', '2026-02-30T00:00:00Z'],
      ],
      ['body.external_event_message_timestamp.0'],
    ],
    [
      'a time that is none',
      [
        ['initial_message_type', 'user-message'],
        ['recorded_message', 'x'],
        ['external_event_message_content', 'x'],
        ['external_event_message_timestamp', 'yesterday'],
      ],
      ['body.external_event_message_timestamp.0'],
    ],
  ])('refuses %s', async (_name, fields, expected) => {
    expect(await fieldsOf(await send(fields))).toEqual(expected);
  });

  it.each(['', '   ', '\n'])('answers 400 to the empty message %j', async (text) => {
    const response = await send([
      ['initial_message_type', 'user-message'],
      ['recorded_message', text],
    ]);
    expect(await codeOf(response)).toEqual([400, 'message_empty']);
  });

  it('takes the message as a file part', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const form = new FormData();
    form.set('initial_message_type', 'user-message');
    form.set('recorded_message', new File(['apples'], 'message.txt', { type: 'text/plain' }));
    const text = await (await user.interactForm(id, form)).text();
    expect(text).toContain('"user_message":"apples"');
  });

  it('refuses another content type', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const path = `/conversation/${id}/interact?request_format=text&response_format=text`;
    const problem = await problemOf(await user.post(path, { recorded_message: 'x' }));
    expect(problem.errors).toEqual([
      {
        loc: ['header', 'content-type'],
        msg: 'must be multipart/form-data with a boundary, not application/json',
        type: 'pattern',
      },
    ]);
  });

  it('refuses a body that is too large, and stores nothing', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const response = await user.interact(id, 'x'.repeat(1024 * 1024));
    expect(await codeOf(response)).toEqual([413, 'body_too_large']);
    expect((await user.get<{ messages: unknown[] }>(`/conversation/${id}/messages/`)).messages).toHaveLength(
      1,
    );
  });
});

describe('things that are not there', () => {
  it.each([
    [{ service_id: UNKNOWN }, 'service_not_found'],
    [{ service_id: INACTIVE_SERVICE }, 'service_not_found'],
    [{ service_id: SERVICE, service_version_set_name: 'nightly' }, 'version_set_not_found'],
    [{ service_id: SERVICE, service_version_set_name: 'toString' }, 'version_set_not_found'],
  ])('create with %j answers 404', async (body, code) => {
    expect(await codeOf(await new Client(ALICE).post('/conversation/?response_format=text', body))).toEqual([
      404,
      code,
    ]);
  });

  it('a conversation that does not exist is not found, whatever is wrong with the message', async () => {
    const alice = new Client(ALICE);
    const voice = await alice.post(
      `/conversation/${UNKNOWN}/interact?request_format=voice&response_format=voice`,
      {},
    );
    for (const answer of [await alice.interact(UNKNOWN, '  '), voice]) {
      expect(await codeOf(answer)).toEqual([404, 'conversation_not_found']);
    }
  });

  it('a conversation that was never created is not found by any operation', async () => {
    const alice = new Client(ALICE);
    const answers = [
      await alice.request(`/conversation/${UNKNOWN}/messages/`),
      await alice.interact(UNKNOWN, 'x'),
      await alice.post(`/conversation/${UNKNOWN}/finish/`),
      await alice.post(`/conversation/${UNKNOWN}/tags/`, {}),
      await alice.post(`/conversation/${UNKNOWN}/interaction/${UNKNOWN}/recommend_responses`, {}),
      await alice.request(`/conversation/${UNKNOWN}/interaction/${UNKNOWN}/insights`),
      await alice.request(`/conversation/${UNKNOWN}/messages/${UNKNOWN}/source`),
    ];
    for (const answer of answers) expect(await codeOf(answer)).toEqual([404, 'conversation_not_found']);
  });
});
