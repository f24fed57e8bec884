import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../src/speech/refusal.ts';

const openAi = (message: string, param: string | null = null, code: string | null = null) =>
  JSON.stringify({ error: { message, type: 'invalid_request_error', param, code } });

describe('the reason of a provider', () => {
  it.each<[string, number, string, ReturnType<typeof refusalOf>]>([
    ['a format it does not take', 400, openAi('Invalid file format. Supported formats: flac'), 'unsupported'],
    ['a damaged file', 400, openAi('The audio file could not be decoded.'), 'unsupported'],
    ['a file named as the field at fault', 400, openAi('Bad value', 'file'), 'unsupported'],
    ['a short file, by its code', 400, openAi('Bad', 'file', 'audio_too_short'), 'too_short'],
    [
      'a short file, by its words',
      400,
      openAi('Audio file is too short. Minimum audio length is 0.1 s.'),
      'too_short',
    ],
    ['a model that is not there', 400, openAi('The model `whisper-9` does not exist'), null],
    ['a language that it does not know', 400, openAi('Invalid value', 'language'), null],
    ['a quota that is used up', 400, openAi('You exceeded your quota, check your billing'), null],
    [
      'a model that reads no audio of this format',
      400,
      openAi('This model cannot read this audio format'),
      'unsupported',
    ],
    ['nothing', 400, '', 'unsupported'],
    ['a page', 400, '<html>Bad Request</html>', 'unsupported'],
    ['a text', 400, '"could not convert"', 'unsupported'],
    ['null', 400, 'null', 'unsupported'],
    ['an error that is a text', 400, JSON.stringify({ error: 'unknown model' }), null],
    [
      'FastAPI about the file',
      422,
      JSON.stringify({ detail: [{ loc: ['body', 'file'], msg: 'bad' }] }),
      'unsupported',
    ],
    [
      'FastAPI about the model',
      422,
      JSON.stringify({ detail: [{ loc: ['body', 'model'], msg: 'bad' }] }),
      null,
    ],
    ['FastAPI in words', 422, JSON.stringify({ detail: 'Failed to decode audio' }), 'unsupported'],
    ['a large file', 413, '<html>Payload Too Large</html>', 'too_large'],
    ['a media type', 415, '', 'unsupported'],
    ['a key', 401, openAi('Incorrect API key provided'), 'credentials'],
    ['an account', 403, '', 'credentials'],
    ['a bill', 402, '', 'credentials'],
    ['an address', 404, openAi('Not found'), null],
    ['too much to do', 429, '', null],
    ['a fault', 500, openAi('The audio file could not be decoded.'), null],
  ])('is recognized from %s', (_, status, body, refusal) => {
    expect(refusalOf(status, body)).toBe(refusal);
  });

  it('is read from any answer without an error', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(400, 401, 413, 415, 422, 500),
        fc.oneof(fc.json(), fc.string()),
        (status, body) => {
          expect([null, 'credentials', 'too_large', 'too_short', 'unsupported']).toContain(
            refusalOf(status, body),
          );
        },
      ),
    );
  });
});
