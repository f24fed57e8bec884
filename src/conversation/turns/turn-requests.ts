import type { Caller } from '../../access/permissions.ts';
import { compileActionFilter } from './action-filter.ts';
import type { Outcome } from '../../problems.ts';
import type { ConversationAccess } from '../access.ts';
import { Creation } from '../creation.ts';
import type { Foundation } from '../foundation.ts';
import type { TurnRequest } from '../requests.ts';
import type { Standing } from '../reservation.ts';
import type { Surroundings } from '../surroundings.ts';
import { Interactions } from './interactions.ts';
import type { RunningTurn } from './running-turn.ts';
import { TurnRunner } from './turn-runner.ts';
import { Voice } from './voice.ts';

/** Takes every request that is about a turn: one to create, one to interact, and the recording of a message. */
export class TurnRequests {
  readonly #creation: Creation;
  readonly #interactions: Interactions;

  constructor(
    foundation: Foundation,
    { speech, ...outside }: Surroundings,
    access: ConversationAccess,
    running: RunningTurn,
  ) {
    const { registry, waitUntil } = foundation;
    const turns = { ...foundation, ...outside, voice: new Voice(registry, speech) };
    const runner = new TurnRunner({ ...foundation, turns, running });
    this.#creation = new Creation({ ...foundation, running, runner, turns });
    this.#interactions = new Interactions({ waitUntil, access, runner, turns });
  }

  /** Begins a turn and returns its stream, or the problem. */
  async take(request: TurnRequest): Promise<Outcome<ReadableStream<Uint8Array>>> {
    const filter = compileActionFilter(request.action_filter);
    if (!filter.ok) return filter;
    return request.kind === 'create'
      ? this.#creation.create(request, filter.value)
      : this.#interactions.interact(request, filter.value);
  }

  /** Prepares for a recording that answers this conversation: returns the key under which it is to be stored. */
  expectRecording(caller: Caller): Promise<Outcome<{ key: string }>> {
    return this.#interactions.expectRecording(caller);
  }

  /** Returns how the conversation of this identifier stands, for a create that finds it in its way. */
  standing(id: string): Standing {
    return this.#creation.standing(id);
  }
}
