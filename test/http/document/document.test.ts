/** The document of the started server: linters accept it, generators make clients of it, and every answer is as it says. */
import { join } from 'node:path';
import spectralCore, { type RulesetDefinition } from '@stoplight/spectral-core';
import { oas } from '@stoplight/spectral-rulesets';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DescribedApi, type ApiDocument } from '../../support/described.ts';
import { HeldSpeech, TONE } from '../held-speech.ts';
import { HttpClient, identities, Server, type StreamedEvent } from '../server.ts';
import { checkTypes, DOCUMENT, generateClients, loadClient, runTool } from './generate.ts';

const CLINIC = identities().find(({ organization }) => organization === 'riverside-clinic');

let speech: HeldSpeech;
let server: Server;
let text: string;
/**
 * The operations of the published Conversation API, except for signing in, with which every client here begins. Answers of
 * the others are compared with the document by test/edge/described-answers.test.ts.
 */
const CONVERSATION_API = [
  'get-organization',
  'get-services',
  'create-conversation',
  'get-conversations',
  'interact-with-conversation',
  'get-conversation-messages',
  'finish-conversation',
  'recommend-responses-for-interaction',
  'get-interaction-insights',
  'retrieve-message-source',
  'generate-conversation-starter',
  'modify-tags-of-conversation',
] as const;

let described: DescribedApi;

beforeAll(async () => {
  speech = await HeldSpeech.start();
  server = await Server.startWithSpeech(speech.environment, '--var', 'RATE_LIMITS:off');
  text = await (await fetch(`${server.url}/v1/openapi.json`)).text();
  described = new DescribedApi(JSON.parse(text) as ApiDocument);
  await generateClients(text);
});

afterAll(async () => {
  await server.stop();
  await speech.stop();
});

function clinic() {
  if (CLINIC === undefined) throw new Error('There is no clinic.');
  return CLINIC;
}

describe('linters', () => {
  it('find no violation of the strict rules of Redocly', async () => {
    const config = join(import.meta.dirname, 'redocly.yaml');
    const printed = await runTool('redocly', ['lint', DOCUMENT, '--config', config, '--format', 'json']);
    expect(JSON.parse(printed)).toMatchObject({ totals: { errors: 0, warnings: 0, ignored: 0 } });
  });

  it('find no violation of the recommended rules of Spectral', async () => {
    const spectral = new spectralCore.Spectral();
    spectral.setRuleset({
      extends: [[oas as RulesetDefinition, 'recommended']],
      // The published paths end in a slash.
      rules: { 'path-keys-no-trailing-slash': 'off' },
    });
    const found = await spectral.run(text);
    expect(found.map(({ code, path, message }) => [code, path.join('.'), message])).toEqual([]);
  });
});

describe('generated clients', () => {
  beforeEach(async () => {
    await (await HttpClient.signIn(server, clinic())).finishAll();
  });

  it('compile with strict types', async () => {
    await expect(checkTypes()).resolves.toBeUndefined();
  });

  it.each(['openapi-fetch', 'hey-api', 'orval'])('from %s hold a conversation', async (name) => {
    const converse = await loadClient(name);
    const seen = await converse(server.url, clinic());
    expect(seen.created[0]).toBe('conversation-created');
    expect(seen.created.at(-1)).toBe('interaction-complete');
    expect(seen.created).toContain('new-message');
    expect(seen.turns.map(({ said }) => said)).toEqual(['I need an appointment', 'On Friday, please']);
    for (const { answered } of seen.turns) expect(answered).not.toBe('');
    expect(seen).toMatchObject({
      organization: 'riverside-clinic',
      heard: 'I need an appointment',
      version: [expect.stringMatching(/^[0-9a-f]{24}$/), expect.any(Number)],
      messages: 7,
      state: expect.stringMatching(/./) as string,
      tags: { from: name },
      codes: ['conversation_not_found', 'conversation_finished'],
      invalid: 'body.updates.!',
    });
    expect(seen.starters).toBeGreaterThan(0);
  });
});

