import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storedTranscript } from '../../../src/conversation/turns/stored-transcript.ts';
import { deltasOf, storedAction, timesOf } from '../../../src/conversation/turns/told.ts';
import { Transcript, type LoggedEvent } from '../../../src/conversation/turns/transcript.ts';
import type { AgentAction } from '../../../src/contract/agent-actions.ts';
import { growthOf, MAX_LINEAR_GROWTH } from '../../support/growth.ts';
import {
  alignmentOf,
  anyScript,
  CONVERSATION,
  eventsOf,
  INTERACTION,
  remade,
  ScriptedTurn,
} from './scripts.ts';

const SUBJECT = { conversation_id: CONVERSATION, interaction_id: INTERACTION };

function selected(action: string): AgentAction {
  return { type: 'navigate-state-machine-action-state-action-selected', action };
}

const COMPLETE = {
  type: 'interaction-complete',
  message_id: 'm',
  interaction_id: INTERACTION,
  full_message: 'Hello.',
  conversation_completed: false,
} as const;

describe('the log of a turn', () => {
  it('numbers its events without a hole and makes each again as it was told', () => {
    fc.assert(
      fc.property(anyScript, (script) => {
        const turn = new ScriptedTurn(script);
        const told: LoggedEvent[] = [];
        turn.transcript.onTold = (event) => told.push(event);
        turn.play();
        const { start } = turn.transcript;
        expect(told.map(({ cursor }) => cursor)).toEqual(told.map((_, index) => start + index + 1));
        expect(start).toBe(1_000_000 * ((script.run ?? 1) - 1));
        expect(eventsOf(turn.transcript)).toEqual(told);
      }),
    );
  });

  it('is made again from the stored rows and its shape, event for event', () => {
    fc.assert(
      fc.property(anyScript, (script) => {
        const turn = new ScriptedTurn(script).play();
        const whole = eventsOf(turn.transcript);
        const again = remade(turn.stored());
        expect(again.map((event) => JSON.stringify(event))).toEqual(
          whole.map((event) => JSON.stringify(event)),
        );
      }),
    );
  });

  it('has pieces that join to the whole answer, and the last of them alone says that it is the last', () => {
    fc.assert(
      fc.property(anyScript, (script) => {
        const events = eventsOf(new ScriptedTurn(script).play().transcript);
        const pieces = events.flatMap((event) => (event?.type === 'new-message' ? [event] : []));
        const complete = events.at(-1);
        const message = complete?.type === 'interaction-complete' ? complete.full_message : '';
        const said = script.isSpoken
          ? alignmentOf(events).map(([, character]) => character)
          : pieces.map((piece) => piece.message);
        expect(said.join('')).toBe(message);
        expect(pieces.map(({ stop }) => stop)).toEqual(pieces.map((_, at) => at === pieces.length - 1));
        expect(pieces.map(({ sequence_number }) => sequence_number)).toEqual(pieces.map((_, at) => at));
      }),
    );
  });

  it('marks the events of a further attempt, and those alone', () => {
    const log = new Transcript(SUBJECT);
    log.open({ message_id: 'one', text: 'Tuesday?', place: 0 });
    log.act(selected('Look.'));
    log.beginAnew();
    log.open({ message_id: 'two', text: 'Or Wednesday?', place: 1 });
    log.act(selected('Look again.'));
    const attempts = eventsOf(log).map((event) => event?.attempt);
    expect(attempts).toEqual([undefined, undefined, 2, 2]);
    expect(log.event(1)).not.toHaveProperty('attempt');
  });

  it('has cursors above all of the earlier runs in a further one, and says in each event that it is one', () => {
    const log = new Transcript(SUBJECT, 3);
    expect(log.last).toBe(2_000_000);
    log.open({ message_id: 'one', text: 'Tuesday?', place: 0 });
    log.beginAnew();
    log.say('m', 'Yes.', true);
    log.end(COMPLETE);
    expect(eventsOf(log).map((event) => [event?.cursor, event?.attempt])).toEqual([
      [2_000_001, 3],
      [2_000_002, 4],
      [2_000_003, 4],
    ]);
    expect(() => log.event(1)).toThrow(RangeError);
  });

  it('says of its last event, too, that the turn began anew with it', () => {
    const log = new Transcript(SUBJECT);
    log.say('m', '', true);
    log.beginAnew();
    log.end({ ...COMPLETE, full_message: '' });
    const stored = storedTranscript({
      conversation_id: CONVERSATION,
      interaction: { id: INTERACTION, actions: [], told: log.told(), stopped: null },
      messages: [{ id: 'm', type: 'agent-message', text: '', sequence: 1, stopped: null }],
      completed: false,
    });
    expect(eventsOf(stored)).toEqual(eventsOf(log));
  });

  it('takes nothing after its end', () => {
    const log = new Transcript(SUBJECT);
    log.say('m', 'Hello.', true);
    log.end(COMPLETE);
    expect(() => log.act(selected('Late.'))).toThrow('The turn has ended.');
    expect(() => log.say('m', 'Late.', true)).toThrow('The turn has ended.');
    expect(() => log.open({ message_id: 'u', text: 'Late.', place: 0 })).toThrow('The turn has ended.');
    expect(() => log.end(COMPLETE)).toThrow('The turn has ended.');
    expect(log.last).toBe(2);
  });

  it('has no event beyond its ends', () => {
    const log = new Transcript(SUBJECT);
    expect(() => log.event(1)).toThrow(RangeError);
    log.say('m', 'Hello.', true);
    expect(() => log.event(0)).toThrow(RangeError);
    expect(() => log.event(2)).toThrow(RangeError);
  });

  it('tells present readers a filler as it sounds, and keeps its words', () => {
    const log = new Transcript(SUBJECT);
    const told: LoggedEvent[] = [];
    log.onTold = (event) => told.push(event);
    const filler = { type: 'action-too-long' as const, previously_started_event: null };
    log.act({ ...filler, filler: 'One moment.' }, { ...filler, filler: 'UklGRg==' });
    expect(told[0]).toMatchObject({ action: { filler: 'UklGRg==' } });
    expect(log.event(1)).toMatchObject({ action: { filler: 'One moment.' } });
    expect(log.actions).toEqual([{ ...filler, filler: 'One moment.' }]);
  });

  it('costs the same for each piece of a long answer', () => {
    const tellAndRead = (pieces: number) => {
      const log = new Transcript(SUBJECT);
      log.onTold = () => undefined;
      for (let index = 0; index < pieces; index += 1) log.say('m', 'word ', index === pieces - 1);
      for (let cursor = 1; cursor <= log.last; cursor += 1) log.event(cursor);
      return log.last;
    };
    expect(growthOf(tellAndRead, 30_000)).toBeLessThan(MAX_LINEAR_GROWTH);
  });
});

