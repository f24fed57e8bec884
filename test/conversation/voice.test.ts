import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { Recordings } from '../../src/conversation/recordings.ts';
import {
  conversationObject,
  newUser,
  parseLines,
  publishTestOrganization,
  testEnv,
  type Client,
  type StreamedEvent,
} from '../support/client.ts';
import { hurried } from '../support/faults.ts';
import { ORGANIZATION, OTHER_SERVICE, SERVICE } from '../support/organization.ts';
import { openGate } from '../support/scripted-reasoner.ts';
import { heard, recordingOf, SAMPLES_PER_CHARACTER } from '../support/scripted-speech.ts';

interface Listed {
  id: string;
  message: string;
  format: string;
  message_type: string;
}

beforeAll(publishTestOrganization);

async function codeOf(response: Response): Promise<[number, string]> {
  return [response.status, (await response.json<{ code: string }>()).code];
}

async function eventsOf(response: Response): Promise<StreamedEvent[]> {
  if (!response.ok) throw new Error(await response.text());
  return parseLines(await response.text());
}

async function messagesOf(user: Client, id: string): Promise<Listed[]> {
  const { messages } = await user.get<{ messages: Listed[] }>(
    `/conversation/${id}/messages/?sort_by=%2Bcreated_at`,
  );
  return messages;
}

/** The keys in the bucket under a conversation. */
async function bucketOf(id: string): Promise<string[]> {
  const { objects } = await testEnv.AUDIO.list({ prefix: `${ORGANIZATION}/${id}/` });
  return objects.map(({ key }) => key);
}

/** The keys that the conversation's messages name, and how many more are marked as on their way. */
async function tableOf(id: string): Promise<{ committed: string[]; pending: number }> {
  return runInDurableObject(conversationObject(id), (_instance, { storage }) => ({
    committed: storage.sql
      .exec<{ key: string }>('SELECT key FROM recordings ORDER BY key')
      .toArray()
      .map(({ key }) => key),
    pending: storage.sql.exec('SELECT key FROM pending_recordings').toArray().length,
  }));
}

/** Has everything that is on its way be overdue, and lets the alarm see it. */
async function runOverdueAlarm(id: string): Promise<void> {
  await runInDurableObject(conversationObject(id), (_instance, { storage }) => {
    storage.sql.exec('UPDATE pending_recordings SET until = 0');
  });
  await runDurableObjectAlarm(conversationObject(id));
}

type Aligned = [number, string];

/** The pieces of a spoken message, with their samples. */
function spokenPieces(events: StreamedEvent[]) {
  return events
    .filter(({ type }) => type === 'new-message')
    .map((event) => ({
      bytes: Uint8Array.fromBase64(String(event.message)),
      alignment: event.transcript_alignment as Aligned[],
      stop: event.stop,
      sequence: event.sequence_number,
    }));
}

