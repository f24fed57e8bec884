/** The events of AG-UI that a turn becomes: each one that the protocol's own schemas know, in an order that it allows. */
import { EventSchema } from '@ag-ui/core/schemas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AgUiEncoder } from '../../../src/api/chat/ag-ui-encoder.ts';
import { encodedStream, type TurnEvent } from '../../../src/api/chat/event-encoder.ts';
import { AgUiEvent } from '../../../src/contract/ag-ui-events.ts';
import type { AgentAction } from '../../../src/contract/agent-actions.ts';
import { ANSWER, complete, FAILED, INTERACTION, OPENING, piece } from './turn-events.ts';

const RUN = { conversationId: 'c'.repeat(24), threadId: 'thread', runId: 'run' };
const TOOL = { tool_id: '7'.repeat(24), tool_version: '1.0' };

function acting(action: AgentAction): TurnEvent {
  return { type: 'current-agent-action', action };
}

function entering(next_state: string): TurnEvent {
  const version: [string, number] = ['d'.repeat(24), 1];
  return acting({
    type: 'navigate-state-machine-state-transitioned',
    prev_state: 'before',
    prev_state_state_machine_version_info: version,
    next_state,
    next_state_state_machine_version_info: version,
  });
}

function calling(day: string): TurnEvent {
  return acting({ type: 'tool-call-started', tool_round_index: 0, ...TOOL, input_params: { day } });
}

function called(day: string, result: string): TurnEvent {
  const input_parameters = { day };
  return acting({
    type: 'tool-call-ended',
    tool_round_index: 0,
    ...TOOL,
    input_parameters,
    result,
    duration: 1,
  });
}

/** Encodes events; each is one that the protocol knows, and one that the document describes. */
function encoded(events: TurnEvent[]): AgUiEvent[] {
  const encoder = new AgUiEncoder(RUN);
  const made = events.flatMap((event) => encoder.encode(event));
  for (const event of made) {
    expect(EventSchema.safeParse(event).error).toBeUndefined();
    expect(AgUiEvent.parse(event)).toEqual(event);
  }
  return made;
}

const CHOSEN = acting({ type: 'navigate-state-machine-action-state-action-selected', action: 'Answer.' });

const turn = fc.record({
  before: fc.array(
    fc.oneof(
      fc.constantFrom('greet', 'book').map(entering),
      fc.constant(CHOSEN),
      fc.constantFrom('Monday', 'Tuesday').map(calling),
      fc.constantFrom('Monday', 'Tuesday').map((day) => called(day, 'Free.')),
    ),
    { maxLength: 12 },
  ),
  pieces: fc.array(fc.string({ unit: 'binary', maxLength: 5 }), { minLength: 1, maxLength: 6 }),
  end: fc.constantFrom<'whole' | 'stopped' | 'failed'>('whole', 'stopped', 'failed'),
});

