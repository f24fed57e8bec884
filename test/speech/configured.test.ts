import { afterEach, describe, expect, it, vi } from 'vitest';
import { reportFault } from '../../src/deployment/faults.ts';
import type { SpeechVariables } from '../../src/deployment/speech.ts';
import { speechOf } from '../../src/speech/configured.ts';
import { iso6391 } from '../../src/speech/languages.ts';
import type { Speech } from '../../src/speech/ports.ts';
import { wavOf } from '../../src/speech/wav.ts';

const SERVER = { SPEECH_PROVIDER: 'openai-compatible', SPEECH_BASE_URL: 'https://speech.example/v1/' };
const AI = { run: () => Promise.resolve() } as unknown as Ai;
const WORKERS_AI = { SPEECH_PROVIDER: 'workers-ai', AI };

afterEach(() => {
  vi.restoreAllMocks();
});

const sides = ({ transcriber, synthesizer }: Speech) => [transcriber !== null, synthesizer !== null];

describe('voice is configured', () => {
  it.each<[string, SpeechVariables, boolean[]]>([
    ['of a server', SERVER, [true, true]],
    ['of a server, to listen only', { ...SERVER, SPEECH_MODEL: 'off' }, [true, false]],
    ['of a server, to speak only', { ...SERVER, TRANSCRIPTION_MODEL: 'off' }, [false, true]],
    ['of Workers AI', WORKERS_AI, [true, true]],
    ['of Workers AI, to listen only', { ...WORKERS_AI, SPEECH_MODEL: 'off' }, [true, false]],
    ['of Workers AI, to speak only', { ...WORKERS_AI, TRANSCRIPTION_MODEL: 'off' }, [false, true]],
    [
      'with variables that are set to nothing',
      { ...SERVER, SPEECH_MODEL: '', SPEECH_API_KEY: '' },
      [true, true],
    ],
    ['not at all', {}, [false, false]],
    ['not at all, set to nothing', { ...SERVER, SPEECH_PROVIDER: '' }, [false, false]],
  ])('by the variables %s', (_, variables, expected) => {
    const log = vi.spyOn(console, 'error');
    expect(sides(speechOf(variables))).toEqual(expected);
    expect(log).not.toHaveBeenCalled();
  });
});

describe('a wrong configuration is logged once and answered with 503', () => {
  it.each<[string, SpeechVariables]>([
    ['SPEECH_PROVIDER', { ...SERVER, SPEECH_PROVIDER: 'somebody' }],
    ['SPEECH_BASE_URL', { SPEECH_PROVIDER: 'openai-compatible' }],
    ['SPEECH_BASE_URL', { ...SERVER, SPEECH_BASE_URL: 'localhost:8790/v1' }],
    ['AI', { SPEECH_PROVIDER: 'workers-ai' }],
  ])('in the variable %s', (variable, variables) => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    // A fault that was logged before, by whatever test of this runtime, is not logged again.
    reportFault({ variable, reason: 'is another one' }, 'another value');
    log.mockClear();
    const misconfigured = {
      problem: expect.objectContaining({ code: 'deployment_misconfigured' }) as object,
    };
    for (let count = 0; count < 3; count += 1) {
      expect(() => speechOf(variables)).toThrow(expect.objectContaining(misconfigured) as Error);
    }
    const lines = log.mock.calls.map(([line]) => JSON.parse(String(line)) as object);
    expect(lines).toMatchObject([{ event: 'deployment_misconfigured', variable }]);
  });
});

it('a server is asked with the default models, and without a double slash', async () => {
  const fetched = vi
    .spyOn(globalThis, 'fetch')
    .mockImplementation(async (_url, init) =>
      init?.body instanceof FormData ? Response.json({ text: '' }) : new Response(wavOf(new Int16Array(1))),
    );
  const { transcriber, synthesizer } = speechOf({ ...SERVER, SPEECH_VOICE: 'alloy' });
  const signal = new AbortController().signal;
  await synthesizer?.speak('Hi.', { voice: 'x', language: 'eng', signal });
  const recording = { bytes: Uint8Array.of(1), content_type: 'audio/wav' as const };
  await transcriber?.transcribe(recording, { language: 'eng', keyterms: [], signal });
  const [spoken, transcribed] = fetched.mock.calls.map(([url, init]) => ({ url, body: init?.body }));
  expect(spoken?.url).toBe('https://speech.example/v1/audio/speech');
  expect(JSON.parse(spoken?.body as string)).toMatchObject({ model: 'tts-1', voice: 'alloy' });
  expect(transcribed?.url).toBe('https://speech.example/v1/audio/transcriptions');
  const form = transcribed?.body as FormData;
  expect(form.get('model')).toBe('whisper-1');
});

describe('languages', () => {
  it.each([
    ['eng', 'en'],
    ['spa', 'es'],
    ['zho', 'zh'],
    ['cmn', 'zh'],
    ['tgl', 'tl'],
    ['yue', 'yue'],
    ['', null],
    ['?!', null],
  ])('%s is %s to a provider', (language, code) => {
    expect(iso6391(language)).toBe(code);
  });

  const asked = ['eng', 'spa', 'deu', '??'];
  it.each<[string, SpeechVariables, string[], string[]]>([
    ['any', SERVER, ['eng', 'spa', 'deu'], ['eng', 'spa', 'deu']],
    [
      'listed',
      { ...SERVER, TRANSCRIPTION_LANGUAGES: 'eng, deu', SPEECH_LANGUAGES: 'spa' },
      ['eng', 'deu'],
      ['spa'],
    ],
    ['of Workers AI', WORKERS_AI, ['eng', 'spa', 'deu'], ['eng', 'spa']],
    [
      'of its model',
      { ...WORKERS_AI, SPEECH_MODEL: '@cf/deepgram/aura-2-es' },
      ['eng', 'spa', 'deu'],
      ['spa'],
    ],
    [
      'of an unknown one',
      { ...WORKERS_AI, SPEECH_MODEL: 'new' },
      ['eng', 'spa', 'deu'],
      ['eng', 'spa', 'deu'],
    ],
    ['of the list', { ...WORKERS_AI, SPEECH_LANGUAGES: 'eng' }, ['eng', 'spa', 'deu'], ['eng']],
  ])('are those %s', (_, variables, understood, spoken) => {
    const { transcriber, synthesizer } = speechOf(variables);
    expect(asked.filter((language) => transcriber?.understands(language))).toEqual(understood);
    expect(asked.filter((language) => synthesizer?.speaks(language))).toEqual(spoken);
  });
});
