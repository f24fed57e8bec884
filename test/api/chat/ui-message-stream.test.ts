import type { UIMessageChunk } from 'ai';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TurnEvent } from '../../../src/api/chat/event-encoder.ts';
import { UiMessageEncoder } from '../../../src/api/chat/ui-message-encoder.ts';
import { uiMessageStream } from '../../../src/api/chat/ui-message-stream.ts';
import { UiMessageChunk } from '../../../src/contract/ui-message-stream.ts';
import { ANSWER, complete, FAILED, INTERACTION, OPENING, piece } from './turn-events.ts';

const CONVERSATION = 'c'.repeat(24);

const CREATED: TurnEvent = {
  type: 'conversation-created',
  conversation_id: CONVERSATION,
  interaction_id: INTERACTION,
};
const ACTION: TurnEvent = {
  type: 'current-agent-action',
  action: { type: 'navigate-state-machine-action-state-action-selected', action: 'Answer.' },
};

/** Encodes events; every chunk is one that clients of the AI SDK know, and one that the document describes. */
function encoded(events: TurnEvent[], interactionId = ''): UiMessageChunk[] {
  const encoder = new UiMessageEncoder(CONVERSATION, interactionId);
  const chunks = events.flatMap((event) => encoder.encode(event));
  const known: UIMessageChunk[] = chunks;
  expect(known.map((chunk) => UiMessageChunk.parse(chunk))).toEqual(chunks);
  return chunks;
}

const METADATA = { conversation_id: CONVERSATION, interaction_id: INTERACTION };

describe('the chunks of a turn', () => {
  it('begin with the interaction, tell what the agent does in passing, and say the answer as one text', () => {
    expect(
      encoded([OPENING, ACTION, piece('On '), piece('Tuesday.', true), complete('On Tuesday.')]),
    ).toEqual([
      { type: 'start', messageId: INTERACTION, messageMetadata: METADATA },
      {
        type: 'data-agent-action',
        data: { type: 'navigate-state-machine-action-state-action-selected', action: 'Answer.' },
        transient: true,
      },
      { type: 'text-start', id: ANSWER },
      { type: 'text-delta', id: ANSWER, delta: 'On ' },
      { type: 'text-delta', id: ANSWER, delta: 'Tuesday.' },
      { type: 'text-end', id: ANSWER },
      {
        type: 'finish',
        finishReason: 'stop',
        messageMetadata: { ...METADATA, message_id: ANSWER, conversation_completed: false },
      },
    ]);
  });

  it('are the same for the first turn of a conversation', () => {
    const events = [piece('Hello.', true), complete('Hello.')];
    expect(encoded([CREATED, ...events])).toEqual(encoded([OPENING, ...events]));
  });

  it('begin with whatever event comes first, when the interaction is known', () => {
    const [start] = encoded([piece('Hello.', true), complete('Hello.')], INTERACTION);
    expect(start).toEqual({ type: 'start', messageId: INTERACTION, messageMetadata: METADATA });
  });

  it('begin once, however often the turn was opened', () => {
    const types = encoded([OPENING, OPENING, piece('Yes.', true), complete('Yes.')]).map(({ type }) => type);
    expect(types).toEqual(['start', 'text-start', 'text-delta', 'text-end', 'finish']);
  });

  it('say of a stopped answer that it was interrupted', () => {
    const chunks = encoded([OPENING, piece('On Tu'), piece('', true), complete('On Tu', { stopped: true })]);
    expect(chunks.slice(-3)).toEqual([
      { type: 'text-delta', id: ANSWER, delta: 'On Tu' },
      { type: 'text-end', id: ANSWER },
      {
        type: 'finish',
        finishReason: 'interrupted',
        messageMetadata: { ...METADATA, message_id: ANSWER, conversation_completed: false, stopped: true },
      },
    ]);
  });

  it('say in words what went wrong, at any place', () => {
    const error = { type: 'error', errorText: 'The turn was stopped.' };
    expect(encoded([FAILED])).toEqual([error]);
    expect(encoded([OPENING, piece('On '), FAILED]).at(-1)).toEqual(error);
  });

  it('give the whole text, each text between its start and its end, whatever the pieces are', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (texts) => {
        const pieces = texts.map((text, index) => piece(text, index === texts.length - 1));
        const chunks = encoded([OPENING, ...pieces, complete(texts.join(''))]);
        const deltas = chunks.flatMap((chunk) => (chunk.type === 'text-delta' ? [chunk.delta] : []));
        expect(deltas.join('')).toBe(texts.join(''));
        const types = chunks.map(({ type }) => type).filter((type) => type !== 'text-delta');
        expect(types).toEqual(['start', 'text-start', 'text-end', 'finish']);
      }),
    );
  });
});