describe('a turn in AG-UI', () => {
  it('is a run of one message, with everything that was begun ended, whatever the agent does', () => {
    fc.assert(
      fc.property(turn, ({ before, pieces, end }) => {
        const said = pieces.map((text, index) =>
          piece(text, end !== 'failed' && index === pieces.length - 1),
        );
        const last =
          end === 'failed' ? FAILED : complete(pieces.join(''), end === 'stopped' ? { stopped: true } : {});
        const events = encoded([OPENING, ...before, ...said, last]);
        expect(events[0]).toMatchObject({ type: 'RUN_STARTED', threadId: 'thread', runId: 'run' });
        expect(events.filter(({ type }) => type === 'RUN_STARTED')).toHaveLength(1);
        expect(events.at(-1)?.type).toBe(end === 'failed' ? 'RUN_ERROR' : 'RUN_FINISHED');
        const deltas = events.map((event) => (event.type === 'TEXT_MESSAGE_CONTENT' ? event.delta : ''));
        expect(deltas.join('')).toBe(pieces.join(''));
        const count = (type: AgUiEvent['type']) => events.filter((event) => event.type === type).length;
        if (end === 'failed') return;
        expect([count('TEXT_MESSAGE_START'), count('TEXT_MESSAGE_END')]).toEqual([1, 1]);
        expect(count('STEP_STARTED')).toBe(count('STEP_FINISHED'));
        expect(count('TOOL_CALL_START')).toBe(count('TOOL_CALL_END'));
        const calls = events.flatMap((event) => (event.type === 'TOOL_CALL_START' ? [event.toolCallId] : []));
        expect(new Set(calls).size).toBe(calls.length);
        const results = events.flatMap((event) =>
          event.type === 'TOOL_CALL_RESULT' ? [event.toolCallId] : [],
        );
        expect(new Set(results).size).toBe(results.length);
        for (const id of results) expect(calls).toContain(id);
      }),
    );
  });

  it('tells each state as a step, and a call with its own result', () => {
    const events = encoded([
      OPENING,
      calling('Monday'),
      calling('Tuesday'),
      called('Tuesday', 'Free.'),
      called('Monday', 'Full.'),
      entering('book'),
      entering('booked'),
      CHOSEN,
      piece('Done', true),
      complete('Done'),
    ]);
    const id = (call: number) => `${INTERACTION}-${call}`;
    expect(events).toEqual([
      {
        type: 'RUN_STARTED',
        threadId: 'thread',
        runId: 'run',
        metadata: { conversation_id: RUN.conversationId, interaction_id: INTERACTION },
      },
      { type: 'TOOL_CALL_START', toolCallId: id(1), toolCallName: TOOL.tool_id },
      { type: 'TOOL_CALL_ARGS', toolCallId: id(1), delta: '{"day":"Monday"}' },
      { type: 'TOOL_CALL_END', toolCallId: id(1) },
      { type: 'TOOL_CALL_START', toolCallId: id(2), toolCallName: TOOL.tool_id },
      { type: 'TOOL_CALL_ARGS', toolCallId: id(2), delta: '{"day":"Tuesday"}' },
      { type: 'TOOL_CALL_END', toolCallId: id(2) },
      result(id(2), 'Free.'),
      result(id(1), 'Full.'),
      { type: 'STEP_STARTED', stepName: 'book' },
      { type: 'STEP_FINISHED', stepName: 'book' },
      { type: 'STEP_STARTED', stepName: 'booked' },
      { type: 'CUSTOM', name: 'agent-action', value: (CHOSEN as { action: AgentAction }).action },
      { type: 'TEXT_MESSAGE_START', messageId: ANSWER, role: 'assistant' },
      { type: 'TEXT_MESSAGE_CONTENT', messageId: ANSWER, delta: 'Done' },
      { type: 'TEXT_MESSAGE_END', messageId: ANSWER },
      { type: 'STEP_FINISHED', stepName: 'booked' },
      {
        type: 'RUN_FINISHED',
        threadId: 'thread',
        runId: 'run',
        outcome: { type: 'success' },
        result: {
          conversation_id: RUN.conversationId,
          interaction_id: INTERACTION,
          message_id: ANSWER,
          conversation_completed: false,
        },
      },
    ]);
  });

  it('is cancelled when it was stopped, and an error when it came to nothing', () => {
    expect(encoded([OPENING, piece('On', true), complete('On', { stopped: true })]).at(-1)).toMatchObject({
      type: 'RUN_FINISHED',
      outcome: { type: 'cancelled' },
    });
    expect(encoded([FAILED]).map(({ type }) => type)).toEqual(['RUN_STARTED', 'RUN_ERROR']);
    expect(encoded([FAILED]).at(-1)).toMatchObject({ code: 'turn_stopped' });
  });

  it('is a stream of server-sent events without a mark behind the last one, and breaks where the turn breaks', async () => {
    const streamOf = (events: TurnEvent[]) => {
      const text = events.map((event) => `${JSON.stringify(event)}\n`).join('\n');
      const { body } = new Response(text);
      return new Response(encodedStream(body ?? new ReadableStream(), new AgUiEncoder(RUN))).text();
    };
    const text = await streamOf([OPENING, piece('\u2028', true), complete('\u2028')]);
    const blocks = text.split('\n\n').filter((block) => block.startsWith('data: '));
    expect(blocks.map((block) => (JSON.parse(block.slice(6)) as { type: string }).type)).toEqual([
      'RUN_STARTED',
      'TEXT_MESSAGE_START',
      'TEXT_MESSAGE_CONTENT',
      'TEXT_MESSAGE_END',
      'RUN_FINISHED',
    ]);
    expect(text).not.toContain('\u2028');
    await expect(streamOf([OPENING, piece('On')])).rejects.toThrow();
  });
});

function result(toolCallId: string, content: string): AgUiEvent {
  return { type: 'TOOL_CALL_RESULT', messageId: `${toolCallId}-result`, toolCallId, role: 'tool', content };
}
