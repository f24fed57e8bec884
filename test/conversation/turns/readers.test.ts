import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MAX_UNREAD_BYTES, ReaderStream } from '../../../src/conversation/turns/reader-stream.ts';
import { MAX_READERS, Readers, type ReaderSpec } from '../../../src/conversation/turns/readers.ts';
import { storedTranscript } from '../../../src/conversation/turns/stored-transcript.ts';
import { Transcript } from '../../../src/conversation/turns/transcript.ts';
import { anyScript, CONVERSATION, INTERACTION, ScriptedTurn } from './scripts.ts';

const ALL: ReaderSpec = {
  after: null,
  shape: 'interact',
  sight: { actions: true, thoughts: true },
  filter: () => true,
  own: 'all',
  live: true,
};

const anySpec: fc.Arbitrary<ReaderSpec> = fc.record({
  after: fc.constant(null),
  shape: fc.constantFrom('interact' as const, 'create' as const, 'resume' as const),
  sight: fc.record({ actions: fc.boolean(), thoughts: fc.boolean() }),
  filter: fc.constantFrom(
    () => true,
    (type: string) => type.includes('reflection'),
    () => false,
  ),
  own: fc.constantFrom<ReaderSpec['own']>(
    'all',
    (id) => id.endsWith('1'),
    () => false,
  ),
  live: fc.constant(true),
});

/** Everything that a stream brings, to its end. */
async function textOf({ readable }: ReaderStream): Promise<string> {
  return new TextDecoder().decode(await new Response(readable).arrayBuffer());
}

function attached(readers: Readers, spec: Partial<ReaderSpec> = {}, framing: 'ndjson' | 'sse' = 'ndjson') {
  const stream = new ReaderStream({ framing });
  const outcome = readers.attach({ ...ALL, ...spec }, stream);
  return { stream, outcome };
}

function logOf(): { log: Transcript; readers: Readers } {
  const log = new Transcript({ conversation_id: CONVERSATION, interaction_id: INTERACTION });
  return { log, readers: new Readers(log) };
}

function say(log: Transcript, text: string, final = false): void {
  log.say('m', text, final);
}

function complete(log: Transcript): void {
  log.end({
    type: 'interaction-complete',
    message_id: 'm',
    interaction_id: INTERACTION,
    full_message: log.text,
    conversation_completed: false,
  });
}

function cursorsOf(text: string): number[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => (JSON.parse(line) as { cursor: number }).cursor);
}

afterEach(() => vi.restoreAllMocks());

