/** Forms as fields: what is kept, in which charset, how much of it, and what is said about a body that is none. */
import { describe, expect, it } from 'vitest';
import { BODY_TIMES } from '../../src/edge/body.ts';
import { readForm, type FormField, type FormRequest } from '../../src/edge/form.ts';
import { ProblemError, type Problem } from '../../src/problems.ts';
import { ascii, concat } from '../support/recordings.ts';

const MAX_FORM_BYTES = 1_000;

const WANTED: FormRequest = {
  ...BODY_TIMES,
  maxBytes: 10_000,
  tooLarge: 'Too much.',
  maxFormBytes: MAX_FORM_BYTES,
  fields: ['a', 'b'],
};

type Content = string | Uint8Array;

function bytesOf(content: Content): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : content;
}

/** A form of parts: a name, a content, and further headers. */
function formOf(...parts: [name: string, content: Content, ...headers: string[]][]): Uint8Array {
  return concat(
    ...parts.flatMap(([name, content, ...headers]) => [
      ascii(`--x\r\n${[`Content-Disposition: form-data; name="${name}"`, ...headers, ''].join('\r\n')}\r\n`),
      bytesOf(content),
      ascii('\r\n'),
    ]),
    ascii('--x--\r\n'),
  );
}

/** A request that sends the body in chunks of a size. */
function requestOf(body: Uint8Array, headers: Record<string, string> = {}, chunkBytes = Infinity): Request {
  let at = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const chunk = body.slice(at, at + chunkBytes);
      at += chunk.length;
      if (chunk.length > 0) controller.enqueue(chunk);
      if (at === body.length) controller.close();
    },
  });
  return new Request('http://localhost/', {
    method: 'POST',
    body: stream,
    headers: { 'content-type': 'multipart/form-data; boundary=x', ...headers },
  });
}