describe('a conversation over HTTP', () => {
  let client: HttpClient;
  /** Answers as `operation status`, and the kinds of lines of streams. */
  const answered = new Set<string>();

  /** Sends a request, and returns the text of its answer when that is as the document says. */
  async function send(path: string, init: RequestInit = {}, expected = 200): Promise<string> {
    const response = await client.request(path, init);
    const received = {
      method: init.method ?? 'GET',
      path: new URL(response.url).pathname,
      status: response.status,
      contentType: response.headers.get('content-type'),
      text: await response.text(),
    };
    expect([received.status, received.text.slice(0, 300)]).toEqual([expected, received.text.slice(0, 300)]);
    expect(described.errorsOf(received)).toEqual([]);
    const { operationId } = described.operationOf(received.method, received.path) ?? {};
    answered.add(`${operationId} ${response.status}`);
    return received.text;
  }

  const json = (body: unknown): RequestInit => ({
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });

  /** The events of a stream, whose kinds are noted. */
  function eventsIn(stream: string): StreamedEvent[] {
    const events = stream
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as StreamedEvent);
    for (const { type } of events) answered.add(type);
    return events;
  }

  function form(fields: Record<string, string | Blob>): RequestInit {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    return { method: 'POST', body };
  }

  const spoken = { initial_message_type: 'user-message', recorded_message: new File([TONE], '录音 001.wav') };

  it('conforms to the document in every operation, every kind of line and many refusals', async () => {
    client = await HttpClient.signIn(server, clinic());
    await client.finishAll();
    const service_id = clinic().service_ids[0];
    await send('/organization/');
    await send('/service/?sort_by=+name&sort_by=-is_active');
    const starters = {
      service_id,
      facets: ['time'],
      min_count: 1,
      max_count: 2,
      generation_instructions: 'Short.',
    };
    await send('/conversation/conversation_starter', json(starters));
    const created = eventsIn(
      await send('/conversation/?response_format=voice', json({ service_id, tags: { a: null } }), 201),
    );
    const id = String(created[0]?.['conversation_id']);
    await send('/conversation/?response_format=text', json({ service_id }), 400);
    const text = `/conversation/${id}/interact?request_format=text&response_format=text`;
    const voice = `/conversation/${id}/interact?request_format=voice&response_format=voice`;
    eventsIn(await send(text, form({ initial_message_type: 'user-message', recorded_message: 'Hello' })));
    eventsIn(await send(text, form({ initial_message_type: 'skip' })));
    eventsIn(await send(voice, form(spoken)));
    const bare = { method: 'POST', body: TONE, headers: { 'content-type': 'audio/wav' } };
    const heard = eventsIn(await send(voice, bare));
    await send(`/conversation/${id}/messages/?message_type=agent-inner-thought&message_type=user-message`);
    await send(`/conversation/${id}/messages/${String(heard[0]?.['message_id'])}/source?long_lived=true`);
    const interaction = `/conversation/${id}/interaction/${String(heard.at(-1)?.['interaction_id'])}`;
    await send(`${interaction}/insights`);
    await send(`${interaction}/recommend_responses`, json({}));
    await send(`/conversation/${id}/tags/`, json({ updates: { a: 'b' }, deletes: ['c'] }), 204);
    await send('/conversation/?sort_by=+created_at&tag=a:b');

    await send(text, form({ initial_message_type: 'user-message', recorded_message: '' }), 400);
    await send(`/conversation/${'0'.repeat(24)}/messages/`, {}, 404);
    await send(
      text,
      form({ initial_message_type: 'user-message', recorded_message: 'x'.repeat(2 ** 20) }),
      413,
    );
    await send(voice, form({ ...spoken, recorded_message: new Blob(['no sound']) }), 415);
    await send(text, json({ recorded_message: 'x' }), 422);
    await send('/conversation/?response_format=text', json({ service_id: 'x', tags: { '!': 1 } }), 422);
    await speech.stop();
    eventsIn(await send(voice, form(spoken)));
    await send(`/conversation/${id}/finish/`, { method: 'POST' }, 204);
    await send(`/conversation/${id}/finish/`, { method: 'POST' }, 409);

    const kinds = ['conversation-created', 'user-message-available', 'current-agent-action', 'new-message'];
    expect([...answered]).toEqual(expect.arrayContaining([...kinds, 'interaction-complete', 'error']));
    const silent = CONVERSATION_API.filter(
      (operation) => ![...answered].some((answer) => answer.startsWith(`${operation} 2`)),
    );
    expect(silent).toEqual([]);
  });
});
