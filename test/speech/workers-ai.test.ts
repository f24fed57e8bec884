import { describe, expect, it, vi } from 'vitest';
import type { ProblemError } from '../../src/problems.ts';
import { wavOf } from '../../src/speech/wav.ts';
import { workersAiSynthesizer, workersAiTranscriber, type AiBinding } from '../../src/speech/workers-ai.ts';
import { tone } from './tones.ts';

const everything = () => true;
const live = () => new AbortController().signal;

function bindingWith(...answers: (() => unknown)[]) {
  const last = answers.at(-1);
  const run = vi.fn<AiBinding['run']>(async () => {
    const answer = answers.shift() ?? last;
    return answer?.();
  });
  return { run };
}

const sound = () => new Response(wavOf(tone(1_000, 16_000))).body;
const overloaded = () => {
  throw new Error('3040: Capacity temporarily exceeded, please try again.');
};
const rejected = () => {
  throw new Error('5006: Error: required properties are missing');
};

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (error: unknown) => (error as ProblemError).problem.code,
  );
}

describe('a transcription', () => {
  const call = (binding: AiBinding, bytes = Uint8Array.of(1, 2, 3), keyterms = ['Ibuprofen']) =>
    workersAiTranscriber(binding, { model: 'hearer', understands: everything }).transcribe(
      { bytes, content_type: 'audio/wav' },
      { language: 'deu', keyterms, signal: live() },
    );

  it('sends the recording, the language and the key terms', async () => {
    const binding = bindingWith(() => ({ text: ' guten Tag ' }));
    expect(await call(binding)).toBe('guten Tag');
    expect(binding.run).toHaveBeenCalledExactlyOnceWith(
      'hearer',
      { audio: 'AQID', language: 'de', initial_prompt: 'Ibuprofen' },
      { signal: expect.any(AbortSignal) as AbortSignal },
    );
  });

  it('sends a long recording whole', async () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251);
    const binding = bindingWith(() => ({ text: '' }));
    await call(binding, bytes, []);
    const inputs = binding.run.mock.calls[0]?.[1];
    expect(Object.keys(inputs ?? {})).toEqual(['audio', 'language']);
    expect(Uint8Array.from(atob(inputs?.audio as string), (letter) => letter.charCodeAt(0))).toEqual(bytes);
  });

  it.each<[string, () => unknown, number]>([
    ['too much to do', overloaded, 2],
    ['a rejection', rejected, 1],
    ['no text', () => ({ result: 'words' }), 1],
    ['nothing', () => undefined, 1],
  ])('is unavailable with %s', async (_, answer, calls) => {
    const binding = bindingWith(answer);
    expect(await codeOf(call(binding))).toBe('transcription_unavailable');
    expect(binding.run).toHaveBeenCalledTimes(calls);
  });
});

describe('a refusal', () => {
  const failing = (message: string) => bindingWith(() => Promise.reject(new Error(message)));
  const hear = (binding: AiBinding) =>
    workersAiTranscriber(binding, { model: 'hearer', understands: everything }).transcribe(
      { bytes: Uint8Array.of(1), content_type: 'audio/webm' },
      { language: 'deu', keyterms: [], signal: live() },
    );
  const say = (binding: AiBinding) =>
    workersAiSynthesizer(binding, { speaks: everything }).speak('Good morning.', {
      voice: 'zeus',
      language: 'eng',
      signal: live(),
    });

  it.each([
    ['3006: Request is too large', 'body_too_large', 'speech_unavailable', 1],
    ['3010: Failed to decode audio file', 'recording_unsupported', 'speech_unavailable', 1],
    ['5004: Invalid input: audio format is not supported', 'recording_unsupported', 'speech_unavailable', 1],
    ['5006: Error: required properties are missing', 'transcription_unavailable', 'speech_unavailable', 1],
    ['5007: No such model', 'transcription_unavailable', 'speech_unavailable', 1],
    ['3041: The account is not allowed to access this model', 'provider_refused', 'provider_refused', 1],
    ['3023: Service unavailable for account', 'provider_refused', 'provider_refused', 1],
    ['3007: Request timeout', 'transcription_unavailable', 'speech_unavailable', 2],
  ])('with %j is a problem with its code', async (message, heard, said, calls) => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const hearing = failing(message);
    expect(await codeOf(hear(hearing))).toBe(heard);
    expect(hearing.run).toHaveBeenCalledTimes(calls);
    expect(await codeOf(say(failing(message)))).toBe(said);
  });
});

