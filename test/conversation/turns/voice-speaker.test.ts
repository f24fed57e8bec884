import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReaderStream } from '../../../src/conversation/turns/reader-stream.ts';
import { Readers } from '../../../src/conversation/turns/readers.ts';
import { Transcript } from '../../../src/conversation/turns/transcript.ts';
import { MessagePieces } from '../../../src/conversation/turns/speaker.ts';
import { MessageStamps } from '../../../src/conversation/turns/message-stamps.ts';
import { VoiceSpeaker } from '../../../src/conversation/turns/voice-speaker.ts';
import { readWav } from '../../../src/speech/wav.ts';
import { parseLines } from '../../support/client.ts';
import { SAMPLES_PER_CHARACTER } from '../../support/scripted-speech.ts';

type Samples = Int16Array<ArrayBuffer>;

/** A tone as long as the text. */
function toneOf(text: string): Samples {
  return new Int16Array(text.length * SAMPLES_PER_CHARACTER).fill(5_000);
}

function begin(speak: (text: string) => Promise<Samples>) {
  const stream = new ReaderStream({ format: 'voice' });
  const transcript = new Transcript({ conversation_id: 'conversation', interaction_id: 'interaction' });
  new Readers(transcript).attach(
    {
      after: null,
      shape: 'interact',
      sight: { actions: true, thoughts: true },
      filter: () => true,
      own: 'all',
      live: true,
    },
    stream,
  );
  let kept: Uint8Array<ArrayBuffer> | null = null;
  const speaker = new VoiceSpeaker(
    new MessagePieces(transcript, new MessageStamps({ last_message: 0, last_at: 0 })),
    {
      speak,
      stop: new AbortController().signal,
      keep: (wav) => {
        kept = wav;
        return Promise.resolve({ key: 'key', content_type: 'audio/wav' });
      },
    },
  );
  return {
    speaker,
    /** Everything that was sent, and the recording. */
    end: async () => {
      await speaker.finish(() => null);
      stream.end();
      const sent = await new Response(stream.readable).arrayBuffer();
      return { events: parseLines(new TextDecoder().decode(sent)), kept };
    },
  };
}

/** Speaks a text that is written in these pieces. */
async function spoken(pieces: string[]) {
  const { speaker, end } = begin((text) => Promise.resolve(toneOf(text)));
  for (const [index, text] of pieces.entries()) speaker.say(text, index === pieces.length - 1);
  const { events, kept } = await end();
  return {
    kept,
    pieces: events.map((event) => ({
      samples: Uint8Array.fromBase64(String(event.message)).length / 2,
      alignment: event.transcript_alignment as [number, string][],
      stop: event.stop === true,
      sequence: event.sequence_number,
    })),
  };
}

const text = fc.array(
  fc.oneof(
    fc.constantFrom(
      'Hello. ',
      'How are you? ',
      'Dr. Smith, ',
      '- one\n',
      '**bold** ',
      '!!! ',
      '🙂 ',
      '\n\n',
      'no. ',
    ),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.string({ unit: fc.constantFrom('a', 'b', ' '), minLength: 300, maxLength: 700 }),
  ),
  { minLength: 1, maxLength: 8 },
);

describe('a message that is spoken', () => {
  it('has pieces that are aligned with the whole of it, whatever its text', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (written) => {
        const { pieces, kept } = await spoken(written);
        const alignment = pieces.flatMap((piece) => piece.alignment);
        expect(alignment.map(([, character]) => character).join('')).toBe(written.join(''));
        const times = alignment.map(([ms]) => ms);
        expect(times.every((ms, index) => Number.isInteger(ms) && ms >= (times[index - 1] ?? 0))).toBe(true);
        const samples = pieces.reduce((sum, piece) => sum + piece.samples, 0);
        expect(times.at(-1) ?? 0).toBeLessThanOrEqual(samples / 16);
        expect(pieces.map(({ sequence }) => sequence)).toEqual(pieces.map((_piece, index) => index));
        expect(pieces.map(({ stop }) => stop)).toEqual(
          pieces.map((_piece, index) => index === pieces.length - 1),
        );
        for (const piece of pieces) expect(piece.samples).toBeLessThanOrEqual(16_000);
        expect(kept?.length).toBe(44 + 2 * samples);
      }),
      { numRuns: 200 },
    );
  });

  it('is sent in its order, though its sentences are made side by side', async () => {
    const made: { text: string; resolve: () => void }[] = [];
    const { speaker, end } = begin((text) => {
      const { promise, resolve } = Promise.withResolvers<Samples>();
      made.push({ text, resolve: () => resolve(toneOf(text)) });
      return promise;
    });
    speaker.say('The first of them. The second of them. The third of them.', true);
    await Promise.resolve();
    await scheduler.wait(0);
    // Two at a time.
    expect(made.map(({ text }) => text)).toEqual(['The first of them.', 'The second of them.']);
    made[1]?.resolve();
    made[0]?.resolve();
    await scheduler.wait(0);
    made[2]?.resolve();
    const { events } = await end();
    const alignment = events.flatMap((event) => event.transcript_alignment as [number, string][]);
    expect(alignment.map(([, character]) => character).join('')).toBe(
      'The first of them. The second of them. The third of them.',
    );
  });
});

