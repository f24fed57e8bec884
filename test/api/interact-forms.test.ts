/** The forms of interact through the API: what text and voice have in common, and how much of it is taken. */
import { beforeAll, describe, expect, it } from 'vitest';
import { SENT_FORMS, SENT_RECORDING, type SentForm } from '../fixtures/forms.ts';
import { newUser, parseLines, publishTestOrganization, type StreamedEvent } from '../support/client.ts';
import { ascii, concat } from '../support/recordings.ts';
import { recordingOf } from '../support/scripted-speech.ts';

type Format = 'text' | 'voice';
const FORMATS: Format[] = ['text', 'voice'];

beforeAll(publishTestOrganization);

interface Answer {
  status: number;
  events: StreamedEvent[];
  problem: { code: string; detail: string; errors?: { loc: (string | number)[]; type: string }[] } | null;
}

/** Sends a body to a new conversation. */
async function send(
  format: Format,
  body: Uint8Array | ReadableStream<Uint8Array>,
  headers: Record<string, string>,
): Promise<Answer> {
  const user = await newUser();
  const { id } = await user.begin();
  const path = `/conversation/${id}/interact?request_format=${format}&response_format=text`;
  const response = await user.request(path, { method: 'POST', body: body as BodyInit, headers });
  const text = await response.text();
  return response.ok
    ? { status: response.status, events: parseLines(text), problem: null }
    : { status: response.status, events: [], problem: JSON.parse(text) as Answer['problem'] };
}

/** The same form with another recording: a spoken or a written word. */
function withRecording(
  { contentType, body }: SentForm,
  format: Format,
): [Uint8Array, Record<string, string>] {
  const [head = '', tail = ''] = body.split(SENT_RECORDING);
  const recording = format === 'voice' ? recordingOf('pears') : ascii('pears');
  const encoder = new TextEncoder();
  return [concat(encoder.encode(head), recording, encoder.encode(tail)), { 'content-type': contentType }];
}

const BOUNDARY = { 'content-type': 'multipart/form-data; boundary=x' };

/** A form of parts: the rest of the disposition, and the content. */
function formOf(...parts: [name: string, content: string | Uint8Array][]): Uint8Array {
  return concat(
    ...parts.flatMap(([name, content]) => [
      ascii(`--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`),
      typeof content === 'string' ? new TextEncoder().encode(content) : content,
      ascii('\r\n'),
    ]),
    ascii('--x--\r\n'),
  );
}

const TYPE: [string, string] = ['initial_message_type', 'user-message'];

function messageFor(format: Format, text = 'pears'): [string, string | Uint8Array] {
  return ['recorded_message', format === 'voice' ? recordingOf(text) : text];
}