describe('speech', () => {
  const call = (
    binding: AiBinding,
    options: { model?: string; voice?: string } = {},
    about: { voice?: string; language?: string; signal?: AbortSignal } = {},
  ) =>
    workersAiSynthesizer(binding, { ...options, speaks: everything }).speak('Good morning.', {
      voice: 'someone',
      language: 'eng',
      signal: live(),
      ...about,
    });

  it('asks for a WAV file at the needed rate', async () => {
    const binding = bindingWith(sound);
    expect(await call(binding)).toEqual(tone(1_000, 16_000));
    expect(binding.run).toHaveBeenCalledExactlyOnceWith(
      '@cf/deepgram/aura-2-en',
      { text: 'Good morning.', encoding: 'linear16', container: 'wav', sample_rate: 16_000 },
      { signal: expect.any(AbortSignal) as AbortSignal },
    );
  });

  const spanish = { language: 'spa' };
  it.each<[string, Parameters<typeof call>[1], Parameters<typeof call>[2], string, string | undefined]>([
    ['the agent’s voice', {}, { voice: 'zeus' }, '@cf/deepgram/aura-2-en', 'zeus'],
    ['the deployment’s first', { voice: 'luna' }, { voice: 'zeus' }, '@cf/deepgram/aura-2-en', 'luna'],
    ['Spanish', {}, { ...spanish, voice: 'celeste' }, '@cf/deepgram/aura-2-es', 'celeste'],
    ['a voice of another language', { voice: 'luna' }, spanish, '@cf/deepgram/aura-2-es', undefined],
    ['one model for all', { model: '@cf/deepgram/aura-1' }, spanish, '@cf/deepgram/aura-1', undefined],
    ['a model that is not known', { model: 'new', voice: 'nova' }, {}, 'new', 'nova'],
  ])('uses %s', async (_, options, about, model, speaker) => {
    const binding = bindingWith(sound);
    await call(binding, options, about);
    expect(binding.run.mock.calls[0]?.[0]).toBe(model);
    expect(binding.run.mock.calls[0]?.[1].speaker).toBe(speaker);
  });

  it.each<[string, () => unknown, number]>([
    ['too much to do', overloaded, 2],
    ['a connection that breaks', () => Promise.reject(new Error('Network connection lost.')), 2],
    ['a rejection', rejected, 1],
    ['JSON', () => ({ audio: 'AAAA' }), 1],
    ['an MP3', () => new Response(Uint8Array.of(0xff, 0xfb, 0x90, 0x64)).body, 1],
    ['nothing', () => new Response('').body, 1],
  ])('is unavailable with %s', async (_, answer, calls) => {
    const binding = bindingWith(answer);
    expect(await codeOf(call(binding))).toBe('speech_unavailable');
    expect(binding.run).toHaveBeenCalledTimes(calls);
  });

  it('succeeds if only the first call was over the capacity', async () => {
    expect(await call(bindingWith(overloaded, sound))).toHaveLength(16_000);
  });

  it('ends with the turn even if the binding ignores the signal', async () => {
    const turn = new AbortController();
    const called = call(
      bindingWith(() => new Promise(() => undefined)),
      {},
      { signal: turn.signal },
    );
    turn.abort(new Error('the turn is over'));
    await expect(called).rejects.toThrow('the turn is over');
  });
});
