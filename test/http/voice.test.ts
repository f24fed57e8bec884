/** Voice through the started server: real engines, there and back; and what is left when it is killed. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { R2Bucket } from '@cloudflare/workers-types';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { getPlatformProxy } from 'wrangler';
import { WEBM_OPUS } from '../fixtures/containers.ts';
import { HeldSpeech, TONE } from './held-speech.ts';
import { allEvents, eventsOf, HttpClient, identities, Server, type StreamedEvent } from './server.ts';
import { needSpeechEngines, SpeechServer, UNDERSTOOD, UNDERSTOOD_WORDS } from './speech-server.ts';

/** The clinic's agent has a voice. */
const CLINIC = identities().find(({ organization }) => organization === 'riverside-clinic');

function say(
  client: HttpClient,
  id: string,
  recording: BlobPart,
  response_format: 'text' | 'voice' = 'voice',
): Promise<Response> {
  const body = new FormData();
  body.set('initial_message_type', 'user-message');
  body.set('recorded_message', new File([recording], 'message.wav', { type: 'audio/wav' }));
  const path = `/conversation/${id}/interact?request_format=voice&response_format=${response_format}`;
  return client.request(path, { method: 'POST', body });
}

async function create(client: HttpClient, format: 'text' | 'voice'): Promise<StreamedEvent[]> {
  const service_id = CLINIC?.service_ids[0];
  return allEvents(await client.post(`/conversation/?response_format=${format}`, { service_id }));
}

function samplesOf(events: StreamedEvent[]): Buffer {
  return Buffer.concat(
    events
      .filter(({ type }) => type === 'new-message')
      .map(({ message }) => Buffer.from(String(message), 'base64')),
  );
}

/** The keys in the bucket of a server that is stopped. */
async function bucketOf(server: Server): Promise<string[]> {
  const proxy = await getPlatformProxy<{ AUDIO: R2Bucket }>({
    configPath: join(import.meta.dirname, 'bucket.wrangler.toml'),
    persist: { path: join(server.environment['STATE_DIR'] ?? '', 'v3') },
  });
  try {
    return (await proxy.env.AUDIO.list()).objects.map(({ key }) => key);
  } finally {
    await proxy.dispose();
  }
}

describe('with the local speech server', () => {
  let speech: SpeechServer;
  let server: Server;
  let client: HttpClient;

  if (needSpeechEngines()) {
    beforeAll(async () => {
      speech = await SpeechServer.start();
      server = await Server.startWithSpeech(speech.environment, '--var', 'RATE_LIMITS:off');
      if (CLINIC === undefined) throw new Error('There is no clinic.');
      client = await HttpClient.signIn(server, CLINIC);
    });

    beforeEach(() => client.finishAll());

    afterAll(async () => {
      await server.stop();
      await speech.stop();
    });
  }

  it('transcribes a spoken sentence, answers in speech, and serves the recordings', async () => {
    const created = await create(client, 'voice');
    const id = String(created[0]?.['conversation_id']);
    const spoken = await (
      await speech.speak({ model: 'tts-1', input: UNDERSTOOD, voice: 'slt', response_format: 'wav' })
    ).arrayBuffer();
    const events = await allEvents(await say(client, id, spoken));
    const heard = String(events[0]?.['user_message']);
    expect(heard.toLowerCase().replaceAll(/[^a-z ]/g, '')).toBe(UNDERSTOOD_WORDS);
    const complete = events.at(-1);
    expect(complete?.type).toBe('interaction-complete');
    const samples = samplesOf(events);
    const alignment = events.flatMap((event) => (event['transcript_alignment'] ?? []) as [number, string][]);
    expect(alignment.map(([, character]) => character).join('')).toBe(complete?.['full_message']);
    const times = alignment.map(([ms]) => ms);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const length = samples.length / 32;
    expect(times.at(-1)).toBeLessThan(length);
    expect(times.at(-1)).toBeGreaterThan(length - 1_000);
    for (const [message, bytes] of [
      [complete?.['message_id'], samples],
      [events[0]?.['message_id'], Buffer.from(spoken).subarray(44)],
    ] as const) {
      const source = await client.get<{ url: string; content_type: string }>(
        `/conversation/${id}/messages/${String(message)}/source`,
      );
      expect(source.content_type).toBe('audio/wav');
      const stored = Buffer.from(await (await fetch(source.url)).arrayBuffer());
      expect(stored.subarray(44).equals(bytes)).toBe(true);
    }
  });

  it('transcribes Ogg, stores it unchanged, and serves it with its type', async () => {
    const id = String((await create(client, 'text'))[0]?.['conversation_id']);
    const wav = await speech.speak({
      model: 'tts-1',
      input: UNDERSTOOD,
      voice: 'slt',
      response_format: 'wav',
    });
    const { stdout: ogg } = spawnSync('sox', ['-t', 'wav', '-', '-t', 'ogg', '-'], {
      input: Buffer.from(await wav.arrayBuffer()),
    });
    const events = await allEvents(await say(client, id, ogg, 'text'));
    const heard = String(events[0]?.['user_message']);
    expect(heard.toLowerCase().replaceAll(/[^a-z ]/g, '')).toBe(UNDERSTOOD_WORDS);
    const source = await client.get<{ url: string; content_type: string }>(
      `/conversation/${id}/messages/${String(events[0]?.['message_id'])}/source`,
    );
    const served = await fetch(source.url);
    expect([source.content_type, served.headers.get('content-type')]).toEqual(['audio/ogg', 'audio/ogg']);
    expect(Buffer.from(await served.arrayBuffer()).equals(ogg)).toBe(true);
  });

  it('reports a recording that the provider cannot read, and continues', async () => {
    const id = String((await create(client, 'text'))[0]?.['conversation_id']);
    // These engines read WAV, FLAC, Ogg and MP3.
    const [error, ...more] = await allEvents(
      await say(client, id, WEBM_OPUS as Uint8Array<ArrayBuffer>, 'text'),
    );
    expect(error).toMatchObject({ type: 'error', code: 'recording_unsupported', http_error_code: 415 });
    expect(more).toEqual([]);
    expect((await allEvents(await client.interact(id, 'I need an appointment'))).at(-1)?.type).toBe(
      'interaction-complete',
    );
  });

  it('refuses 60 MB of unknown length, and continues', async () => {
    const id = String((await create(client, 'text'))[0]?.['conversation_id']);
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        controller.enqueue(sent === 0 ? TONE : new Uint8Array(65_536));
        sent += 65_536;
        if (sent > 60_000_000) controller.close();
      },
    });
    const answer = await client.request(
      `/conversation/${id}/interact?request_format=voice&response_format=text`,
      {
        method: 'POST',
        body,
        duplex: 'half',
        headers: { 'content-type': 'audio/wav' },
      } as RequestInit,
    );
    expect(answer.status).toBe(413);
    expect((await allEvents(await client.interact(id, 'I need an appointment'))).at(-1)?.type).toBe(
      'interaction-complete',
    );
  });
});

