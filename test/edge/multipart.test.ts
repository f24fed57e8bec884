/** Forms as RFC 7578 and RFC 2046 have them, as clients send them, and however they are cut. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHeaderValue } from '../../src/edge/header-parameters.ts';
import {
  boundaryOf,
  MAX_PARTS,
  MAX_PART_HEADERS_BYTES,
  MultipartError,
  MultipartReader,
  type MultipartEvent,
} from '../../src/edge/multipart.ts';
import { SENT_FORMS, SENT_RECORDING } from '../fixtures/forms.ts';
import { ascii, concat } from '../support/recordings.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

interface Read {
  name: string;
  contentType: string | null;
  charset: string | null;
  content: string;
}

/** Reads a body that is cut into chunks of these sizes, over and over; its content with a character a byte. */
function read(body: Uint8Array, boundary: string, sizes: readonly number[] = [Infinity]): Read[] {
  const reader = new MultipartReader(boundary);
  const parts: Read[] = [];
  const take = (events: Iterable<MultipartEvent>) => {
    for (const event of events) {
      const last = parts.at(-1);
      if (event.kind === 'part') parts.push({ ...event.headers, content: '' });
      else if (last === undefined) throw new Error('There is content before the first part.');
      else last.content += Array.from(event.bytes, (byte) => String.fromCharCode(byte)).join('');
    }
  };
  for (let at = 0, turn = 0; at < body.length; turn += 1) {
    const end = Math.min(body.length, at + (sizes[turn % sizes.length] ?? Infinity));
    const chunk = new Uint8Array(body.subarray(at, end));
    take(reader.push(chunk));
    // A chunk's memory is its sender's again afterwards.
    chunk.fill(0x2d);
    at = end;
  }
  take(reader.end());
  return parts;
}

/** The same, or the message of the error. */
function readOrError(body: Uint8Array | string, boundary = 'b', sizes?: number[]): Read[] | string {
  try {
    return read(typeof body === 'string' ? utf8(body) : body, boundary, sizes);
  } catch (error) {
    if (error instanceof MultipartError) return error.message;
    throw error;
  }
}

/** A part named `x` with this content, between boundaries `b`. */
function around(content: string, headers = 'Content-Disposition: form-data; name="x"\r\n'): string {
  return `--b\r\n${headers}\r\n${content}\r\n--b--\r\n`;
}

const X: Read = { name: 'x', contentType: null, charset: null, content: '' };

describe('the forms of clients', () => {
  it.each(SENT_FORMS)('are read as $client sends them, for any size of chunks', ({ contentType, body }) => {
    for (const size of [1, 2, 3, 7, 64, Infinity]) {
      const parts = read(utf8(body), boundaryOf(contentType), [size]);
      expect(parts.map(({ name, content }) => [name, content])).toEqual([
        ['initial_message_type', 'user-message'],
        ['recorded_message', SENT_RECORDING],
      ]);
    }
  });
});

const BOUNDARY_CHARACTERS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'()+_,-./:=? ";
const boundaries = fc
  .string({ unit: fc.constantFrom(...BOUNDARY_CHARACTERS.split('')), minLength: 1, maxLength: 70 })
  .filter((boundary) => !boundary.endsWith(' '));

/** Bytes that look like the beginning of a boundary, and bytes that do not. */
function contents(boundary: string): fc.Arbitrary<Uint8Array> {
  const pieces = fc.oneof(
    fc.constantFrom(
      '\r\n',
      '\n',
      '\r',
      '\r\n\r\n',
      '-',
      '--',
      '\r\n--',
      '\n--',
      '\r\n-',
      `--${boundary}`,
      boundary,
    ),
    fc.nat(boundary.length).map((length) => `\r\n--${boundary.slice(0, length)}`),
    fc.string(),
  );
  return fc
    .array(fc.oneof(pieces.map(utf8), fc.uint8Array({ maxLength: 20 })), { maxLength: 8 })
    .map((parts) => concat(...parts));
}

const names = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((name) => !/[\r\n]/.test(name));
const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
const percentQuoted = (text: string) => `"${text.replaceAll('"', '%22')}"`;

