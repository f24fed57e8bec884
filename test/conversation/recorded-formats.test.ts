/** Recordings of phones, browsers and mistaken clients in place of WAV, through the whole API. */
import { exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { M4A, MP4_CHROMIUM, OGG_OPUS, WEBM_CHROMIUM, WEBM_VIDEO } from '../fixtures/containers.ts';
import { newUser, parseLines, publishTestOrganization, testEnv, type Client } from '../support/client.ts';
import { ORGANIZATION } from '../support/organization.ts';
import { concat, noise, wav } from '../support/recordings.ts';
import { heard, recordingOf } from '../support/scripted-speech.ts';

const worker = (exports as unknown as { default: Fetcher }).default;

beforeAll(publishTestOrganization);

const PCM = encodeURIComponent(
  JSON.stringify({ type: 'pcm', frame_rate: 16_000, n_channels: 1, sample_width: 2 }),
);

/** Sends a recording as the part of a form with a content type, or as the body with it; `null` sends none. */
function send(
  user: Client,
  id: string,
  recording: Uint8Array,
  { as, type, query = '' }: { as: 'part' | 'body'; type: string | null; query?: string },
): Promise<Response> {
  const path = `/conversation/${id}/interact?request_format=voice&response_format=text${query}`;
  const bytes = recording as Uint8Array<ArrayBuffer>;
  if (as === 'body') {
    const headers: Record<string, string> = type === null ? {} : { 'content-type': type };
    return user.request(path, { method: 'POST', body: bytes, headers });
  }
  const boundary = 'the-boundary';
  const body = new Blob([
    `--${boundary}\r\nContent-Disposition: form-data; name="initial_message_type"\r\n\r\nuser-message\r\n`,
    `--${boundary}\r\nContent-Disposition: form-data; name="recorded_message"; filename="a"\r\n`,
    type === null ? '' : `Content-Type: ${type}\r\n`,
    '\r\n',
    bytes,
    `\r\n--${boundary}--\r\n`,
  ]);
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };
  return user.request(path, { method: 'POST', body, headers });
}

async function problemOf(response: Response): Promise<{ status: number; code: string; detail: string }> {
  return response.json();
}

async function objectsOf(id: string) {
  const listed = await testEnv.AUDIO.list({ prefix: `${ORGANIZATION}/${id}/`, include: ['httpMetadata'] });
  return listed.objects;
}

/** For several conversations in one test, on a machine that has much else to do. */
const MANY_MS = 30_000;

describe('a recording in the format of a phone or a browser', { timeout: MANY_MS }, () => {
  it.each([
    ['Ogg', OGG_OPUS, 'audio/ogg', 'audio/ogg; codecs=opus'],
    ['WebM', WEBM_CHROMIUM, 'audio/webm', 'audio/webm;codecs=opus'],
    ['M4A', M4A, 'audio/mp4', 'audio/x-m4a'],
    ['MP4', MP4_CHROMIUM, 'audio/mp4', 'video/mp4'],
  ])('%s is heard, kept and given back as it came, by its own type', async (_, recording, type, declared) => {
    const user = await newUser();
    for (const as of ['part', 'body'] as const) {
      for (const query of ['', `&request_audio_config=${PCM}`]) {
        const { id } = await user.begin();
        heard.length = 0;
        const events = parseLines(
          await (await send(user, id, recording, { as, type: declared, query })).text(),
        );
        expect(events.at(-1)?.type).toBe('interaction-complete');
        expect(heard).toMatchObject([{ content_type: type }]);
        const source = await user.get<{ url: string; content_type: string }>(
          `/conversation/${id}/messages/${String(events[0]?.message_id)}/source`,
        );
        expect(source.content_type).toBe(type);
        const served = await worker.fetch(source.url);
        expect(served.headers.get('content-type')).toBe(type);
        expect(new Uint8Array(await served.arrayBuffer())).toEqual(recording);
        await user.post(`/conversation/${id}/finish/`);
      }
    }
  });

  it('keeps its type when it is larger than a part of an upload', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    // What follows the sound that is there is the recorder's.
    const recording = concat(WEBM_CHROMIUM, new Uint8Array(6_000_000));
    await (await send(user, id, recording, { as: 'body', type: 'audio/webm' })).text();
    const [object] = await objectsOf(id);
    expect([object?.size, object?.httpMetadata?.contentType]).toEqual([recording.length, 'audio/webm']);
  });
});

describe('what is no recording', { timeout: MANY_MS }, () => {
  const json = new TextEncoder().encode('{"error":"no microphone"}');
  const png = concat(Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), noise(9_000));

  it.each<[string, Uint8Array, string | null, string]>([
    ['JSON', json, 'application/json', 'TypeScript client'],
    ['JSON without a type', json, null, 'TypeScript client'],
    ['JSON as a recording', json, 'audio/wav', 'TypeScript client'],
    ['an image', png, 'image/png', 'a PNG image'],
    ['an image as a recording', png, 'audio/pcm', 'a PNG image'],
    ['words', new TextEncoder().encode('I have no microphone'), 'text/plain', 'This is text'],
    ['a video', WEBM_VIDEO, 'video/webm', 'a WebM file with video'],
    ['bytes that say they are an image', noise(9_000), 'image/x-raw', 'content type'],
  ])('is refused as samples, in a form and as the body: %s', async (_, recording, type, detail) => {
    const user = await newUser();
    const { id } = await user.begin();
    for (const as of ['part', 'body'] as const) {
      for (const query of ['', `&request_audio_config=${PCM}`]) {
        const problem = await problemOf(await send(user, id, recording, { as, type, query }));
        const isUnknown = detail === 'content type' && query === '';
        expect(problem).toMatchObject({ status: 415, code: 'recording_unsupported' });
        expect(problem.detail).toContain(isUnknown ? 'not WAV' : detail);
      }
    }
    expect(await objectsOf(id)).toEqual([]);
  });

  it.each<[string, Uint8Array]>([
    ['silence', wav(new Uint8Array(64_000))],
    ['less than 50 ms', wav(noise(1_000))],
    ['a touch of the button', M4A.subarray(0, 0)],
  ])('answers 400 when it is %s, and nothing is transcribed', async (_, recording) => {
    const user = await newUser();
    const { id } = await user.begin();
    heard.length = 0;
    const problem = await problemOf(await send(user, id, recording, { as: 'part', type: 'audio/wav' }));
    expect(problem).toMatchObject({ status: 400, code: 'message_empty' });
    expect(heard).toEqual([]);
    expect(await objectsOf(id)).toEqual([]);
    // The conversation is as it was.
    const events = await (await user.interactVoice(id, recordingOf('pears'))).text();
    expect(parseLines(events).at(-1)?.type).toBe('interaction-complete');
  });
});