describe('a spoken message', () => {
  it('is heard, stored with its recording, and answered', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    heard.length = 0;
    const [first, ...rest] = await eventsOf(await user.interactVoice(id, recordingOf('I would like apples')));
    expect(first).toMatchObject({ type: 'user-message-available', user_message: 'I would like apples' });
    expect(rest.at(-1)).toMatchObject({ type: 'interaction-complete', full_message: 'How many apples?' });
    const [, said, answer] = await messagesOf(user, id);
    expect(said).toMatchObject({ id: first?.message_id, message: 'I would like apples', format: 'voice' });
    expect(answer).toMatchObject({ message: 'How many apples?', format: 'text' });
    expect(heard).toEqual([
      { language: 'eng', keyterms: ['Conference pear', 'Cox', 'Una'], content_type: 'audio/wav' },
    ]);
    expect(await tableOf(id)).toEqual({ committed: await bucketOf(id), pending: 0 });
    expect(await bucketOf(id)).toHaveLength(1);
  });

  it.each(['a form field', 'a file part', 'the raw body'])('arrives as %s', async (kind) => {
    const user = await newUser();
    const { id } = await user.begin();
    const recording = recordingOf('pears');
    const boundary = 'the-boundary';
    const part = (headers: string) => [
      `--${boundary}\r\nContent-Disposition: form-data; name=${headers}\r\n\r\n`,
    ];
    const type = part('"initial_message_type"');
    const body = {
      'a form field': [
        ...type,
        'user-message\r\n',
        ...part('"recorded_message"'),
        recording,
        `\r\n--${boundary}--\r\n`,
      ],
      'a file part': [
        ...part('"recorded_message"; filename="a.wav"\r\nContent-Type: audio/wav'),
        recording,
        '\r\n',
        ...type,
        `user-message\r\n--${boundary}--`,
      ],
      'the raw body': [recording],
    }[kind];
    const contentType = kind === 'the raw body' ? 'audio/wav' : `multipart/form-data; boundary=${boundary}`;
    const response = await user.request(
      `/conversation/${id}/interact?request_format=voice&response_format=text`,
      {
        method: 'POST',
        body: new Blob(body),
        headers: { 'content-type': contentType },
      },
    );
    expect((await eventsOf(response))[0]).toMatchObject({ user_message: 'pears' });
  });

  const config = { type: 'pcm', frame_rate: 8000, n_channels: 1, sample_width: 2 };
  it.each([
    ['a JSON text', `&request_audio_config=${encodeURIComponent(JSON.stringify(config))}`],
    [
      'a parameter for each member',
      Object.entries(config)
        .map(([name, value]) => `&request_audio_config%5B${name}%5D=${value}`)
        .join(''),
    ],
  ])('becomes WAV when it is bare samples, as %s says', async (_name, query) => {
    const user = await newUser();
    const { id } = await user.begin();
    const samples = recordingOf('pears').slice(44);
    await eventsOf(await user.interactVoice(id, samples, 'text', query));
    const stored = await testEnv.AUDIO.get((await bucketOf(id))[0] ?? '');
    const view = new DataView((await stored?.arrayBuffer()) ?? new ArrayBuffer());
    expect([view.byteLength, view.getUint32(24, true), view.getUint32(40, true)]).toEqual([
      44 + samples.length,
      8000,
      samples.length,
    ]);
  });

  it('may be larger than a part of an upload', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const text = `pears ${'.'.repeat(6_000_000)}`;
    const events = await eventsOf(await user.interactVoice(id, recordingOf(text)));
    expect(events[0]?.user_message).toBe(text);
    const [object] = (await testEnv.AUDIO.list({ prefix: `${ORGANIZATION}/${id}/` })).objects;
    expect(object?.size).toBe(44 + 2 * text.length);
    expect(await tableOf(id)).toMatchObject({ pending: 0 });
  });

  it('may be an external event, and may be nothing for skip', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const form = new FormData();
    form.set('initial_message_type', 'external-event');
    form.set('recorded_message', new File([recordingOf('pears, please')], 'a.wav'));
    const path = `/conversation/${id}/interact?request_format=voice&response_format=text`;
    await eventsOf(await user.request(path, { method: 'POST', body: form }));
    expect((await messagesOf(user, id))[1]).toMatchObject({
      message_type: 'external-event',
      format: 'voice',
    });
    const skip = new FormData();
    skip.set('initial_message_type', 'skip');
    const events = await eventsOf(await user.request(path, { method: 'POST', body: skip }));
    expect(events.map(({ type }) => type)).not.toContain('user-message-available');
    expect(await bucketOf(id)).toHaveLength(1);
  });

  it('is heard in the language that the user prefers', async () => {
    const user = await newUser('DefaultUserRole', 'Una', 'spa');
    const { id } = await user.begin();
    heard.length = 0;
    await eventsOf(await user.interactVoice(id, recordingOf('pears')));
    expect(heard.map(({ language }) => language)).toEqual(['spa']);
  });
});

