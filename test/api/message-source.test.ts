import { exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { signingKeys } from '../../src/signing/signing-keys.ts';
import { openUrl, signUrl } from '../../src/recordings/signed-url.ts';
import { newUser, parseLines, publishTestOrganization, testEnv, type Client } from '../support/client.ts';
import { recordingOf } from '../support/scripted-speech.ts';

const worker = (exports as unknown as { default: Fetcher }).default;

interface Source {
  url: string;
  expires_at: string;
  content_type: string;
}

const RECORDING = recordingOf('I would like apples');

let user: Client;
let id: string;
let messageId: string;
let answerId: string;
let source: Source;

beforeAll(async () => {
  await publishTestOrganization();
  user = await newUser();
  id = (await user.begin()).id;
  const events = parseLines(await (await user.interactVoice(id, RECORDING)).text());
  messageId = String(events[0]?.message_id);
  answerId = String(events.at(-1)?.message_id);
  source = await user.get<Source>(`/conversation/${id}/messages/${messageId}/source`);
});

async function codeOf(response: Response): Promise<[number, string]> {
  return [response.status, (await response.json<{ code: string }>()).code];
}

function open(headers: Record<string, string> = {}, method = 'GET', url = source.url): Promise<Response> {
  return worker.fetch(url, { method, headers });
}

describe('the source of a message', () => {
  it('is a URL that lives ten minutes, or twelve hours', async () => {
    expect(source.content_type).toBe('audio/wav');
    const left = Date.parse(source.expires_at) - Date.now();
    expect(left).toBeGreaterThan(590_000);
    expect(left).toBeLessThanOrEqual(600_000);
    const long = await user.get<Source>(`/conversation/${id}/messages/${messageId}/source?long_lived=true`);
    expect(Date.parse(long.expires_at) - Date.parse(source.expires_at)).toBeGreaterThan(11.8 * 3_600_000);
    expect((await open({}, 'GET', long.url)).status).toBe(200);
  });

  it('is not found for a text message, for another user, or for an unknown message', async () => {
    const ask = async (who: Client, message: string) =>
      codeOf(await who.request(`/conversation/${id}/messages/${message}/source`));
    expect(await ask(user, answerId)).toEqual([400, 'message_is_text']);
    expect(await ask(user, '1'.repeat(24))).toEqual([404, 'message_not_found']);
    expect(await ask(await newUser(), messageId)).toEqual([404, 'conversation_not_found']);
  });
});

describe('the URL of a recording', () => {
  it('opens the recording without credentials', async () => {
    const response = await open();
    expect(response.status).toBe(200);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(RECORDING);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'audio/wav',
      'content-disposition': 'inline',
      'content-length': String(RECORDING.length),
      'accept-ranges': 'bytes',
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
    });
    expect(response.headers.get('cache-control')).toMatch(/^private, max-age=\d+, immutable$/);
  });

  it('opens a part of it, and says when there is none', async () => {
    const part = await open({ range: 'bytes=44-53' });
    expect([part.status, part.headers.get('content-range')]).toEqual([
      206,
      `bytes 44-53/${RECORDING.length}`,
    ]);
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(RECORDING.slice(44, 54));
    const outside = await open({ range: 'bytes=100000-' });
    expect(outside.headers.get('content-range')).toBe(`bytes */${RECORDING.length}`);
    expect(await codeOf(outside)).toEqual([416, 'range_not_satisfiable']);
  });

  it('tells a client that its copy is current', async () => {
    const etag = (await open({}, 'HEAD')).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[^"]+"$/);
    expect((await open({ 'if-none-match': etag })).status).toBe(304);
    expect((await open({ 'if-none-match': `"other", W/${etag}` })).status).toBe(304);
    expect((await open({ 'if-none-match': '"other"' })).status).toBe(200);
    expect((await open({ 'if-range': etag, range: 'bytes=0-9' })).status).toBe(206);
    expect((await open({ 'if-range': '"other"', range: 'bytes=0-9' })).status).toBe(200);
  });

  it('answers HEAD without a body, the preflight of another origin, and nothing else', async () => {
    const head = await open({}, 'HEAD');
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([
      200,
      String(RECORDING.length),
      '',
    ]);
    const preflight = await open({ origin: 'https://shop.example' }, 'OPTIONS');
    expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([
      204,
      'range, if-range, if-none-match',
    ]);
    expect((await open({}, 'POST')).status).toBe(405);
  });

  it.each<[string, (url: URL) => void]>([
    ['without a signature', (url) => url.searchParams.delete('signature')],
    ['with another signature', (url) => url.searchParams.set('signature', 'A'.repeat(43))],
    ['with half a signature', (url) => url.searchParams.set('signature', 'abc')],
    [
      'with its signature in another encoding',
      (url) => {
        const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
        const signature = url.searchParams.get('signature')!;
        const next = alphabet[alphabet.indexOf(signature.at(-1)!) + 1]!;
        url.searchParams.set('signature', signature.slice(0, -1) + next);
      },
    ],
    ['with two signatures', (url) => url.searchParams.append('signature', 'A'.repeat(43))],
    [
      'with its expiry written in another way',
      (url) => (url.search = url.search.replace('expires=', 'expires=0')),
    ],
    [
      'with its expiry as a decimal fraction',
      (url) => url.searchParams.set('expires', `${url.searchParams.get('expires')}.0`),
    ],
    ['that lives longer', (url) => url.searchParams.set('expires', String(Date.now()))],
    ['that lives for ever', (url) => url.searchParams.set('expires', 'Infinity')],
    ['of another conversation', (url) => (url.pathname = url.pathname.replace(id, '1'.repeat(24)))],
    ['of another recording', (url) => (url.pathname = url.pathname.slice(0, -1) + 'x')],
  ])('%s opens nothing', async (_name, change) => {
    const url = new URL(source.url);
    change(url);
    expect(await codeOf(await open({}, 'GET', url.href))).toEqual([403, 'recording_url_invalid']);
  });

  it('opens nothing when it has expired, and outlives a new signing key', async () => {
    const url = new URL(await signUrl('http://localhost', 'o/c/r', 1_000, 'old'));
    expect(await openUrl(url, 999_999, ['old', 'new'])).toEqual({ key: 'o/c/r', expires: 1_000 });
    expect(await openUrl(url, 1_000_000, ['old'])).toBeNull();
    expect(await openUrl(url, 999_999, ['new'])).toBeNull();
  });

  it('is answered with 404 when its recording is gone', async () => {
    const [newest] = (await signingKeys(testEnv.SIGNING_KEYS)).urlSecrets;
    const url = await signUrl('http://localhost', 'test-org/c/r', Math.floor(Date.now() / 1000) + 60, newest);
    expect(await codeOf(await open({}, 'GET', url))).toEqual([404, 'recording_not_found']);
  });
});