function bytesOf(text: string, cuts: number[] = []): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return new ReadableStream({
    start(controller) {
      for (const [index, end] of ends.entries()) controller.enqueue(bytes.slice(ends[index - 1] ?? 0, end));
      controller.close();
    },
  });
}

function linesOf(events: TurnEvent[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

async function streamed(body: ReadableStream<Uint8Array>): Promise<string> {
  const stream = uiMessageStream({ conversationId: CONVERSATION, interactionId: '', body });
  return new TextDecoder().decode(await new Response(stream).arrayBuffer());
}

describe('the stream of chunks', () => {
  const TURN = [OPENING, ACTION, piece('Dienstag, 8 Uhr – 😀 '), piece('gut.', true), complete('…')];

  it('is the same however the bytes of the turn are cut', async () => {
    const whole = await streamed(bytesOf(linesOf(TURN)));
    expect(whole.endsWith('data: [DONE]\n\n')).toBe(true);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(2_000), { maxLength: 12 }), async (cuts) => {
        expect(await streamed(bytesOf(linesOf(TURN), cuts))).toBe(whole);
      }),
    );
  });

  it('has one event for each chunk, whatever line ends a text has', async () => {
    const texts = 'one\ntwo\u2028three\u0085four\r\nfive';
    const sent = await streamed(bytesOf(linesOf([OPENING, piece(texts, true), complete(texts)])));
    const blocks = sent.split('\n\n').slice(0, -1);
    expect(blocks.every((block) => /^data: [^\n\r\u0085\u2028\u2029]+$/.test(block))).toBe(true);
    expect(JSON.parse(blocks[2]?.slice(6) ?? '')).toMatchObject({ delta: texts });
  });

  it('passes the signs of life on as comments', async () => {
    const sent = await streamed(bytesOf(`\n${linesOf([OPENING])}\n\n${linesOf(TURN.slice(1))}`));
    expect(sent.startsWith(':\n\n')).toBe(true);
    expect(sent.split('\n\n').filter((block) => block === ':')).toHaveLength(3);
  });

  it('breaks off with its turn, and never pretends to be done', async () => {
    await expect(streamed(bytesOf(linesOf(TURN.slice(0, 3))))).rejects.toThrow('The turn broke off.');
    await expect(streamed(bytesOf(linesOf(TURN).slice(0, -9)))).rejects.toThrow('The turn broke off.');
    const broken = new ReadableStream<Uint8Array>({
      start: (controller) => controller.error(new Error('The object is gone.')),
    });
    await expect(streamed(broken)).rejects.toThrow('The object is gone.');
  });

  it('is done after an error event: the turn has ended', async () => {
    const sent = await streamed(bytesOf(linesOf([OPENING, FAILED])));
    expect(sent.split('\n\n').at(-2)).toBe('data: [DONE]');
  });

  it('lets go of the turn when its reader leaves', async () => {
    let left = false;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode(linesOf([OPENING]))),
      cancel: () => {
        left = true;
      },
    });
    const reader = uiMessageStream({ conversationId: CONVERSATION, interactionId: '', body }).getReader();
    await reader.read();
    await reader.cancel();
    await expect.poll(() => left).toBe(true);
  });
});