/** Headers of a part, in any order, and what they say. */
const partHeaders = fc
  .record({
    name: fc.stringMatching(/^[a-z_]{1,20}$/),
    nameStyle: fc.constantFrom('quoted', 'plain'),
    file: fc.option(fc.record({ name: names, style: fc.constantFrom('escaped', 'browser', 'extended') })),
    fileFirst: fc.boolean(),
    type: fc.option(
      fc.constantFrom<[string, string | null]>(
        ['text/plain; charset=UTF-8', 'UTF-8'],
        ['audio/wav', null],
        ['Audio/MPEG ; name="a;b" ', null],
      ),
    ),
    others: fc.subarray([
      'X-Other: a: b; name="y"',
      'Content-Transfer-Encoding: binary',
      'Content-Length: 3',
    ]),
    space: fc.constantFrom('; ', ';', ' ; ', '  ;\t', ';\r\n  '),
    typeFirst: fc.boolean(),
  })
  .map(({ name, nameStyle, file, fileFirst, type, others, space, typeFirst }) => {
    const nameText = `name=${nameStyle === 'quoted' ? quoted(name) : name}`;
    const fileText =
      file &&
      {
        escaped: `filename=${quoted(file.name)}`,
        browser: `filename=${percentQuoted(file.name)}`,
        extended: `filename*=UTF-8''${encodeURIComponent(file.name)}`,
      }[file.style];
    const parameters =
      fileText === null ? [nameText] : fileFirst ? [fileText, nameText] : [nameText, fileText];
    const lines = [
      `Content-Disposition: ${['form-data', ...parameters].join(space)}`,
      ...(type === null ? [] : [`content-type:${type[0]}`]),
      ...others,
    ];
    return {
      lines: typeFirst ? lines.toReversed() : lines,
      said: { name, contentType: type?.[0].trim() ?? null, charset: type?.[1] ?? null },
    };
  });

const forms = boundaries.chain((boundary) =>
  fc.record({
    boundary: fc.constant(boundary),
    lineEnd: fc.constantFrom('\r\n', '\n'),
    parts: fc.array(
      fc.record({
        headers: partHeaders,
        content: contents(boundary),
        padding: fc.stringMatching(/^[ \t]{0,5}$/),
      }),
      { maxLength: 5 },
    ),
    preamble: fc.constantFrom('', 'This is a form.', 'one\r\ntwo\nthree', '--', '-- '),
    epilogue: fc.constantFrom('', '\r\n', '\r\nThe end.', `\n--${boundary}\n`, ' \t\r\nA: b\r\n\r\nc'),
  }),
);

