import { afterEach, describe, expect, it, vi } from 'vitest';
import { ProblemError } from '../../src/problems.ts';
import {
  openAiCompatibleSynthesizer,
  openAiCompatibleTranscriber,
} from '../../src/speech/openai-compatible.ts';
import type { Recording } from '../../src/speech/ports.ts';
import { MAX_SPEECH_BYTES } from '../../src/speech/sound.ts';
import { wavOf } from '../../src/speech/wav.ts';
import { amplitudeOf, tone } from './tones.ts';

const SECRET = 'what the provider said';
const server = { baseUrl: 'https://speech.example/v1', apiKey: 'key' };
const everything = () => true;
const transcriber = openAiCompatibleTranscriber(server, { model: 'hearer', understands: everything });
const synthesizer = openAiCompatibleSynthesizer(server, { model: 'speaker', speaks: everything });

const RECORDING: Recording = { bytes: Uint8Array.of(1, 2, 3), content_type: 'audio/mpeg' };
const live = () => new AbortController().signal;

const transcribe = (signal = live(), keyterms: string[] = []) =>
  transcriber.transcribe(RECORDING, { language: 'eng', keyterms, signal });
const speak = (signal = live()) =>
  synthesizer.speak('Good morning.', { voice: 'agents-own', language: 'eng', signal });

type Answer = () => Response | Promise<Response>;

/** Answers in this order; the last one again and again. */
function answering(...answers: Answer[]) {
  const last = answers.at(-1);
  return vi.spyOn(globalThis, 'fetch').mockImplementation(async () => {
    const answer = answers.shift() ?? last;
    if (answer === undefined) throw new Error('There is no answer.');
    return answer();
  });
}

const json = (value: unknown) => () => Response.json(value);
const status =
  (code: number, headers: Record<string, string> = {}) =>
  () =>
    new Response(JSON.stringify({ error: { message: SECRET } }), { status: code, headers });
const sound =
  (rate = 16_000) =>
  () =>
    new Response(wavOf(tone(1_000, rate), rate));
const broken = () => Promise.reject(new TypeError('Network connection lost.'));

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

async function problemOf(work: Promise<unknown>): Promise<unknown> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProblemError);
  return (error as ProblemError).problem;
}

describe('a transcription', () => {
  it('sends the recording, the language and the key terms', async () => {
    const fetched = answering(json({ text: ' hello there\n' }));
    expect(await transcribe(live(), ['Ibuprofen', ' Dr. Nguyen ', 'Ibuprofen', ''])).toBe('hello there');
    const [url, init] = fetched.mock.calls[0] ?? [];
    expect(url).toBe('https://speech.example/v1/audio/transcriptions');
    expect(new Headers(init?.headers).get('authorization')).toBe('Bearer key');
    expect(init).toMatchObject({ method: 'POST', redirect: 'manual' });
    const form = init?.body as FormData;
    const file = form.get('file') as File;
    expect([...form.keys()].sort()).toEqual([
      'file',
      'language',
      'model',
      'prompt',
      'response_format',
      'temperature',
    ]);
    expect(Object.fromEntries([...form].filter(([name]) => name !== 'file'))).toEqual({
      model: 'hearer',
      language: 'en',
      prompt: 'Ibuprofen, Dr. Nguyen',
      response_format: 'json',
      temperature: '0',
    });
    expect([file.name, file.type]).toEqual(['audio.mp3', 'audio/mpeg']);
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(RECORDING.bytes);
  });

  it('sends no prompt without key terms, and at most as many as the model reads', async () => {
    const fetched = answering(json({ text: '' }));
    expect(await transcribe()).toBe('');
    await transcribe(
      live(),
      Array.from({ length: 300 }, (_, index) => `term-${index}`),
    );
    const forms = fetched.mock.calls.map(([, init]) => init?.body as FormData);
    const prompts = forms.map((form) => form.get('prompt'));
    expect(prompts[0]).toBeNull();
    expect(prompts[1]).toMatch(/^term-0, term-1, .*\d$/);
    expect((prompts[1] as string).length).toBeLessThanOrEqual(600);
  });
});

