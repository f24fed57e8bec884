import type { StreamEvent } from '../src/contract/stream.ts';
import { pathsOf, placeAt, type Place } from './path.ts';
import type { RecordedTurn, TurnsAnswer } from '../src/contract/workbench.ts';

/** An event as it came. `at` is in milliseconds since its turn was asked for. */
export interface TimedEvent {
  at: number;
  event: StreamEvent;
}

/** The turns of one conversation as they were loaded, and the way of each through the graphs. */
export class Playback {
  /** The newest first. */
  #turns: RecordedTurn[] = [];
  #paths: Place[][] = [];
  #replay: TurnsAnswer | null = null;
  /** Events with their times, of the turns that this page watched. */
  readonly #watched = new Map<string, TimedEvent[]>();

  /** The conversation as it stands; `null` before one is open. */
  get conversation(): TurnsAnswer | null {
    return this.#replay;
  }

  /** The numbers of the turns that are loaded; `last` is below `first` when there are none. */
  get first(): number {
    return this.#turns.at(-1)?.number ?? 1;
  }

  get last(): number {
    return this.#turns[0]?.number ?? 0;
  }

  get position(): Place | null {
    return this.#replay === null ? null : placeAt(this.#replay.position.graph, this.#replay.position.state);
  }

  clear(): void {
    this.#turns = [];
    this.#paths = [];
    this.#replay = null;
  }

  /** Takes the newest page, or `earlier` a page behind those that are loaded. */
  take(page: TurnsAnswer, earlier = false): void {
    const newest = earlier && this.#replay !== null ? this.#replay : page;
    this.#replay = { ...newest, has_more: page.has_more, continuation_token: page.continuation_token };
    this.#turns = earlier ? [...this.#turns, ...page.turns] : page.turns;
    this.#paths = pathsOf(this.#turns, placeAt(newest.position.graph, newest.position.state));
  }

  turn(number: number): RecordedTurn | null {
    return this.#turns.find((turn) => turn.number === number) ?? null;
  }

  numberOf(interaction: string): number | null {
    return this.#turns.find(({ interaction_id }) => interaction_id === interaction)?.number ?? null;
  }

  path(number: number): Place[] {
    return this.#paths[this.#turns.findIndex((turn) => turn.number === number)] ?? [];
  }

  watched(interaction: string): readonly TimedEvent[] | null {
    return this.#watched.get(interaction) ?? null;
  }

  watch(interaction: string, events: TimedEvent[]): void {
    this.#watched.set(interaction, events);
  }
}

/** Returns the events of a turn that this page did not watch: the actions that its record keeps. */
export function recordedEvents({ actions }: RecordedTurn): StreamEvent[] {
  return actions.map((action) => ({ type: 'current-agent-action', action }));
}