describe('the readers of a turn', () => {
  it('get the same bytes whenever they join, whatever they see, and when they come back with a cursor', async () => {
    await fc.assert(
      fc.asyncProperty(anyScript, anySpec, fc.nat(20), fc.nat(20), async (script, spec, joins, has) => {
        const turn = new ScriptedTurn(script);
        const { transcript } = turn;
        const readers = new Readers(transcript);
        const first = attached(readers, spec);
        const late: { after: number; stream: ReaderStream }[] = [];
        turn.play(() => {
          const { start, last } = transcript;
          if (last - start < joins || late.length > 0) return;
          // With a cursor of an earlier run, a reader gets all of this one.
          const after = start > 0 && has % 2 === 0 ? has : Math.min(start + has, last);
          late.push({ after, stream: attached(readers, { ...spec, after }).stream });
        });
        const whole = await textOf(first.stream);
        const lines = whole.split(/(?<=\n)/);
        const behind = (after: number) => lines.filter((line) => cursorsOf(line)[0]! > after).join('');
        for (const { after, stream } of late) expect(await textOf(stream)).toBe(behind(after));
        const stored = new Readers(storedTranscript(turn.stored()));
        expect(await textOf(attached(stored, spec).stream)).toBe(whole);
        for (const after of [has, transcript.start + has])
          expect(await textOf(attached(stored, { ...spec, after }).stream)).toBe(behind(after));
      }),
    );
  });

  it('see only what they may: no actions, no thoughts, and no messages of others', async () => {
    const { log, readers } = logOf();
    const all = attached(readers);
    const blind = attached(readers, { sight: { actions: false, thoughts: false } });
    const thoughtless = attached(readers, { sight: { actions: true, thoughts: false } });
    const mine = attached(readers, { own: (id) => id === 'two' });
    log.open({ message_id: 'one', text: 'Tuesday?', place: 0 });
    log.open({ message_id: 'two', text: 'Wednesday?', place: 1 });
    log.act({ type: 'navigate-state-machine-reflection-state-reflection-generated', reflection: 'Secret.' });
    say(log, 'Yes.', true);
    complete(log);
    expect(cursorsOf(await textOf(all.stream))).toEqual([1, 2, 3, 4, 5]);
    expect(cursorsOf(await textOf(blind.stream))).toEqual([1, 2, 4, 5]);
    const withoutThoughts = await textOf(thoughtless.stream);
    expect(cursorsOf(withoutThoughts)).toEqual([1, 2, 3, 4, 5]);
    expect(withoutThoughts).not.toContain('Secret.');
    expect(cursorsOf(await textOf(mine.stream))).toEqual([2, 3, 4, 5]);
  });

  it('begin a create stream with the conversation, and come back to it without', async () => {
    const { log, readers } = logOf();
    log.open({ message_id: 'one', text: 'Hello.', place: 0 });
    const created = attached(readers, { shape: 'create' });
    const resumed = attached(readers, { shape: 'resume' });
    const back = attached(readers, { shape: 'create', after: 0 });
    say(log, 'Hi.', true);
    complete(log);
    const [first] = (await textOf(created.stream)).split('\n');
    expect(JSON.parse(first ?? '')).toEqual({
      type: 'conversation-created',
      conversation_id: CONVERSATION,
      interaction_id: INTERACTION,
      cursor: 0,
    });
    const [again] = (await textOf(resumed.stream)).split('\n');
    expect(JSON.parse(again ?? '')).toMatchObject({ conversation_id: CONVERSATION, resumed: true });
    expect(cursorsOf(await textOf(back.stream))).toEqual([2, 3]);
  });

  it('make an event into JSON once for all that see it', () => {
    const { log, readers } = logOf();
    for (let index = 0; index < 5; index += 1) attached(readers);
    const stringify = vi.spyOn(JSON, 'stringify');
    say(log, 'Once.');
    expect(stringify).toHaveBeenCalledTimes(1);
    complete(log);
  });

  it('get what is past in one write', async () => {
    const { log, readers } = logOf();
    for (let index = 0; index < 100; index += 1) say(log, `Piece ${index}. `);
    const { stream, outcome } = attached(readers);
    expect(outcome).toEqual({ ok: true, value: 100 });
    const reader = stream.readable.getReader();
    const first = await reader.read();
    expect(cursorsOf(new TextDecoder().decode(first.value))).toHaveLength(100);
    complete(log);
    await reader.read();
    expect((await reader.read()).done).toBe(true);
  });

  it('get what is told between two waits of the turn in one write, without a timer', async () => {
    const { log, readers } = logOf();
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const { stream } = attached(readers);
    const heartbeats = timers.mock.calls.length;
    const reader = stream.readable.pipeThrough(new TextDecoderStream()).getReader();
    say(log, 'At once. ');
    expect(cursorsOf((await reader.read()).value ?? '')).toEqual([1]);
    for (let wait = 1; wait <= 3; wait += 1) {
      readers.hold();
      for (let piece = 1; piece <= 10; piece += 1) say(log, `Piece ${piece}. `);
      readers.flush();
      expect(cursorsOf((await reader.read()).value ?? '')).toHaveLength(10);
    }
    expect(timers.mock.calls.length).toBe(heartbeats);
    // A filler that is told while the turn waits goes out by itself.
    say(log, 'Late. ');
    expect(cursorsOf((await reader.read()).value ?? '')).toEqual([32]);
    complete(log);
  });

  it('end with the past when they do not stay, while the turn goes on', async () => {
    const { log, readers } = logOf();
    say(log, 'So far. ');
    const { stream } = attached(readers, { live: false });
    say(log, 'And on.', true);
    expect(cursorsOf(await textOf(stream))).toEqual([1]);
    expect(readers.count).toBe(0);
    complete(log);
  });

  it('get nothing from a cursor beyond the end', async () => {
    const { log, readers } = logOf();
    say(log, 'All.', true);
    complete(log);
    expect(await textOf(attached(readers, { after: 99 }).stream)).toBe('');
  });

  it('leave alone: the others go on, and their place is free again', async () => {
    const { log, readers } = logOf();
    const leaving = attached(readers);
    const staying = attached(readers);
    say(log, 'One. ');
    await leaving.stream.readable.cancel();
    expect(readers.count).toBe(1);
    say(log, 'Two.', true);
    complete(log);
    expect(cursorsOf(await textOf(staying.stream))).toEqual([1, 2, 3]);
  });

  it('are at most 64 at a time', async () => {
    const { log, readers } = logOf();
    const streams = Array.from({ length: MAX_READERS }, () => attached(readers).stream);
    const { outcome, stream } = attached(readers);
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'service_overloaded' } });
    stream.end();
    await streams[0]?.readable.cancel();
    expect(attached(readers).outcome.ok).toBe(true);
    complete(log);
  });

  it('are dropped one by one when they do not read, and come back with their cursor', async () => {
    const { log, readers } = logOf();
    const slow = attached(readers);
    const fast = attached(readers);
    const got = textOf(fast.stream);
    const piece = 'x'.repeat(256 * 1024);
    const pieces = (2 * MAX_UNREAD_BYTES.text) / piece.length;
    for (let index = 0; index < pieces; index += 1) {
      say(log, piece, index === pieces - 1);
      readers.flush();
      // The fast one reads.
      await Promise.resolve();
    }
    complete(log);
    await expect(textOf(slow.stream)).rejects.toThrow('The reader is too slow.');
    expect(slow.stream.isOpen).toBe(false);
    expect(cursorsOf(await got)).toHaveLength(pieces + 1);
    const back = await textOf(attached(readers, { after: pieces - 1 }).stream);
    expect(cursorsOf(back)).toEqual([pieces, pieces + 1]);
  });

  it('may be far behind without holding memory: the rest is made as they read', async () => {
    const { log, readers } = logOf();
    const piece = 'x'.repeat(64 * 1024);
    const pieces = (3 * MAX_UNREAD_BYTES.text) / piece.length;
    for (let index = 0; index < pieces; index += 1) say(log, piece, index === pieces - 1);
    const { stream } = attached(readers);
    expect(stream.isBehind).toBe(true);
    complete(log);
    expect(cursorsOf(await textOf(stream))).toHaveLength(pieces + 1);
    expect(stream.isOpen).toBe(false);
  });

  it('are sent an event stream with the cursor as its identifier where they ask for one', async () => {
    const { log, readers } = logOf();
    const { stream } = attached(readers, { shape: 'create' }, 'sse');
    say(log, 'Hi.', true);
    complete(log);
    const blocks = (await textOf(stream)).split('\n\n').filter((block) => block !== '');
    expect(blocks.map((block) => block.split('\n')[0])).toEqual(['id: 0', 'id: 1', 'id: 2']);
    expect(blocks.map((block) => block.split('\n')[1])).toEqual([
      expect.stringMatching(/^data: \{"type":"conversation-created"/),
      expect.stringMatching(/^data: \{"type":"new-message"/),
      expect.stringMatching(/^data: \{"type":"interaction-complete"/),
    ]);
  });
});