describe('a recording that is refused', () => {
  it.each<[string, Uint8Array<ArrayBuffer>, [number, string]]>([
    ['nothing', new Uint8Array(), [400, 'message_empty']],
    ['a WAV without samples', recordingOf(''), [400, 'message_empty']],
    [
      'a text',
      new Uint8Array(new TextEncoder().encode('I would like apples')),
      [415, 'recording_unsupported'],
    ],
    ['more than 25 MiB', recordingOf('x'.repeat(13_200_000)), [413, 'body_too_large']],
  ])('is refused when it is %s', async (_name, recording, expected) => {
    const user = await newUser();
    const { id } = await user.begin();
    expect(await codeOf(await user.interactVoice(id, recording))).toEqual(expected);
    expect(await messagesOf(user, id)).toHaveLength(1);
    expect(await bucketOf(id)).toEqual([]);
    // The conversation is as it was.
    expect((await eventsOf(await user.interactVoice(id, recordingOf('pears')))).at(-1)?.type).toBe(
      'interaction-complete',
    );
  });

  it('in a form that is broken, or with a field that is', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const path = `/conversation/${id}/interact?request_format=voice&response_format=text`;
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    const head = '--b\r\nContent-Disposition: form-data; name="recorded_message"; filename="a"\r\n\r\n';
    for (const tail of ['', '\r\n--b', '\r\n--b--\r\n', '\r\n--b\r\nX: y\r\n\r\nz\r\n--b--']) {
      const body = new Blob([head, recordingOf('pears'), tail]);
      expect(await codeOf(await user.request(path, { method: 'POST', body, headers }))).toEqual([
        422,
        'request_invalid',
      ]);
    }
    await runOverdueAlarm(id);
    expect(await bucketOf(id)).toEqual([]);
    expect(await tableOf(id)).toEqual({ committed: [], pending: 0 });
  });

  it('is removed when the conversation is not there, is finished, is busy, or does not know the language', async () => {
    const user = await newUser();
    const unknown = '1'.repeat(24);
    const recording = recordingOf('pears');
    expect(await codeOf(await user.interactVoice(unknown, recording))).toEqual([
      404,
      'conversation_not_found',
    ]);
    const { id } = await user.begin();
    const running = await user.interact(id, 'what? [wait voice]');
    expect(await codeOf(await user.interactVoice(id, recording))).toEqual([409, 'operation_in_progress']);
    openGate('voice');
    await running.text();
    await user.post(`/conversation/${id}/finish/`);
    expect(await codeOf(await user.interactVoice(id, recording))).toEqual([409, 'conversation_finished']);
    expect(await bucketOf(id)).toEqual([]);
    const german = await newUser('DefaultUserRole', 'Uwe', 'deu');
    const other = await german.begin();
    expect(await codeOf(await german.interactVoice(other.id, recording))).toEqual([
      400,
      'voice_not_configured',
    ]);
  });
});

describe('a turn that fails', () => {
  it.each([
    ['when nothing can be heard', '[unheard]', 'message_empty', 400],
    ['when the transcription fails', '[deaf]', 'transcription_unavailable', 502],
    ['when the recording cannot be read', '[refused recording_unsupported]', 'recording_unsupported', 415],
    ['when the recording is too large', '[refused body_too_large]', 'body_too_large', 413],
    ['when the provider refuses the server', '[refused provider_refused]', 'provider_refused', 502],
    ['when the transcription hangs', '[endless]', 'turn_deadline_exceeded', 504],
    ['when the agent fails', 'what? [fail]', 'turn_failed', 500],
  ])('%s leaves no recording', async (_name, said, code, http_error_code) => {
    const user = await newUser();
    const { id } = await user.begin();
    const hurry = said === '[endless]' ? hurried() : null;
    const events = await eventsOf(await user.interactVoice(id, recordingOf(said)));
    hurry?.end();
    expect(events.at(-1)).toMatchObject({ type: 'error', code, http_error_code });
    expect(await bucketOf(id)).toEqual([]);
    expect(await tableOf(id)).toEqual({ committed: [], pending: 0 });
    expect(await messagesOf(user, id)).toHaveLength(1);
  });

  it('leaves its recording to the alarm when it cannot be removed at once', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const broken = vi.spyOn(Recordings.prototype, 'discard').mockRejectedValueOnce(new Error('R2 is down'));
    await eventsOf(await user.interactVoice(id, recordingOf('[deaf]')));
    broken.mockRestore();
    expect(await bucketOf(id)).toHaveLength(1);
    await runOverdueAlarm(id);
    expect(await bucketOf(id)).toEqual([]);
  });

  it('as a create leaves nothing of its speech', async () => {
    const user = await newUser();
    const response = await user.post('/conversation/?response_format=voice', {
      service_id: SERVICE,
      initial_message: 'what? [fail]',
    });
    const events = parseLines(await response.text());
    expect(events.at(-1)?.type).toBe('error');
    expect(await bucketOf(String(events[0]?.conversation_id))).toEqual([]);
  });

  it('keeps what other messages have', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    await eventsOf(await user.interactVoice(id, recordingOf('what?'), 'voice'));
    const before = await bucketOf(id);
    expect(before).toHaveLength(2);
    await eventsOf(await user.interactVoice(id, recordingOf('what? [fail]'), 'voice'));
    await runOverdueAlarm(id);
    expect(await bucketOf(id)).toEqual(before);
    expect((await tableOf(id)).committed).toEqual(before);
  });
});