describe.each(FORMATS)('a form with %s', (format) => {
  it.each(SENT_FORMS)('is taken as $client sends it', async (form) => {
    const { status, events } = await send(format, ...withRecording(form, format));
    expect(status).toBe(200);
    expect(events[0]).toMatchObject({ type: 'user-message-available', user_message: 'pears' });
    expect(events.at(-1)?.type).toBe('interaction-complete');
  });

  it('is taken with lines that end in LF alone, and with an epilogue', async () => {
    const recording = messageFor(format)[1];
    const body = concat(
      ascii(
        'preamble\n--x \nContent-Disposition : form-data ; name = initial_message_type\n\nuser-message\n',
      ),
      ascii('--x\nContent-Disposition: form-data; name=recorded_message\n\n'),
      typeof recording === 'string' ? ascii(recording) : recording,
      ascii('\n--x--\t\nepilogue'),
    );
    const { events } = await send(format, body, { 'content-type': 'multipart/form-data ;boundary= x ;a=b' });
    expect(events[0]).toMatchObject({ user_message: 'pears' });
  });

  it('is taken when its last boundary arrives in pieces', async () => {
    const body = formOf(TYPE, messageFor(format));
    for (const cut of [2, 3, 4, 5, 6]) {
      const pieces = [body.subarray(0, -cut), body.subarray(-cut)];
      const stream = new ReadableStream<Uint8Array>({
        pull: (controller) => {
          const piece = pieces.shift();
          if (piece === undefined) controller.close();
          else controller.enqueue(piece);
        },
      });
      expect((await send(format, stream, BOUNDARY)).events[0]).toMatchObject({ user_message: 'pears' });
    }
  });

  it.each<[string, Uint8Array, Record<string, string>, string, string]>([
    ['ends too early', formOf(TYPE).subarray(0, -4), BOUNDARY, 'body', 'form_invalid'],
    [
      'has another boundary',
      formOf(TYPE),
      { 'content-type': 'multipart/form-data; boundary=y' },
      'body',
      'form_invalid',
    ],
    [
      'names no boundary',
      formOf(TYPE),
      { 'content-type': 'multipart/form-data' },
      'header.content-type',
      'pattern',
    ],
    [
      'is of another multipart type',
      formOf(TYPE),
      { 'content-type': 'multipart/mixed; boundary=x' },
      'header.content-type',
      'pattern',
    ],
    [
      'has a type that is no UTF-8',
      formOf(['initial_message_type', Uint8Array.of(0xff)]),
      BOUNDARY,
      'body.initial_message_type',
      'text_invalid',
    ],
  ])('is refused when it %s', async (_name, body, headers, loc, type) => {
    const { status, problem } = await send(format, body, headers);
    expect([status, problem?.code]).toEqual([422, 'request_invalid']);
    expect(problem?.errors?.map((error) => [error.loc.join('.'), error.type])).toEqual([[loc, type]]);
  });

  it('is told that it is compressed', async () => {
    const body = new Response(formOf(TYPE, messageFor(format)) as BodyInit).body;
    const compressed = await new Response(body?.pipeThrough(new CompressionStream('gzip'))).bytes();
    const answer = await send(format, compressed, { ...BOUNDARY, 'content-encoding': 'gzip' });
    expect([answer.status, answer.problem?.code]).toEqual([415, 'content_encoding_unsupported']);
  });

  it('has at most 50 external events', async () => {
    const event: [string, string][] = [
      ['external_event_message_content', 'The door opened.'],
      ['external_event_message_timestamp', '2020-01-01T00:00:00Z'],
    ];
    const events = (count: number) => Array.from({ length: count }, () => event).flat();
    const refused = await send(format, formOf(TYPE, ...events(51), messageFor(format)), BOUNDARY);
    expect(refused.status).toBe(422);
    expect(refused.problem?.errors?.map(({ loc }) => loc.join('.'))).toEqual([
      'body.external_event_message_content',
      'body.external_event_message_timestamp',
    ]);
    // They are older than the conversation, which is looked at only when the form is in order.
    const taken = await send(format, formOf(TYPE, ...events(50), messageFor(format)), BOUNDARY);
    expect([taken.status, taken.problem?.code]).toEqual([400, 'external_event_out_of_order']);
    const many = await send(format, formOf(TYPE, ...events(3_000), messageFor(format)), BOUNDARY);
    expect([many.status, many.problem?.errors?.length]).toEqual([422, 1]);
  });

  it('has at most 1 MiB beside its recording', async () => {
    const large = Array.from({ length: 3 }, (): [string, string] => ['note', 'x'.repeat(400_000)]);
    const answer = await send(format, formOf(TYPE, ...large, messageFor(format)), BOUNDARY);
    expect([answer.status, answer.problem?.code]).toEqual([413, 'body_too_large']);
    expect(answer.problem?.detail).toBe(
      format === 'text'
        ? 'A form must not exceed 1 MiB.'
        : 'A recording must not exceed 25 MiB, and what its form has beside it 1 MiB.',
    );
  });
});

describe('a recording of more than 25 MiB', () => {
  const tooLarge = new Uint8Array(25 * 1024 * 1024 + 1);
  tooLarge.set(recordingOf('pears'));

  it.each<[string, Uint8Array, Record<string, string>]>([
    ['in a form', formOf(TYPE, ['recorded_message', tooLarge]), BOUNDARY],
    ['as the body', tooLarge, { 'content-type': 'audio/wav' }],
    [
      'in a form that is larger than all that is read',
      concat(formOf(TYPE, ['recorded_message', tooLarge]), new Uint8Array(1024 * 1024)),
      BOUNDARY,
    ],
  ])('is refused with the same words %s', async (_name, body, headers) => {
    const { status, problem } = await send('voice', body, headers);
    expect([status, problem?.code, problem?.detail]).toEqual([
      413,
      'body_too_large',
      'A recording must not exceed 25 MiB, and what its form has beside it 1 MiB.',
    ]);
  });
});

describe('a repeated field', () => {
  it('counts with its last value', async () => {
    const body = formOf(
      ['initial_message_type', 'skip'],
      TYPE,
      messageFor('text', 'plums'),
      messageFor('text'),
    );
    expect((await send('text', body, BOUNDARY)).events[0]).toMatchObject({ user_message: 'pears' });
  });

  it('is refused when it is a recording', async () => {
    const { status, problem } = await send(
      'voice',
      formOf(TYPE, messageFor('voice'), messageFor('voice')),
      BOUNDARY,
    );
    expect([status, problem?.errors?.[0]?.type]).toEqual([422, 'repeated']);
  });
});

it('a text is read in the charset that its part names', async () => {
  const body = concat(
    formOf(TYPE).subarray(0, -'--x--\r\n'.length),
    ascii('--x\r\nContent-Disposition: form-data; name="recorded_message"; filename="a.txt"\r\n'),
    ascii('Content-Type: text/plain; charset=iso-8859-1\r\n\r\n'),
    Uint8Array.of(0x42, 0x69, 0x72, 0x6e, 0xe9),
    ascii('\r\n--x--'),
  );
  expect((await send('text', body, BOUNDARY)).events[0]).toMatchObject({ user_message: 'Birné' });
});