/** The fields of a form, or what is wrong with it. */
async function read(
  body: Uint8Array,
  wanted: FormRequest = WANTED,
  headers: Record<string, string> = {},
  chunkBytes = Infinity,
): Promise<FormField[] | Problem> {
  try {
    return await readForm(requestOf(body, headers, chunkBytes), wanted);
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
}

function errorOf(result: FormField[] | Problem): unknown {
  return Array.isArray(result) ? result : (result.errors?.[0] ?? [result.code, result.detail]);
}

describe('fields', () => {
  it('are the wanted ones, in their order, as often as they were sent', async () => {
    const body = formOf(
      ['b', '1'],
      ['__proto__', 'x'],
      ['a', '2'],
      ['other', Uint8Array.of(0xff, 0xfe), 'Content-Type: image/png'],
      ['b', ''],
      ['a', 'two\r\nlines'],
    );
    expect(await read(body)).toEqual([
      { name: 'b', value: '1' },
      { name: 'a', value: '2' },
      { name: 'b', value: '' },
      { name: 'a', value: 'two\r\nlines' },
    ]);
  });

  it('are none in an empty form', async () => {
    expect(await read(formOf())).toEqual([]);
  });

  const latin1 = Uint8Array.of(0x67, 0x72, 0xfc, 0x6e);
  const utf16 = Uint8Array.of(0x67, 0, 0x72, 0, 0xfc, 0, 0x6e, 0);
  it.each<[string, Uint8Array]>([
    ['UTF-8 when nothing is said', formOf(['a', 'grün'])],
    ['UTF-8 with a byte order mark', formOf(['a', concat(Uint8Array.of(0xef, 0xbb, 0xbf), bytesOf('grün'))])],
    ['the charset of the part', formOf(['a', latin1, 'Content-Type: text/plain; charset="iso-8859-1"'])],
    ['another charset of the part', formOf(['a', utf16, 'Content-Type: text/plain; charset=UTF-16LE'])],
    ['the charset of the form', formOf(['_charset_', 'ISO-8859-1'], ['a', latin1])],
    ['the charset of the form, named last', formOf(['a', latin1], ['_charset_', ' iso-8859-1\r\n'])],
    [
      'the charset of the part before that of the form',
      formOf(['_charset_', 'koi8-r'], ['a', latin1, 'content-type: text/plain;charset=latin1']),
    ],
  ])('are read in %s', async (_name, body) => {
    for (const chunkBytes of [1, Infinity]) {
      expect(await read(body, WANTED, {}, chunkBytes)).toEqual([{ name: 'a', value: 'grün' }]);
    }
  });

  it.each<[string, Uint8Array, string, string]>([
    ['bytes that are no UTF-8', formOf(['a', latin1]), 'must be text in utf-8', 'text_invalid'],
    [
      'a charset that is unknown',
      formOf(['a', 'x', 'Content-Type: text/plain; charset=klingon']),
      'has the unknown charset klingon',
      'charset_unknown',
    ],
    [
      'a charset of the form that is unknown',
      formOf(['_charset_', 'klingon'], ['a', 'x']),
      'has the unknown charset klingon',
      'charset_unknown',
    ],
  ])('are refused with %s', async (_name, body, msg, type) => {
    expect(errorOf(await read(body))).toEqual({ loc: ['body', 'a'], msg, type });
  });
});

describe('a streamed field', () => {
  /** Reads a form whose field `a` is streamed; the result, and what the sink was given. */
  async function stream(body: Uint8Array, chunkBytes = Infinity) {
    let taken = '';
    const types = new Set<string | null>();
    let busy = false;
    const sink = async (bytes: Uint8Array, declared: string | null) => {
      expect(busy).toBe(false);
      busy = true;
      await Promise.resolve();
      taken += new TextDecoder().decode(bytes);
      types.add(declared);
      busy = false;
    };
    const result = await read(body, { ...WANTED, streamed: { name: 'a', sink } }, {}, chunkBytes);
    return { result, taken, types: [...types] };
  }

  it('is passed on in order, one chunk after the other, with its type', async () => {
    const body = formOf(
      ['b', '1'],
      ['a', 'x'.repeat(5_000), 'Content-Type: Audio/WAV; codecs=1', 'X: y'],
      ['b', '2'],
    );
    for (const chunkBytes of [1, 100, Infinity]) {
      expect(await stream(body, chunkBytes)).toEqual({
        result: [
          { name: 'b', value: '1' },
          { name: 'b', value: '2' },
        ],
        taken: 'x'.repeat(5_000),
        types: ['Audio/WAV; codecs=1'],
      });
    }
  });

  it('may have no type', async () => {
    expect((await stream(formOf(['a', 'x']))).types).toEqual([null]);
  });

  it('is sent once', async () => {
    for (const content of ['x', '']) {
      const { result } = await stream(formOf(['a', content], ['a', content]));
      expect(errorOf(result)).toEqual({ loc: ['body', 'a'], msg: 'must be sent once', type: 'repeated' });
    }
  });
});

describe('the size of a form', () => {
  const frame = formOf(['a', ''], ['b', '']).length;

  it.each([
    ['a wanted field', ['a', 'b']],
    ['a field that is read over', ['b']],
  ])('counts everything except the streamed field: %s', async (_name, fields) => {
    const wanted = { ...WANTED, fields };
    const fits = formOf(['a', 'x'.repeat(MAX_FORM_BYTES - frame)], ['b', '']);
    const tooLarge = formOf(['a', 'x'.repeat(MAX_FORM_BYTES - frame + 1)], ['b', '']);
    for (const chunkBytes of [1, 7, 400, Infinity]) {
      expect(await read(fits, wanted, {}, chunkBytes)).toHaveLength(fields.length);
      expect(errorOf(await read(tooLarge, wanted, {}, chunkBytes))).toEqual(['body_too_large', 'Too much.']);
    }
  });

  it.each<[string, Uint8Array]>([
    ['before it', concat(ascii(`${'x'.repeat(MAX_FORM_BYTES)}\r\n`), formOf())],
    ['behind it', concat(formOf(), ascii('x'.repeat(MAX_FORM_BYTES)))],
    ['in headers', formOf(['a', '', `X: ${'x'.repeat(MAX_FORM_BYTES)}`])],
  ])('counts the bytes %s', async (_name, body) => {
    expect(errorOf(await read(body))).toEqual(['body_too_large', 'Too much.']);
  });

  it('does not count the streamed field, which has the maximum of the body', async () => {
    const streamed = { name: 'a', sink: () => Promise.resolve() };
    const form = (bytes: number) => formOf(['a', 'x'.repeat(bytes)], ['b', '1']);
    expect(await read(form(9_000), { ...WANTED, streamed })).toEqual([{ name: 'b', value: '1' }]);
    expect(errorOf(await read(form(10_000), { ...WANTED, streamed }))).toEqual([
      'body_too_large',
      'Too much.',
    ]);
  });

  it('is refused by its claimed length before a byte is read', async () => {
    const request = requestOf(formOf(), { 'content-length': '10001' });
    await expect(readForm(request, WANTED)).rejects.toMatchObject({ problem: { code: 'body_too_large' } });
    expect(request.bodyUsed).toBe(false);
  });
});

describe('a body that is no form', () => {
  const headerError = (msg: string) => ({ loc: ['header', 'content-type'], msg, type: 'pattern' });
  it.each([
    ['application/json', 'must be multipart/form-data with a boundary, not application/json'],
    [
      'application/x-www-form-urlencoded;charset=UTF-8',
      'must be multipart/form-data with a boundary, not application/x-www-form-urlencoded',
    ],
    ['', 'must be multipart/form-data with a boundary'],
    ['multipart/form-data', 'must name a boundary of 1 to 70 ASCII characters'],
  ])('gets a problem with the needed type: "%s"', async (type, msg) => {
    expect(errorOf(await read(formOf(), WANTED, { 'content-type': type }))).toEqual(headerError(msg));
  });

  it('gets a problem with the error', async () => {
    expect(errorOf(await read(ascii('{}')))).toEqual({
      loc: ['body'],
      msg: 'the form cannot be read: the body does not begin with its boundary',
      type: 'form_invalid',
    });
  });

  it.each(['gzip', 'br', 'deflate', 'zstd', 'identity, gzip', 'X-Unknown'])(
    'gets a problem that asks for an uncompressed body (%s)',
    async (encoding) => {
      const result = await read(formOf(), WANTED, { 'content-encoding': encoding });
      const named = encoding.replace('identity, ', '');
      expect(errorOf(result)).toEqual([
        'content_encoding_unsupported',
        `The body has the Content-Encoding ${named}. Send it uncompressed.`,
      ]);
    },
  );

  it.each(['identity', 'Identity', '', ' identity , identity'])(
    'does not have the encoding "%s"',
    async (encoding) => {
      expect(await read(formOf(['a', '1']), WANTED, { 'content-encoding': encoding })).toEqual([
        { name: 'a', value: '1' },
      ]);
    },
  );
});