describe('any valid form', () => {
  it('gives the same fields for any division into chunks', () => {
    fc.assert(
      fc.property(
        forms,
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
        ({ boundary, lineEnd, parts, preamble, epilogue }, sizes) => {
          const delimiter = `${lineEnd}--${boundary}`;
          const latin1 = (bytes: Uint8Array) =>
            Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
          for (const { content } of parts) {
            // RFC 2046: a boundary does not appear in what it bounds.
            fc.pre(!latin1(concat(ascii(lineEnd), content)).includes(delimiter));
            // Where lines end in LF alone, a CR before a boundary is taken for a part of its line end.
            fc.pre(lineEnd === '\r\n' || content.at(-1) !== 0x0d);
          }
          const body = concat(
            utf8(preamble === '' ? '' : `${preamble}${lineEnd}`),
            ...parts.flatMap(({ headers, content, padding }) => [
              utf8(`--${boundary}${padding}${lineEnd}`),
              utf8(`${headers.lines.join('\r\n').replaceAll('\r\n', lineEnd)}${lineEnd}${lineEnd}`),
              content,
              utf8(lineEnd),
            ]),
            utf8(`--${boundary}--${epilogue}`),
          );
          const expected = parts.map(({ headers, content }) => ({
            ...headers.said,
            content: latin1(content),
          }));
          expect(read(body, boundary)).toEqual(expected);
          expect(read(body, boundary, [1])).toEqual(expected);
          expect(read(body, boundary, sizes)).toEqual(expected);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('gives the same fields for every division into two chunks', () => {
    for (const { contentType, body } of SENT_FORMS) {
      const bytes = utf8(`preamble\r\n${body}\r\nepilogue`);
      const whole = read(bytes, boundaryOf(contentType));
      for (let at = 1; at < bytes.length; at += 1) {
        expect(read(bytes, boundaryOf(contentType), [at, Infinity])).toEqual(whole);
      }
    }
  });
});

describe('any bytes', () => {
  it('give the same form or error for any division into chunks', () => {
    const pieces = fc.constantFrom(
      ...[
        '--b',
        '--b--',
        '\r\n',
        '\n',
        '\r',
        ' ',
        '-',
        ':',
        'Content-Disposition: form-data; name="x"',
        'a',
        '"',
        ';',
      ],
    );
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 30 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
        (texts, sizes) => {
          const body = texts.join('');
          expect(readOrError(body, 'b', sizes)).toEqual(readOrError(body));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('boundaries', () => {
  it.each([
    ['multipart/form-data; boundary=abc', 'abc'],
    ['multipart/form-data;boundary="abc"', 'abc'],
    ['Multipart/Form-Data ; charset=utf-8; BOUNDARY = abc ', 'abc'],
    ['multipart/form-data; boundary=abc ; charset=utf-8', 'abc'],
    ['multipart/form-data; boundary="a b:c/d?e=f,(g)\'+_."', "a b:c/d?e=f,(g)'+_."],
    ['multipart/form-data; boundary=a/b=c:d', 'a/b=c:d'],
    ['multipart/form-data; boundary="a\\"b"', 'a"b'],
    ['multipart/form-data; boundary="abc  "', 'abc'],
    ['multipart/form-data; boundary=abc; boundary=def', 'abc'],
    [`multipart/form-data; boundary=${'x'.repeat(70)}`, 'x'.repeat(70)],
  ])('are found in %s', (contentType, boundary) => {
    expect(boundaryOf(contentType)).toBe(boundary);
  });

  it.each([
    '',
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/form-data; boundary=""',
    'multipart/form-data; boundary=" "',
    'multipart/form-data; boundary=ü',
    `multipart/form-data; boundary=${'x'.repeat(71)}`,
    'multipart/mixed; boundary=abc',
    'application/json',
    'application/x-www-form-urlencoded; boundary=abc',
  ])('are missing in "%s"', (contentType) => {
    expect(() => boundaryOf(contentType)).toThrow(MultipartError);
  });

  it.each([
    ['text behind the boundary', '\r\n--bc\r\n'],
    ['one dash behind it', '\r\n--b-\r\n'],
    ['text behind the two dashes', '\r\n--b--c\r\n'],
    ['a boundary that is not at the beginning of a line', 'a--b--\r\n'],
    ['a bare LF before it, where lines end in CRLF', '\n--b\r\n'],
    ['a bare CR before it', '\r--b\r\n'],
    ['a bare CR behind it', '\r\n--b\ra'],
    ['more padding than a gateway adds', `\r\n--b${' '.repeat(257)}\r\n`],
  ])('are not recognized with %s', (_name, content) => {
    for (const size of [1, 5, Infinity]) {
      expect(readOrError(around(content), 'b', [size])).toEqual([{ ...X, content }]);
    }
  });

  it('may follow directly after the headers of an empty part', () => {
    const headers = 'Content-Disposition: form-data; name="x"\r\n\r\n';
    expect(readOrError(`--b\r\n${headers}--b\r\n${headers}\r\n--b--`)).toEqual([X, X]);
  });

  it('may be the whole body', () => {
    expect(readOrError('--b--')).toEqual([]);
  });
});

describe('headers of a part', () => {
  it.each([
    'form-data; name="x"',
    'form-data; name=x',
    'FORM-DATA;NAME=x',
    'form-data ; name = "x" ',
    'form-data; filename="a"; name="x"',
    'form-data; filename="a\\"; name=\\"y"; name="x"',
    'form-data; filename="C:\\"; name="x"',
    'form-data; filename="a"b.wav"; name="x"',
    'form-data; name="x"; filename="never closed',
    'form-data; name="x"; filename=',
    'form-data; name="x"; filename',
    'form-data; name="x"; filename=""',
    `form-data; name="x"; filename*=UTF-8''%e2%82%ac; filename="EURO"`,
    `form-data; name="x"; filename*0="a"; filename*1="b"`,
    'form-data;; name="x";',
    'form-data; name="x"; name="y"',
    'form-data; name="\\x"',
    'form-data;\r\n\tname="x"',
  ])('name the field in %j', (disposition) => {
    expect(readOrError(around('', `Content-Disposition: ${disposition}\r\n`))).toEqual([X]);
  });

  it('may have a file name in any encoding', () => {
    const body = concat(
      ascii('--b\r\nContent-Disposition: form-data; filename="'),
      Uint8Array.of(0x98, 0x5e, 0x89, 0xb9, 0xff, 0xfe, 0x80, 0),
      ascii('"; name="x"\r\n\r\nvalue\r\n--b--'),
    );
    for (const size of [1, Infinity]) {
      expect(readOrError(body, 'b', [size])).toEqual([{ ...X, content: 'value' }]);
    }
  });

  it.each([
    ['no disposition', 'X: y\r\n', 'a part has no Content-Disposition form-data with a name'],
    ['no header at all', '', 'a part has no Content-Disposition form-data with a name'],
    [
      'no name',
      'Content-Disposition: form-data\r\n',
      'a part has no Content-Disposition form-data with a name',
    ],
    [
      'another disposition',
      'Content-Disposition: attachment; name="x"\r\n',
      'a part has no Content-Disposition form-data with a name',
    ],
    ['a line without a name', 'name="x"\r\n', 'a part has a header without a name'],
    [
      'an encoding that changes the bytes',
      'Content-Disposition: form-data; name="x"\r\nContent-Transfer-Encoding: BASE64\r\n',
      'a part has a Content-Transfer-Encoding: send its bytes as they are',
    ],
    [
      'a form inside the form',
      'Content-Disposition: form-data; name="x"\r\nContent-Type: multipart/mixed; boundary=c\r\n',
      'a part is multipart itself: repeat the field instead',
    ],
    [
      'more than 8 KiB',
      `Content-Disposition: form-data; name="x"; filename="${'x'.repeat(MAX_PART_HEADERS_BYTES)}"\r\n`,
      'the headers of a part exceed 8192 bytes',
    ],
  ])('are refused with %s', (_name, headers, message) => {
    for (const size of [1, 100, Infinity])
      expect(readOrError(around('', headers), 'b', [size])).toBe(message);
  });
});

describe('a body that is no form', () => {
  const head = '--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n';
  it.each([
    ['', 'the body does not begin with its boundary'],
    ['{}', 'the body does not begin with its boundary'],
    ['--c--', 'the body does not begin with its boundary'],
    ['--b', 'the body ends before its last boundary'],
    ['--b\r\nContent-Disposition: form-data; name="x"', 'the body ends before its last boundary'],
    [head, 'the body ends before its last boundary'],
    [`${head}a\r\n--b`, 'the body ends before its last boundary'],
    [`${head}a\r\n--b-`, 'the body ends before its last boundary'],
    [`${head}a--b--`, 'the body ends before its last boundary'],
  ])('%j gets an error that names the missing part', (body, message) => {
    for (const size of [1, 3, Infinity]) expect(readOrError(body, 'b', [size])).toBe(message);
  });

  it('gets an error for too many parts', () => {
    const part = `${head}\r\n`;
    expect(readOrError(`${part.repeat(MAX_PARTS)}--b--`)).toHaveLength(MAX_PARTS);
    expect(readOrError(`${part.repeat(MAX_PARTS + 1)}--b--`)).toBe('the form has more than 256 parts');
  });
});

describe('the time that a form takes', () => {
  /** Milliseconds to read these contents. The clock of the runtime moves only with I/O. */
  async function timeOf(body: Uint8Array, boundary: string, chunkBytes: number): Promise<number> {
    const tick = () => new Promise((resolve) => setTimeout(resolve, 1));
    await tick();
    const from = Date.now();
    const reader = new MultipartReader(boundary);
    for (let at = 0; at < body.length; at += chunkBytes) {
      for (const event of reader.push(new Uint8Array(body.subarray(at, at + chunkBytes)))) {
        expect(event.kind).toMatch(/part|data/);
      }
    }
    await tick();
    return Date.now() - from;
  }

  const boundary = '-'.repeat(70);
  it.each([
    ['line feeds', '\n', 65_536],
    ['line ends', '\r\n', 65_536],
    ['beginnings of a boundary', `\r\n--${boundary.slice(1)}`, 65_536],
    ['dashes', '-', 65_536],
    ['beginnings of a boundary in small chunks', `\r\n--${boundary.slice(1)}`, 50],
    ['almost boundaries in small chunks', `\r\n--${boundary}${' '.repeat(250)}x`, 50],
  ])('grows no faster than its length, with %s', async (_name, piece, chunkBytes) => {
    const bodyOf = (bytes: number) =>
      utf8(
        `--${boundary}\r\nContent-Disposition: form-data; name="x"\r\n\r\n${piece.repeat(bytes / piece.length)}`,
      );
    const bytes = 1024 * 1024;
    await timeOf(bodyOf(bytes), boundary, chunkBytes);
    const times = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const one = await timeOf(bodyOf(bytes), boundary, chunkBytes);
      const four = await timeOf(bodyOf(4 * bytes), boundary, chunkBytes);
      times.push(four / Math.max(one, 5));
    }
    expect(Math.min(...times)).toBeLessThan(8);
  });
});

describe('header values', () => {
  it('are read in linear time', () => {
    // Ends within the time of a test only when it is linear.
    for (const piece of [';', ' ', '"', '\\', '=', ';a', ';a=', '"\\', ';a="', 'a;"']) {
      const text = piece.repeat(200_000 / piece.length);
      expect(parseHeaderValue(`x;${text}`).value).toBe('x');
    }
  });

  it('are read without an error for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab;="\\ \t\'*%é'.split('')) }), (text) => {
        expect(parseHeaderValue(text).parameters).toBeInstanceOf(Map);
      }),
      { numRuns: 1_000 },
    );
  });
});