describe('a spoken answer', () => {
  it('is sent in pieces that are aligned with its text, and kept', async () => {
    const user = await newUser();
    const response = await user.post('/conversation/?response_format=voice', { service_id: SERVICE });
    const events = await eventsOf(response);
    const text = 'Hello. Would you like apples or pears?';
    expect(events.at(-1)).toMatchObject({ type: 'interaction-complete', full_message: text });
    const pieces = spokenPieces(events);
    expect(pieces.map(({ sequence }) => sequence)).toEqual(pieces.map((_piece, index) => index));
    expect(pieces.map(({ stop }) => stop)).toEqual(
      pieces.map((_piece, index) => index === pieces.length - 1),
    );
    for (const { bytes } of pieces) expect(bytes.length).toBeLessThanOrEqual(16_000 * 2);
    const samples = pieces.reduce((sum, { bytes }) => sum + bytes.length / 2, 0);
    const alignment = pieces.flatMap((piece) => piece.alignment);
    expect(alignment.map(([, character]) => character).join('')).toBe(text);
    const times = alignment.map(([ms]) => ms);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeLessThan(samples / 16);
    expect(times.at(-1)).toBeGreaterThan(samples / 16 - 100);
    const id = String(events[0]?.conversation_id);
    expect((await messagesOf(user, id))[0]).toMatchObject({ message: text, format: 'voice' });
    const [key = ''] = await bucketOf(id);
    const stored = new Uint8Array((await (await testEnv.AUDIO.get(key))?.arrayBuffer()) ?? new ArrayBuffer());
    expect(new TextDecoder().decode(stored.subarray(0, 4))).toBe('RIFF');
    expect(stored.subarray(44)).toEqual(
      new Uint8Array(await new Blob(pieces.map(({ bytes }) => bytes.slice())).arrayBuffer()),
    );
    expect(stored.length).toBe(44 + 2 * samples);
    expect(samples % SAMPLES_PER_CHARACTER).toBe(0);
  });

  it('begins before its text is complete', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const form = new FormData();
    form.set('initial_message_type', 'user-message');
    form.set('recorded_message', 'what? [say This sentence is over. But] [wait early]');
    const path = `/conversation/${id}/interact?request_format=text&response_format=voice`;
    const response = await user.request(path, { method: 'POST', body: form });
    const reader = response.body?.getReader();
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
      chunks.push(read.value);
      // The text goes on only when the first of it was heard.
      if ((await new Blob(chunks).text()).includes('"new-message"')) openGate('early');
    }
    const events = parseLines(await new Blob(chunks).text());
    expect(events.at(-1)?.type).toBe('interaction-complete');
    const spoken = spokenPieces(events).flatMap(({ alignment }) =>
      alignment.map(([, character]) => character),
    );
    expect(spoken.join('')).toBe(events.at(-1)?.full_message);
  });

  it('fails as a whole when a sentence cannot be spoken', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const said = recordingOf('what? [say This is said. This is MUTE. And on] [long 3]');
    const events = await eventsOf(await user.interactVoice(id, said, 'voice'));
    expect(events.at(-1)).toMatchObject({ type: 'error', code: 'speech_unavailable', http_error_code: 502 });
    expect(await messagesOf(user, id)).toHaveLength(1);
    expect(await bucketOf(id)).toEqual([]);
  });

  it('is refused where the agent or the language has no voice', async () => {
    const create = async (user: Client, service_id: string) =>
      codeOf(await user.post('/conversation/?response_format=voice', { service_id }));
    expect(await create(await newUser(), OTHER_SERVICE)).toEqual([400, 'agent_without_voice']);
    const spanish = await newUser('DefaultUserRole', 'Una', 'spa');
    expect(await create(spanish, SERVICE)).toEqual([400, 'language_without_voice']);
    // Nothing is left behind that would be in the way.
    const { id } = await spanish.begin();
    const spoken = await spanish.interactVoice(id, recordingOf('pears'), 'voice');
    expect(await codeOf(spoken)).toEqual([400, 'language_without_voice']);
    await runOverdueAlarm(id);
    expect(await bucketOf(id)).toEqual([]);
  });
});
