/** Scripts of turns for properties: what is told, in any order that a turn can tell it in. */
import fc from 'fast-check';
import type { AgentAction } from '../../../src/contract/agent-actions.ts';
import type { AlignedCharacter } from '../../../src/speech/alignment.ts';
import { deltasOf, timesOf, type Told } from '../../../src/conversation/turns/told.ts';
import { storedTranscript, type StoredTurn } from '../../../src/conversation/turns/stored-transcript.ts';
import { Transcript, type LoggedEvent, type Sound } from '../../../src/conversation/turns/transcript.ts';

export const CONVERSATION = 'c'.repeat(24);
export const INTERACTION = 'a'.repeat(24);
const ANSWER = 'e'.repeat(24);

export type Step =
  | { kind: 'open'; text: string; untold: number; type: 'user-message' | 'external-event' }
  | { kind: 'act'; action: AgentAction }
  | { kind: 'anew' };

/** A turn: what happens before the answer, and the answer's pieces. Some actions come between the pieces. */
export interface Script {
  steps: Step[];
  pieces: { text: string; samples: number; after: AgentAction[] }[];
  isSpoken: boolean;
  /** The run, from 1, in which all of this is told: more than 1 after a crash. */
  run?: number;
}

const text = fc.string({
  unit: fc.constantFrom('a', ' ', 'ü', '\u2028', '😀', '"', '\n', 'é'),
  maxLength: 9,
});

const action: fc.Arbitrary<AgentAction> = fc.oneof(
  fc.record({
    type: fc.constant('navigate-state-machine-action-state-action-selected' as const),
    action: text,
  }),
  fc.record({
    type: fc.constant('navigate-state-machine-reflection-state-reflection-generated' as const),
    reflection: text,
  }),
  fc.record({
    type: fc.constant('navigate-state-machine-annotation-state-annotation-retrieved' as const),
    annotation: text,
  }),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('act' as const), action }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('open' as const),
      text,
      untold: fc.nat(2),
      type: fc.constantFrom('user-message' as const, 'external-event' as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'anew' as const }) },
);

export const anyScript: fc.Arbitrary<Script> = fc.record({
  steps: fc.array(step, { maxLength: 12 }),
  pieces: fc.array(fc.record({ text, samples: fc.nat(5), after: fc.array(action, { maxLength: 1 }) }), {
    minLength: 1,
    maxLength: 8,
  }),
  isSpoken: fc.boolean(),
  run: fc.constantFrom(1, 1, 2, 3),
});

/** A turn on its way, and what would be stored of it. */
export class ScriptedTurn {
  readonly transcript: Transcript;
  readonly #script: Script;
  readonly #received: { id: string; type: 'user-message' | 'external-event'; text: string }[] = [];
  readonly #sounds: Sound[] = [];
  #answer = '';

  constructor(script: Script) {
    this.#script = script;
    const subject = { conversation_id: CONVERSATION, interaction_id: INTERACTION };
    this.transcript = new Transcript(subject, script.run);
  }

  /** Tells everything; `between` is called before each step. */
  play(between: () => void = () => undefined): this {
    for (const one of this.#script.steps) {
      between();
      this.#step(one);
    }
    const { pieces, isSpoken } = this.#script;
    for (const [index, piece] of pieces.entries()) {
      between();
      const final = index === pieces.length - 1;
      this.#answer += piece.text;
      if (isSpoken) this.#sound(piece, final);
      else this.transcript.say(ANSWER, piece.text, final);
      if (!final) for (const told of piece.after) this.transcript.act(told);
    }
    between();
    this.transcript.end({
      type: 'interaction-complete',
      message_id: ANSWER,
      interaction_id: INTERACTION,
      full_message: this.#answer,
      conversation_completed: false,
    });
    between();
    return this;
  }

  #step(one: Step): void {
    if (one.kind === 'act') this.transcript.act(one.action);
    else if (one.kind === 'anew') this.transcript.beginAnew();
    else {
      for (let count = 0; count < one.untold; count += 1) this.#receive('external-event', 'Elsewhere.');
      const message_id = this.#receive(one.type, one.text);
      this.transcript.open({ message_id, text: one.text, place: this.#received.length - 1 });
    }
  }

  #receive(type: 'user-message' | 'external-event', said: string): string {
    const id = this.#received.length.toString(16).padStart(24, '0');
    this.#received.push({ id, type, text: said });
    return id;
  }

  #sound(piece: { text: string; samples: number }, final: boolean): void {
    const begun = this.#sounds.reduce((sum, { samples }) => sum + samples.length, 0);
    const samples = Int16Array.from({ length: piece.samples }, (_, index) => (begun + index) * 7);
    const times = Array.from(piece.text, (_, index) => begun + index);
    this.#sounds.push({ samples, times });
    this.transcript.sound(ANSWER, piece.text, { samples, times }, final);
  }

  /** Returns the stored turn, after its values went through JSON. */
  stored(changes: { told?: Told | null; actions?: AgentAction[]; answer?: string } = {}): StoredTurn {
    const { told = this.transcript.told(), answer = this.#answer } = changes;
    const actions = changes.actions ?? [...this.transcript.actions];
    const messages = [
      ...this.#received,
      { id: 'f'.repeat(24), type: 'agent-inner-thought' as const, text: 'Hm.' },
      { id: ANSWER, type: 'agent-message' as const, text: answer },
    ];
    const spoken = {
      samples: Int16Array.from(this.#sounds.flatMap(({ samples }) => [...samples])),
      times: timesOf(deltasOf(this.#sounds.flatMap(({ times }) => [...(times ?? [])]))),
    };
    return {
      conversation_id: CONVERSATION,
      interaction: {
        id: INTERACTION,
        actions: JSON.parse(JSON.stringify(actions)) as AgentAction[],
        told: JSON.parse(JSON.stringify(told)) as Told | null,
        stopped: null,
      },
      messages: messages.map((message, index) => ({ ...message, sequence: index + 1, stopped: null })),
      completed: false,
      ...(this.#script.isSpoken && { spoken }),
    };
  }
}

/** All events of a log, in order. */
export function eventsOf(transcript: Transcript): (LoggedEvent | null)[] {
  const { start, last } = transcript;
  return Array.from({ length: last - start }, (_, index) => transcript.event(start + index + 1));
}

/** The log made again from what is stored. */
export function remade(turn: StoredTurn): (LoggedEvent | null)[] {
  return eventsOf(storedTranscript(turn));
}

/** The characters and times that the pieces of an answer align. */
export function alignmentOf(events: readonly (LoggedEvent | null)[]): AlignedCharacter[] {
  return events.flatMap((event) => (event?.type === 'new-message' ? (event.transcript_alignment ?? []) : []));
}