describe('speech', () => {
  it('asks for a WAV in the voice of the agent', async () => {
    const fetched = answering(sound());
    const samples = await speak();
    expect(samples).toEqual(tone(1_000, 16_000));
    const [url, init] = fetched.mock.calls[0] ?? [];
    expect(url).toBe('https://speech.example/v1/audio/speech');
    expect(new Headers(init?.headers).get('authorization')).toBe('Bearer key');
    expect(JSON.parse(init?.body as string)).toEqual({
      model: 'speaker',
      input: 'Good morning.',
      voice: 'agents-own',
      response_format: 'wav',
    });
  });

  it('asks for the voice of the deployment first, and sends no key if there is none', async () => {
    const fetched = answering(sound());
    const keyless = openAiCompatibleSynthesizer(
      { baseUrl: server.baseUrl },
      { model: 'speaker', voice: 'deployments', speaks: everything },
    );
    await keyless.speak('Hi.', { voice: 'agents-own', language: 'eng', signal: live() });
    const [, init] = fetched.mock.calls[0] ?? [];
    expect(JSON.parse(init?.body as string)).toMatchObject({ voice: 'deployments' });
    expect(new Headers(init?.headers).has('authorization')).toBe(false);
  });

  it('is converted to 16 kHz', async () => {
    answering(sound(24_000));
    const samples = await speak();
    expect(samples).toHaveLength(16_000);
    expect(amplitudeOf(samples)).toBeGreaterThan(9_500);
  });
});