describe('a provider that refuses', () => {
  it('is a problem with its code in the stream', async () => {
    const speech = await HeldSpeech.start();
    const server = await Server.startWithSpeech(speech.environment, '--var', 'RATE_LIMITS:off');
    try {
      if (CLINIC === undefined) throw new Error('There is no clinic.');
      const client = await HttpClient.signIn(server, CLINIC);
      const id = String((await create(client, 'text'))[0]?.['conversation_id']);
      for (const [status, code, http_error_code] of [
        [400, 'recording_unsupported', 415],
        [415, 'recording_unsupported', 415],
        [413, 'body_too_large', 413],
        [401, 'provider_refused', 502],
        [404, 'transcription_unavailable', 502],
      ] as const) {
        speech.refuse('transcriptions', status);
        const events = await allEvents(await say(client, id, TONE, 'text'));
        expect(events.at(-1)).toMatchObject({ type: 'error', code, http_error_code });
      }
      speech.release();
      speech.refuse('speech', 403);
      const events = await allEvents(await say(client, id, TONE));
      expect(events.at(-1)).toMatchObject({ type: 'error', code: 'provider_refused', http_error_code: 502 });
      speech.release();
      expect((await allEvents(await say(client, id, TONE))).at(-1)?.type).toBe('interaction-complete');
    } finally {
      await server.stop();
      await speech.stop();
    }
  });
});

describe('a server that is killed', () => {
  it('keeps exactly the recordings of committed messages', async () => {
    const speech = await HeldSpeech.start();
    const server = await Server.startWithSpeech(speech.environment, '--var', 'RATE_LIMITS:off');
    try {
      if (CLINIC === undefined) throw new Error('There is no clinic.');
      let client = await HttpClient.signIn(server, CLINIC);
      const id = String((await create(client, 'voice'))[0]?.['conversation_id']);
      await allEvents(await say(client, id, TONE));
      for (const endpoint of ['transcriptions', 'speech'] as const) {
        const asked = speech.hold(endpoint);
        const turn = say(client, id, TONE)
          .then((response) => allEvents(response))
          .catch(() => []);
        await asked;
        await server.kill();
        expect((await turn).map(({ type }) => type)).not.toContain('interaction-complete');
        speech.release();
        await server.start();
        client = await HttpClient.signIn(server, CLINIC);
      }
      const sources = await sourcesOf(client, id);
      expect(sources).toHaveLength(3);
      // The alarm of the turn that died comes ten seconds after it began; one more turn comes in between.
      for await (const event of eventsOf(await say(client, id, TONE))) expect(event.type).not.toBe('error');
      await new Promise((resolve) => {
        setTimeout(resolve, 12_000);
      });
      const committed = await sourcesOf(client, id);
      expect(committed).toHaveLength(5);
      await server.kill();
      expect((await bucketOf(server)).toSorted()).toEqual(committed.toSorted());
    } finally {
      await server.stop();
      await speech.stop();
    }
  });
});

/** The keys of the recordings of a conversation's messages. */
async function sourcesOf(client: HttpClient, id: string): Promise<string[]> {
  const { messages } = await client.get<{ messages: { id: string; format: string }[] }>(
    `/conversation/${id}/messages/`,
  );
  const voice = messages.filter(({ format }) => format === 'voice');
  const sources = await Promise.all(
    voice.map((message) => client.get<{ url: string }>(`/conversation/${id}/messages/${message.id}/source`)),
  );
  return sources.map(({ url }) => new URL(url).pathname.replace('/recordings/', ''));
}
