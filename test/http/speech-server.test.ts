/** The local speech server over HTTP: what it speaks it understands, and what it cannot do it says in OpenAI's way. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { speechVariables } from '../../scripts/speech/found.ts';
import { readWav } from '../../src/speech/wav.ts';
import { freePort } from './server.ts';
import { needSpeechEngines, SpeechServer, UNDERSTOOD, UNDERSTOOD_WORDS } from './speech-server.ts';

let server: SpeechServer;

if (needSpeechEngines()) {
  beforeAll(async () => {
    server = await SpeechServer.start();
  });
  afterAll(() => server.stop());
}

const bytesOf = async (response: Response) => {
  expect(response.status).toBe(200);
  return response.bytes();
};
const spoken = async (response_format: string, more: Record<string, unknown> = {}) =>
  bytesOf(
    await server.speak({ model: 'tts-1', voice: 'alloy', input: UNDERSTOOD, response_format, ...more }),
  );

describe('a spoken text is transcribed', () => {
  it.each(['wav', 'mp3', 'flac'])('as %s', async (format) => {
    const answer = await server.transcribe(await spoken(format), { language: 'en', prompt: 'order' });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ text: UNDERSTOOD_WORDS });
  });

  it('as text, and with its length', async () => {
    const wav = await spoken('wav');
    const [text, verbose] = await Promise.all([
      server.transcribe(wav, { response_format: 'text' }),
      server.transcribe(wav, { response_format: 'verbose_json' }),
    ]);
    expect(await text.text()).toBe(`${UNDERSTOOD_WORDS}\n`);
    const { samples, rate } = readWav(wav);
    expect(await verbose.json()).toEqual({
      task: 'transcribe',
      language: 'english',
      duration: samples.length / rate,
      text: UNDERSTOOD_WORDS,
    });
  });

  it('silence has an empty transcript', async () => {
    const silence = await spoken('wav', { input: '—' });
    expect(readWav(silence).samples.every((sample) => sample === 0)).toBe(true);
    expect(await (await server.transcribe(silence)).json()).toEqual({ text: '' });
  });
});

describe('speech', () => {
  it('is mono at 16 kHz with a correct header', async () => {
    const wav = await spoken('wav');
    const { rate, samples } = readWav(wav);
    expect(rate).toBe(16_000);
    expect(wav).toHaveLength(44 + samples.length * 2);
    expect(samples.length).toBeGreaterThan(rate);
  });

  it('raw has 24 kHz, as OpenAI’s', async () => {
    const [wav, pcm] = await Promise.all([spoken('wav'), spoken('pcm')]);
    expect(pcm.length / 2 / 24_000).toBeCloseTo(readWav(wav).samples.length / 16_000, 2);
  });

  it('has the requested speed', async () => {
    const [usual, fast] = await Promise.all([spoken('wav'), spoken('wav', { speed: 2 })]);
    expect(fast.length).toBeLessThan(usual.length * 0.7);
  });

  it('is never read as a command or an option', async () => {
    const input = '-voice kal16; $(exit 1) `false` "yes" & \n';
    expect(readWav(await spoken('wav', { input })).samples.length).toBeGreaterThan(16_000);
  });
});

describe('an impossible request gets an error', () => {
  const speech = (body: Record<string, unknown>) => () =>
    server.speak({ model: 'm', input: 'Hi.', response_format: 'wav', ...body });
  const transcription =
    (fields: Record<string, string>, bytes = Uint8Array.of(1, 2, 3)) =>
    () =>
      server.transcribe(bytes, fields);
  const post = (path: string, body: string, type: string) => () =>
    fetch(`${server.url}${path}`, { method: 'POST', body, headers: { 'content-type': type } });

  it.each<[string, () => Promise<Response>, number, string]>([
    ['no text', speech({ input: '' }), 400, 'invalid_value'],
    ['too long a text', speech({ input: 'a'.repeat(4_097) }), 400, 'invalid_value'],
    ['another format', speech({ response_format: 'opus' }), 400, 'invalid_value'],
    ['another speed', speech({ speed: 9 }), 400, 'invalid_value'],
    ['no JSON', post('/v1/audio/speech', '{', 'application/json'), 400, 'invalid_json'],
    [
      'a huge body',
      post('/v1/audio/speech', ' '.repeat(70_000), 'application/json'),
      413,
      'request_too_large',
    ],
    ['no recording', transcription({}), 400, 'invalid_value'],
    ['a broken MP3', transcription({}, Uint8Array.of(0xff, 0xfb, 1, 2)), 400, 'invalid_value'],
    ['another language', transcription({ language: 'de' }), 400, 'unsupported_language'],
    ['another answer', transcription({ response_format: 'srt' }), 400, 'unsupported_format'],
    ['no form', post('/v1/audio/transcriptions', 'x', 'text/plain'), 400, 'invalid_form'],
    ['another path', post('/v1/chat/completions', '{}', 'application/json'), 404, 'not_found'],
  ])('with its code: %s', async (_, call, status, code) => {
    const answer = await call();
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({
      error: { message: expect.any(String) as string, type: 'invalid_request_error', code },
    });
  });
});

it('the server reports its engines', async () => {
  const answer = await fetch(`${server.url}/healthz`);
  expect(await answer.json()).toEqual({
    status: 'ok',
    engines: { flite: true, pocketsphinx: true, model: true, sox: true },
  });
});

describe('npm start', () => {
  it('finds the speech server, and uses its language', async () => {
    expect(await speechVariables({ ...server.environment, SPEECH_VOICE: 'rms' })).toEqual({
      SPEECH_PROVIDER: 'openai-compatible',
      SPEECH_BASE_URL: `${server.url}/v1`,
      SPEECH_LANGUAGES: 'eng',
      TRANSCRIPTION_LANGUAGES: 'eng',
      SPEECH_VOICE: 'rms',
    });
  });

  it('uses the named server with all its settings', async () => {
    const named = {
      SPEECH_BASE_URL: 'https://speech.example/v1',
      SPEECH_API_KEY: 'key',
      SPEECH_MODEL: 'off',
    };
    expect(await speechVariables({ ...server.environment, ...named })).toEqual({
      ...named,
      SPEECH_PROVIDER: 'openai-compatible',
    });
  });

  it('has no voice without a server, or with SPEECH=off', async () => {
    expect(await speechVariables({ ...server.environment, SPEECH: 'off' })).toEqual({});
    expect(await speechVariables({ SPEECH_PORT: String(await freePort()) })).toEqual({});
  });
});

it('without its engines prints the packages to install', () => {
  const program = join(import.meta.dirname, '../../scripts/speech/server.ts');
  const { status, stderr } = spawnSync(process.execPath, [program], {
    encoding: 'utf8',
    env: { PATH: '/nowhere' },
  });
  expect(stderr).toContain('flite, pocketsphinx, sox');
  expect(stderr).toContain('sudo apt-get install flite pocketsphinx pocketsphinx-en-us sox libsox-fmt-mp3');
  expect(status).toBe(1);
});

it('removes the files of each request, and all files at its end', async () => {
  const TMPDIR = await mkdtemp(join(tmpdir(), 'speech-server-'));
  const other = await SpeechServer.start({ TMPDIR });
  // Node keeps compiled programs there too.
  const folders = async () => (await readdir(TMPDIR)).filter((name) => name.startsWith('speech-'));
  const [folder = ''] = await folders();
  try {
    const answers = await Promise.all([
      other.speak({ model: 'm', input: 'Hi.', response_format: 'wav' }),
      other.transcribe(Uint8Array.of(0xff, 0xfb, 1, 2)),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 400]);
    expect(await readdir(join(TMPDIR, folder))).toEqual([]);
  } finally {
    await other.stop();
  }
  expect(await folders()).toEqual([]);
  await rm(TMPDIR, { recursive: true });
});
