import type { Caller } from '../../access/permissions.ts';
import type { TurnState } from '../../contract/turns.ts';
import type { Outcome } from '../../problems.ts';
import { readArriving } from '../admission-line.ts';
import type { Creation } from '../creation.ts';
import type { RepeatedCreates } from '../repeated-creates.ts';
import type { EventRequest, RepeatedCreate, ResumeRequest, TurnRequest } from '../requests.ts';
import type { Standing } from '../reservation.ts';
import { compileActionFilter } from './action-filter.ts';
import type { Interactions } from './interactions.ts';
import { Resumption, type ResumptionParts } from './resumption.ts';
import type { Recovery } from './recovery.ts';
import type { Stopping } from './stopping.ts';
import type { TurnAnswer } from './turn-answer.ts';
import { turnState, type StateParts } from './turn-state.ts';

/** A request for a turn, or for its events. */
type AnyRequest = TurnRequest | RepeatedCreate | ResumeRequest | EventRequest;

/** The parts that requests about turns are handed to. */
export interface TurnRequestParts extends ResumptionParts {
  creation: Creation;
  repeatedCreates: RepeatedCreates;
  state: StateParts;
  stopping: Stopping;
  recovery: Recovery;
}

/** Takes every request that is about a turn: one to create, one to interact, and those of its readers. */
export class TurnRequests {
  readonly #parts: TurnRequestParts;
  readonly #resumption: Resumption;

  constructor(parts: TurnRequestParts) {
    this.#parts = parts;
    this.#resumption = new Resumption(parts);
  }

  /** Takes a request as it arrives: its turn in the body, perhaps with the admission behind it. */
  async receive(request: Request): Promise<Outcome<TurnAnswer>> {
    const { turn, admitted } = await readArriving<AnyRequest>(request);
    return this.take(turn, admitted);
  }

  /**
   * Begins a turn, or joins one, and returns its stream, or the problem. A turn of a conversation that exists begins when
   * `admitted` has resolved to true.
   */
  async take(
    request: AnyRequest,
    admitted: Promise<boolean> = Promise.resolve(true),
  ): Promise<Outcome<TurnAnswer>> {
    const { creation, repeatedCreates, interactions, streams } = this.#parts;
    const filter = compileActionFilter(request.action_filter);
    if (!filter.ok) return filter;
    this.recover();
    switch (request.kind) {
      case 'create':
        return creation.create(request, filter.value);
      case 'repeated-create':
        return repeatedCreates.repeat(request, filter.value);
      case 'resume':
        return this.#resumption.resume(request, filter.value);
      case 'interact':
        return interactions.interact(request, filter.value, admitted);
      case 'events':
        return streams.read(request.caller, { ...request, filter: filter.value });
    }
  }

  /** Runs the turn again that the last process of the object left. Every request about turns meets it as running. */
  recover(): void {
    this.#parts.recovery.recover();
  }

  /** Returns whether a turn runs, and what a client needs to follow it. */
  state(caller: Caller): Promise<Outcome<TurnState>> {
    this.recover();
    return turnState(caller, this.#parts.state);
  }

  /** Stops a turn: see `Stopping.stop`. */
  stop(...question: Parameters<Stopping['stop']>): ReturnType<Stopping['stop']> {
    this.recover();
    return this.#parts.stopping.stop(...question);
  }

  /** Cuts a message: see `Stopping.truncate`. */
  truncate(...question: Parameters<Stopping['truncate']>): ReturnType<Stopping['truncate']> {
    this.recover();
    return this.#parts.stopping.truncate(...question);
  }

  /** Prepares for a recording that answers this conversation: returns the key under which it is to be stored. */
  expectRecording(
    ...question: Parameters<Interactions['expectRecording']>
  ): ReturnType<Interactions['expectRecording']> {
    return this.#parts.interactions.expectRecording(...question);
  }

  /** Returns how the conversation stands, for a create that finds it in its way: see `Creation.standing`. */
  standing(createdAt: number): Standing {
    return this.#parts.creation.standing(createdAt);
  }
}