describe('a stored turn', () => {
  it('is one piece where its shape was not stored', () => {
    fc.assert(
      fc.property(anyScript, (script) => {
        const turn = new ScriptedTurn({ ...script, isSpoken: false }).play();
        const stored = turn.stored({ told: null });
        const events = remade(stored);
        expect(events.filter((event) => event?.type === 'new-message')).toMatchObject([
          { message: stored.messages.at(-1)?.text, stop: true, sequence_number: 0 },
        ]);
        const actions = events.flatMap((event) =>
          event?.type === 'current-agent-action' ? [event.action] : [],
        );
        expect(actions).toEqual(stored.interaction.actions);
        const openings = events.filter((event) => event?.type === 'user-message-available');
        expect(openings).toHaveLength(Math.min(stored.messages.length - 2, 1));
      }),
    );
  });

  it('keeps its cursors when its answer was cut, and its pieces join to what is left', () => {
    fc.assert(
      fc.property(anyScript, fc.nat(40), (script, kept) => {
        const turn = new ScriptedTurn({ ...script, isSpoken: false }).play();
        const whole = turn.stored();
        const answer = (whole.messages.at(-1)?.text ?? '').slice(0, kept);
        const events = remade(turn.stored({ answer }));
        expect(events).toHaveLength(turn.transcript.last - turn.transcript.start);
        const said = events.map((event) => (event?.type === 'new-message' ? event.message : '')).join('');
        expect(said).toBe(answer);
      }),
    );
  });

  it('leaves out the actions that the bound of the row took, and keeps the cursors of the others', () => {
    const log = new Transcript(SUBJECT);
    for (let index = 0; index < 10; index += 1) log.act(selected(`Action ${index}.`));
    log.say('m', 'Hello.', true);
    const stored = storedTranscript({
      conversation_id: CONVERSATION,
      interaction: {
        id: INTERACTION,
        actions: [0, 1, 9].map((index) => selected(`Action ${index}.`)),
        told: log.told(),
        stopped: null,
      },
      messages: [{ id: 'm', type: 'agent-message', text: 'Hello.', sequence: 1, stopped: null }],
      completed: true,
    });
    const kept = eventsOf(stored).map((event) =>
      event?.type === 'current-agent-action' && 'action' in event.action ? event.action.action : event?.type,
    );
    expect(kept).toEqual([
      'Action 0.',
      'Action 1.',
      ...Array.from({ length: 7 }, () => undefined),
      'Action 9.',
      'new-message',
      'interaction-complete',
    ]);
  });

  it('says that it was stopped', () => {
    const turn = new ScriptedTurn({
      steps: [],
      pieces: [{ text: 'On Tues', samples: 0, after: [] }],
      isSpoken: false,
    }).play();
    const stored = turn.stored();
    const last = remade({ ...stored, interaction: { ...stored.interaction, stopped: 'user' } }).at(-1);
    expect(last).toMatchObject({ type: 'interaction-complete', stopped: true, full_message: 'On Tues' });
    expect(remade(stored).at(-1)).not.toHaveProperty('stopped');
  });

  it('is not made without an answer', () => {
    const stored = {
      conversation_id: CONVERSATION,
      interaction: { id: INTERACTION, actions: [], told: null, stopped: null },
      messages: [],
      completed: false,
    };
    expect(() => storedTranscript(stored)).toThrow('has no answer');
  });
});

describe('the shape of a turn', () => {
  it('takes about three bytes an event beside the text', () => {
    const log = new Transcript(SUBJECT);
    for (let index = 0; index < 33; index += 1) log.say('m', 'some words ', index === 32);
    expect(JSON.stringify(log.told()).length).toBeLessThan(160);
  });

  it('finds each action that the row keeps exactly once, in its order', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), (one, other) => {
        const [stored, told] = [Math.min(one, other), Math.max(one, other)];
        const found = Array.from({ length: told }, (_, index) => storedAction(index, told, stored));
        expect(found.filter((index) => index !== null)).toEqual(
          Array.from({ length: stored }, (_, at) => at),
        );
      }),
    );
  });

  it('keeps the times of characters as differences', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000)), (gaps) => {
        const times = timesOf(gaps);
        expect(deltasOf(times)).toEqual(gaps);
      }),
    );
  });
});