describe('what is said of a message', () => {
  const saidOf = async (pieces: string[]) => {
    const said: string[] = [];
    const { speaker, end } = begin((text) => {
      said.push(text);
      return Promise.resolve(toneOf(text));
    });
    for (const [index, text] of pieces.entries()) speaker.say(text, index === pieces.length - 1);
    const { events } = await end();
    const aligned = events.flatMap((event) => event.transcript_alignment as [number, string][]);
    expect(aligned.map(([, character]) => character).join('')).toBe(pieces.join(''));
    return said;
  };

  it('is its words, without Markdown and with every sign that is none', async () => {
    const message =
      'It takes **10~15 minutes**. Write to [jane_doe@example.com](mailto:jane_doe@example.com). ***';
    const expected = ['It takes 10~15 minutes.', 'Write to jane_doe@example.com.'];
    expect(await saidOf([message])).toEqual(expected);
    expect(await saidOf(Array.from(message))).toEqual(expected);
  });

  it('is said sentence by sentence where no space follows a stop', async () => {
    const message = 'ご予約を承りました。お時間は十時でよろしいでしょうか？それではお待ちしております。';
    expect(await saidOf(Array.from(message))).toEqual([
      'ご予約を承りました。',
      'お時間は十時でよろしいでしょうか？',
      'それではお待ちしております。',
    ]);
  });

  it('begins before a sentence without an end is complete', async () => {
    const said: string[] = [];
    const { speaker, end } = begin((text) => {
      said.push(text);
      return Promise.resolve(toneOf(text));
    });
    for (let words = 0; words < 80; words += 1) speaker.say('word and ', false);
    await scheduler.wait(0);
    expect(said.length).toBeGreaterThan(0);
    speaker.say('no more', true);
    await end();
  });
});

describe('a filler', () => {
  const filler = { type: 'action-too-long', filler: 'One moment', previously_started_event: {} } as const;

  it('is spoken', async () => {
    const { speaker, end } = begin((text) => Promise.resolve(toneOf(text)));
    speaker.sayMeanwhile(filler);
    await scheduler.wait(0);
    speaker.say('Here I am again.', true);
    const [event] = (await end()).events;
    const action = event?.action as { type: string; filler: string };
    expect([event?.type, action.type]).toEqual(['current-agent-action', 'action-too-long']);
    const { samples, rate } = readWav(Uint8Array.fromBase64(action.filler));
    expect([samples.length, rate]).toEqual([toneOf('One moment').length, 16_000]);
  });

  it('is shown when it cannot be spoken, and left out when the answer has begun', async () => {
    const { speaker, end } = begin((text) =>
      text === 'One moment' ? Promise.reject(new Error('mute')) : Promise.resolve(toneOf(text)),
    );
    speaker.sayMeanwhile(filler);
    await scheduler.wait(0);
    speaker.say('Here I am again. And I go on', false);
    await scheduler.wait(0);
    speaker.sayMeanwhile(filler);
    await scheduler.wait(0);
    speaker.say('.', true);
    const actions = (await end()).events.filter(({ type }) => type === 'current-agent-action');
    expect(actions).toEqual([{ type: 'current-agent-action', action: filler, cursor: 1 }]);
  });
});
