import type { Caller } from '../../access/permissions.ts';
import type { TurnState } from '../../contract/turns.ts';
import type { Outcome } from '../../problems.ts';
import type { Creation } from '../creation.ts';
import type { EventRequest, TurnRequest } from '../requests.ts';
import type { Standing } from '../reservation.ts';
import { compileActionFilter } from './action-filter.ts';
import type { Interactions } from './interactions.ts';
import type { TurnAnswer } from './turn-answer.ts';
import { turnState, type StateParts } from './turn-state.ts';
import type { TurnStreams } from './turn-streams.ts';

/** The parts that requests about turns are handed to. */
export interface TurnRequestParts {
  creation: Creation;
  interactions: Interactions;
  streams: TurnStreams;
  state: StateParts;
}

/** Takes every request that is about a turn: one to create, one to interact, and those of its readers. */
export class TurnRequests {
  readonly #parts: TurnRequestParts;

  constructor(parts: TurnRequestParts) {
    this.#parts = parts;
  }

  /** Begins a turn, or joins one, and returns its stream, or the problem. */
  async take(request: TurnRequest | EventRequest): Promise<Outcome<TurnAnswer>> {
    const { creation, interactions, streams } = this.#parts;
    const filter = compileActionFilter(request.action_filter);
    if (!filter.ok) return filter;
    switch (request.kind) {
      case 'create':
        return creation.create(request, filter.value);
      case 'interact':
        return interactions.interact(request, filter.value);
      case 'events':
        return streams.read(request.caller, { ...request, filter: filter.value });
    }
  }

  /** Returns whether a turn runs, and what a client needs to follow it. */
  state(caller: Caller): Promise<Outcome<TurnState>> {
    return turnState(caller, this.#parts.state);
  }

  /** Prepares for a recording that answers this conversation: returns the key under which it is to be stored. */
  expectRecording(caller: Caller): Promise<Outcome<{ key: string }>> {
    return this.#parts.interactions.expectRecording(caller);
  }

  /** Returns how the conversation of this identifier stands, for a create that finds it in its way. */
  standing(id: string): Standing {
    return this.#parts.creation.standing(id);
  }
}