describe.each([
  ['transcription_unavailable', transcribe, json({ text: 'hello' })],
  ['speech_unavailable', speak, sound()],
] as const)('%s', (code, call, good) => {
  it.each<[string, Answer, number]>([
    ['500', status(500), 2],
    ['429', status(429, { 'retry-after': '0' }), 2],
    ['a connection that cannot be made', broken, 2],
    ['408', status(408, { 'retry-after': '0' }), 2],
    ['404', status(404), 1],
    ['a redirect', status(307, { location: 'https://elsewhere.example/' }), 1],
    ['a page instead of an answer', () => new Response('<!doctype html><p>Sign in</p>'), 1],
    ['an empty answer', () => new Response(''), 1],
    ['no body', () => new Response(null), 1],
  ])('is the problem of %s', async (_, answer, calls) => {
    const logged = vi.spyOn(console, 'log');
    const fetched = answering(answer);
    const problem = await problemOf(call());
    expect(problem).toMatchObject({ code });
    expect(fetched).toHaveBeenCalledTimes(calls);
    expect(JSON.stringify([problem, logged.mock.calls])).not.toContain(SECRET);
    expect(logged).toHaveBeenCalledTimes(calls);
  });

  it.each<[string, Answer]>([
    ['500', status(500)],
    ['429', status(429, { 'retry-after': '0.01' })],
    ['a broken connection', broken],
  ])('does not occur if only the first call fails: %s', async (_, answer) => {
    const fetched = answering(answer, good);
    await call();
    expect(fetched).toHaveBeenCalledTimes(2);
  });

  it('is the problem of an answer that breaks off, which is not requested again', async () => {
    const fetched = answering(
      () =>
        new Response(
          new ReadableStream({
            start(controller) {
              controller.enqueue(new TextEncoder().encode('RIFF{"text":'));
            },
            pull(controller) {
              controller.error(new Error('lost'));
            },
          }),
        ),
    );
    expect(await problemOf(call())).toMatchObject({ code });
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  it('is the problem of an endless answer', async () => {
    const chunk = new Uint8Array(1024 * 1024).fill(32);
    let pulled = 0;
    answering(
      () =>
        new Response(
          new ReadableStream({
            pull(controller) {
              pulled += chunk.length;
              controller.enqueue(chunk);
            },
          }),
        ),
    );
    expect(await problemOf(call())).toMatchObject({ code });
    expect(pulled).toBeLessThan(MAX_SPEECH_BYTES + 4 * chunk.length);
  });

  it('is the problem of a server that does not answer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const fetched = answering(() => new Promise<Response>(() => undefined));
    const answered = problemOf(call());
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await answered).toMatchObject({ code });
    expect(fetched).toHaveBeenCalledTimes(1);
    expect(fetched.mock.calls[0]?.[1]?.signal?.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not the problem of a call that the caller ends', async () => {
    const fetched = answering(() => new Promise<Response>(() => undefined));
    const turn = new AbortController();
    const called = call(turn.signal);
    const reason = new Error('the turn is over');
    turn.abort(reason);
    await expect(called).rejects.toBe(reason);
    expect(fetched.mock.calls[0]?.[1]?.signal?.aborted).toBe(true);
    await expect(call(turn.signal)).rejects.toBe(reason);
    expect(fetched).toHaveBeenCalledTimes(1);
  });
});

describe('a refusal', () => {
  const refused = (code: number, error: Record<string, unknown>) => () =>
    Response.json({ error: { message: SECRET, ...error } }, { status: code });

  it.each<[string, Answer, string]>([
    ['400 without a reason', status(400), 'recording_unsupported'],
    ['400 about the file', refused(400, { param: 'file' }), 'recording_unsupported'],
    ['422 about the file', refused(422, { param: 'file' }), 'recording_unsupported'],
    ['415', status(415), 'recording_unsupported'],
    ['413', status(413), 'body_too_large'],
    ['400 for a recording that is too short', refused(400, { code: 'audio_too_short' }), 'message_empty'],
    ['400 about the language', refused(400, { param: 'language' }), 'transcription_unavailable'],
    ['401', status(401), 'provider_refused'],
    ['402', status(402), 'provider_refused'],
    ['403', status(403), 'provider_refused'],
  ])('is a problem with its code for a recording with %s', async (_, answer, code) => {
    const [logged, failed] = [vi.spyOn(console, 'log'), vi.spyOn(console, 'error')];
    const fetched = answering(answer);
    const problem = await problemOf(transcribe());
    expect(problem).toMatchObject({ code });
    expect(fetched).toHaveBeenCalledTimes(1);
    expect(JSON.stringify([problem, logged.mock.calls, failed.mock.calls])).not.toContain(SECRET);
    // An operator is told of what only an operator can set right.
    expect(failed).toHaveBeenCalledTimes(code === 'provider_refused' ? 1 : 0);
  });

  it.each<[string, Answer, string]>([
    ['400', status(400), 'speech_unavailable'],
    ['413', status(413), 'speech_unavailable'],
    ['401', status(401), 'provider_refused'],
    ['403', status(403), 'provider_refused'],
  ])('is never a problem of the user’s message for a text with %s', async (_, answer, code) => {
    const failed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    answering(answer);
    expect(await problemOf(speak())).toMatchObject({ code });
    expect(failed).toHaveBeenCalledTimes(code === 'provider_refused' ? 1 : 0);
  });

  it('is read only up to a maximum size', async () => {
    let pulled = 0;
    answering(
      () =>
        new Response(
          new ReadableStream({
            pull(controller) {
              pulled += 1024;
              controller.enqueue(new Uint8Array(1024).fill(32));
            },
          }),
          { status: 400 },
        ),
    );
    expect(await problemOf(transcribe())).toMatchObject({ code: 'recording_unsupported' });
    expect(pulled).toBeLessThan(64 * 1024);
  });
});

it.each([
  ['audio/wav', 'audio.wav'],
  ['audio/mpeg', 'audio.mp3'],
  ['audio/flac', 'audio.flac'],
  ['audio/mp4', 'audio.m4a'],
  ['audio/ogg', 'audio.ogg'],
  ['audio/webm', 'audio.webm'],
] as const)(
  'a recording of %s is sent as %s, because servers recognize formats by the name',
  async (content_type, name) => {
    const fetched = answering(json({ text: 'hello' }));
    const recording = { bytes: Uint8Array.of(1, 2, 3), content_type };
    await transcriber.transcribe(recording, { language: 'eng', keyterms: [], signal: live() });
    const form = fetched.mock.calls[0]?.[1]?.body as FormData;
    const file = form.get('file') as File;
    expect([file.name, file.type]).toEqual([name, content_type]);
  },
);

it('sound that is longer than any sentence is not accepted', async () => {
  answering(() => new Response(wavOf(new Int16Array(2_000_000), 4_000)));
  expect(await problemOf(speak())).toMatchObject({ code: 'speech_unavailable' });
});
