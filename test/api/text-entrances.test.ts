/** Text as callers send it, at every entrance: Unicode, something to be seen in it, and no longer than its maximum. */
import { beforeAll, describe, expect, it } from 'vitest';
import { newUser, publishTestOrganization, type Client } from '../support/client.ts';
import { SERVICE } from '../support/organization.ts';

beforeAll(publishTestOrganization);

interface ProblemDetails {
  status: number;
  code: string;
  detail: string;
  errors?: { loc: (string | number)[]; msg: string; type: string }[];
  error_count?: number;
}

async function problemOf(response: Response): Promise<ProblemDetails> {
  return response.json<ProblemDetails>();
}

async function codeOf(response: Response): Promise<[number, string]> {
  const { status, code } = await problemOf(response);
  return [status, code];
}

/** The places and types of the errors of a 422. */
async function errorsOf(response: Response): Promise<string[]> {
  expect(response.status).toBe(422);
  const { code, errors = [] } = await problemOf(response);
  expect(code).toBe('request_invalid');
  return errors.map(({ loc, type }) => `${loc.join('.')} ${type}`);
}

function sendJson(user: Client, path: string, body: string): Promise<Response> {
  return user.request(path, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
}

const CREATE = '/conversation/?response_format=text';
const NOTHING = '0'.repeat(24);

describe('half a character', () => {
  it.each([
    ['in a text', `{"service_id":"${SERVICE}","initial_message":"\\ud83c"}`, 'body.initial_message'],
    ['in the middle', `{"service_id":"${SERVICE}","initial_message":"a\\uDF89b"}`, 'body.initial_message'],
    [
      'in the wrong order',
      `{"service_id":"${SERVICE}","initial_message":"\\udf89\\ud83c"}`,
      'body.initial_message',
    ],
    ['in the value of a tag', `{"service_id":"${SERVICE}","tags":{"a":"\\ud800"}}`, 'body.tags.a'],
    ['in a member that is not read', `{"service_id":"${SERVICE}","x":[1,{"y":"\\ud800"}]}`, 'body.x.1.y'],
  ])('%s of JSON is refused by its place', async (_name, body, place) => {
    const user = await newUser();
    expect(await errorsOf(await sendJson(user, CREATE, body))).toContain(`${place} string_unicode`);
    expect((await user.get<{ conversations: unknown[] }>('/conversation/')).conversations).toEqual([]);
  });

  it('in a name of JSON is refused, and the answer is well-formed', async () => {
    const response = await sendJson(
      await newUser(),
      CREATE,
      `{"service_id":"${SERVICE}","tags":{"\\ud800":"b"}}`,
    );
    expect(response.status).toBe(422);
    const text = await response.text();
    expect(text).not.toMatch(/\\u[dD][89a-fA-F]/);
    expect(text).toContain('string_unicode');
  });

  it.each(['tags', 'recommend_responses', 'conversation_starter'])(
    'is refused by %s too',
    async (operation) => {
      const user = await newUser();
      const { id, interactionId } = await user.begin();
      const answers: Record<string, () => Promise<Response>> = {
        tags: () => sendJson(user, `/conversation/${id}/tags/`, '{"deletes":["\\ud800"]}'),
        recommend_responses: () =>
          sendJson(
            user,
            `/conversation/${id}/interaction/${interactionId}/recommend_responses`,
            '{"context":"\\udfff x"}',
          ),
        conversation_starter: () =>
          sendJson(
            user,
            '/conversation/conversation_starter',
            `{"service_id":"${SERVICE}","facets":["\\ud800"],"min_count":1,"max_count":1,"generation_instructions":"x"}`,
          ),
      };
      const errors = await errorsOf((await answers[operation]?.()) ?? new Response());
      expect(errors.some((error) => error.endsWith(' string_unicode'))).toBe(true);
    },
  );

  it('is refused, and a whole character that is escaped is not', async () => {
    const user = await newUser();
    const body = `{"service_id":"${SERVICE}","initial_message":"\\ud83c\\udf89 apples"}`;
    const response = await sendJson(user, CREATE, body);
    expect(response.status).toBe(201);
    await response.text();
  });

  it.each(['%ED%A0%80', '%FF', 'a%C3', '%C0%AF', '%F0%9F%8E'])(
    'in a query, or bytes that are not UTF-8, are refused: %s',
    async (encoded) => {
      const user = await newUser();
      expect(await errorsOf(await user.request(`/conversation/?tag=${encoded}:x`))).toEqual([
        'query.tag string_unicode',
      ]);
      expect(await errorsOf(await user.request(`/conversation/?user_id=${encoded}`))).toEqual([
        'query.user_id string_unicode',
      ]);
    },
  );

  it.each([
    ['%E0%A4%95%E0%A4%BF:x', 200],
    ['a+b:100%25', 200],
    ['a:100%', 200],
    ['a:%zz', 200],
  ])('is not what %s is', async (encoded, status) => {
    expect((await (await newUser()).request(`/conversation/?tag=${encoded}`)).status).toBe(status);
  });
});

describe('a body of JSON', () => {
  it.each([
    ['lists', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('is read however deep it is nested: %s', async (_name, open, close) => {
    const depth = 100_000;
    const nested = `${open.repeat(depth)}${open === '[' ? '' : '1'}${close.repeat(depth)}`;
    const body = `{"service_id":"${SERVICE}","tags":${nested},"x":"\\ud800"}`;
    const response = await sendJson(await newUser(), CREATE, body);
    expect(response.status).toBe(422);
    expect((await response.text()).length).toBeLessThan(10_000);
  });
});

/** Texts without a visible character: format characters, fillers, variation selectors, controls. */
const INVISIBLE = [
  '\u200b',
  '\u200b\u200d\ufeff',
  '\u2060 \u00ad',
  '\u3164',
  '\ufe0f',
  '\u0000\u0007',
  '\u{e0020}',
];

describe('a message of which nothing can be seen', () => {
  it.each(INVISIBLE)('is empty: %j', async (text) => {
    const user = await newUser();
    expect(await codeOf(await user.create({ initial_message: text }))).toEqual([400, 'message_empty']);
    const { id } = await user.begin();
    expect(await codeOf(await user.interact(id, text))).toEqual([400, 'message_empty']);
    const form = new FormData();
    form.set('initial_message_type', 'user-message');
    form.set('recorded_message', 'apples');
    form.set('external_event_message_content', text);
    form.set('external_event_message_timestamp', new Date().toISOString());
    expect(await codeOf(await user.interactForm(id, form))).toEqual([400, 'message_empty']);
    const { messages } = await user.get<{ messages: unknown[] }>(`/conversation/${id}/messages/`);
    expect(messages).toHaveLength(1);
  });

  it('is not refused once it has a single visible character', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    for (const text of ['\u200b.', '\u200bकि', '👩\u200d🌾']) {
      expect((await user.say(id, text))[0]?.['user_message']).toBe(text);
    }
  });

  it.each(INVISIBLE)('has no meaning elsewhere either: %j', async (text) => {
    const user = await newUser();
    const { id, interactionId } = await user.begin();
    const recommend = `/conversation/${id}/interaction/${interactionId}/recommend_responses`;
    const starters = {
      service_id: SERVICE,
      facets: [text],
      min_count: 1,
      max_count: 1,
      generation_instructions: text,
    };
    expect(await errorsOf(await user.post(recommend, { context: text }))).toHaveLength(1);
    expect(await errorsOf(await user.post('/conversation/conversation_starter', starters))).toHaveLength(2);
    const tags = { [text]: null, key: text };
    const errors = await errorsOf(await user.post(`/conversation/${id}/tags/`, { updates: tags }));
    expect(errors.length).toBeGreaterThanOrEqual(2);
  });
});

/** The lines of a text by every line end of Python's `str.splitlines`. */
function splitLines(text: string): string[] {
  const ends = ['\u000b', '\u000c', '\r', '\u001c', '\u001d', '\u001e', '\u0085', '\u2028', '\u2029'];
  const unified = ends.reduce((joined, end) => joined.replaceAll(end, '\n'), text);
  return unified.split('\n').filter((line) => line !== '');
}

describe('the text of a message', () => {
  const LONGEST = ['x'.repeat(32_768), '🎉'.repeat(8_192), '語'.repeat(10_922), 'é'.repeat(16_384)];

  it.each(LONGEST)('has at most 32 KiB of UTF-8, in a create', async (text) => {
    const user = await newUser();
    expect(await errorsOf(await user.create({ initial_message: `${text}yyy` }))).toEqual([
      'body.initial_message too_big',
    ]);
    const response = await user.create({ initial_message: text });
    expect(response.status).toBe(201);
    await response.text();
  });

  it.each(LONGEST)('has at most 32 KiB of UTF-8, in an interact and in its events', async (text) => {
    const user = await newUser();
    const { id } = await user.begin();
    expect(await errorsOf(await user.interact(id, `${text}yyy`))).toEqual(['body.recorded_message too_big']);
    const form = new FormData();
    form.set('initial_message_type', 'external-event');
    form.set('recorded_message', text);
    form.append('external_event_message_content', `${text}yyy`);
    form.append('external_event_message_timestamp', new Date().toISOString());
    expect(await errorsOf(await user.interactForm(id, form))).toEqual([
      'body.external_event_message_content.0 too_big',
    ]);
    const [available] = await user.say(id, text);
    expect(available?.['user_message']).toBe(text);
  });

  it('comes in a line that every reader takes for one', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const text = 'apples\u2028pears\u2029plums\u0085figs\u000bnuts\u000c\u001c';
    const stream = await (await user.interact(id, text)).text();
    const lines = splitLines(stream);
    const events = lines.map((line) => JSON.parse(line) as { type: string; user_message?: string });
    expect(events[0]?.user_message).toBe(text);
    expect(events.at(-1)?.type).toBe('interaction-complete');
  });
});

describe('the times of external events', () => {
  async function sendEvent(user: Client, id: string, at: string): Promise<Response> {
    const form = new FormData();
    form.set('initial_message_type', 'user-message');
    form.set('recorded_message', 'apples');
    form.set('external_event_message_content', 'It rained.');
    form.set('external_event_message_timestamp', at);
    return user.interactForm(id, form);
  }

  it.each(['2026-01-01T24:00:00Z', '2026-02-30T10:00:00Z', '2026-01-01T10:00:00+25:00'])(
    'are refused when there is no such time: %s',
    async (at) => {
      const user = await newUser();
      const { id } = await user.begin();
      expect(await errorsOf(await sendEvent(user, id, at))).toEqual([
        'body.external_event_message_timestamp.0 custom',
      ]);
    },
  );

  it('may be a leap second, whose place in the conversation is then looked at', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    expect(await codeOf(await sendEvent(user, id, '2016-12-31T23:59:60Z'))).toEqual([
      400,
      'external_event_out_of_order',
    ]);
  });
});

describe('tags', () => {
  const KEYS = [
    'भाषा हिन्दी',
    'ภาษาไทย',
    'தமிழ் மொழி',
    'naïve',
    'cafe\u0301',
    'ключ 1',
    '鍵_2',
    'عَرَبِيّ',
    '__proto__',
  ];

  it.each([...KEYS, 'constructor', 'toString', 'hasOwnProperty', 'valueOf'])(
    'are stored, listed, searched and removed under the key %s like any other',
    async (key) => {
      const user = await newUser();
      const tags = JSON.parse(`{${JSON.stringify(key)}:"yes","other":null}`) as Record<string, string | null>;
      const body = `{"service_id":"${SERVICE}","tags":${JSON.stringify(tags)}}`;
      const created = await sendJson(user, CREATE, body);
      expect(created.status).toBe(201);
      await created.text();
      const shown = async (query = '') => {
        const text = await (await user.request(`/conversation/${query}`)).text();
        const { conversations } = JSON.parse(text) as {
          conversations: { id: string; tags: Record<string, string | null> }[];
        };
        return conversations.map(({ tags }) => Object.entries(tags));
      };
      const entries = [
        [key, 'yes'],
        ['other', null],
      ];
      expect(await shown()).toEqual([entries]);
      expect(await shown(`?tag=${encodeURIComponent(`${key}:yes`)}`)).toEqual([entries]);
      expect(await shown(`?tag=${encodeURIComponent(`${key}:no`)}`)).toEqual([]);
      const { conversations } = await user.get<{ conversations: { id: string }[] }>('/conversation/');
      const path = `/conversation/${conversations[0]?.id}/tags/`;
      expect((await sendJson(user, path, `{"updates":{${JSON.stringify(key)}:"no"}}`)).status).toBe(204);
      expect(await shown(`?tag=${encodeURIComponent(`${key}:no`)}`)).toHaveLength(1);
      expect((await user.post(path, { deletes: [key] })).status).toBe(204);
      expect(await shown()).toEqual([[['other', null]]]);
    },
  );

  it.each(['a!', 'a.b', 'a:b', 'a-b', 'a\tb', '🎉', 'a\u200bb'])(
    'are refused under the key %j, and the answer says what is allowed',
    async (key) => {
      const response = await (await newUser()).create({ tags: { [key]: 'x' } });
      expect(response.status).toBe(422);
      const { errors = [] } = await problemOf(response);
      expect(errors).toEqual([
        {
          loc: ['body', 'tags', key],
          msg: 'must consist of letters with their marks, digits, underscores and spaces',
          type: 'custom',
        },
      ]);
    },
  );

  it.each(['', '   '])('are refused under the key %j, which is empty', async (key) => {
    expect(await errorsOf(await (await newUser()).create({ tags: { [key]: 'x' } }))).not.toEqual([]);
  });

  it('have keys of at most 64 characters, whatever the characters are made of', async () => {
    for (const letter of ['a', 'é', '語', '𠀀']) {
      const user = await newUser();
      expect(await errorsOf(await user.create({ tags: { [letter.repeat(65)]: 'x' } }))).toHaveLength(1);
      const response = await user.create({ tags: { [letter.repeat(64)]: '🎉'.repeat(100) } });
      expect(response.status).toBe(201);
      await response.text();
    }
  });

  it('are refused where they are no tags', async () => {
    const user = await newUser();
    for (const tags of [[], 'a', 1, true, ['a'], null]) {
      const errors = await errorsOf(await user.create({ tags }));
      expect(errors.every((error) => error.startsWith('body.tags'))).toBe(true);
    }
  });
});

describe('the errors of an answer', () => {
  it('are at most 100, and it says how many there are', async () => {
    const user = await newUser();
    const query = Array.from({ length: 500 }, (_, index) => `id=bad${index}`).join('&');
    const {
      errors = [],
      error_count,
      detail,
    } = await problemOf(await user.request(`/conversation/?${query}`));
    expect([errors.length, error_count]).toEqual([100, 500]);
    expect(detail).toContain('100 of 500');
  });

  it('say how many they are when all are listed', async () => {
    const { errors = [], error_count } = await problemOf(
      await (await newUser()).request('/conversation/?limit=0'),
    );
    expect([errors.length, error_count]).toEqual([1, 1]);
  });

  it.each([
    [
      '60,000 bad tags',
      { tags: Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`k!${i}`, ''])) },
    ],
    ['a key of half a megabyte', { tags: { [`!${'k'.repeat(500_000)}`]: 'x' } }],
    [
      'many long keys',
      { tags: Object.fromEntries(Array.from({ length: 20 }, (_, i) => ['!'.repeat(40_000) + i, 'x'])) },
    ],
  ])('are small for %s', async (_name, body) => {
    const response = await (await newUser()).create(body);
    expect(response.status).toBe(422);
    expect((await response.text()).length).toBeLessThan(10_000);
  });

  it('are small for a list of a quarter of a million entries', async () => {
    const user = await newUser();
    const facets = Array.from({ length: 250_000 }, () => 0);
    const response = await user.post('/conversation/conversation_starter', {
      service_id: SERVICE,
      facets,
      min_count: 1,
      max_count: 1,
      generation_instructions: 'x',
    });
    expect(await errorsOf(response)).toEqual(['body.facets too_big']);
  });

  it('repeat no more of a path than a sentence', async () => {
    const response = await (await newUser()).request(`/conversation/${NOTHING}/${'x'.repeat(5_000)}`);
    expect((await problemOf(response)).detail.length).toBeLessThanOrEqual(1_000);
  });
});
