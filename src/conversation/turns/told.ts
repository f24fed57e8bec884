/**
 * The shape of a turn's event stream, as it is stored. What the events say is in the rows of the messages and of the
 * interaction already, so that only their order and their cuts are kept: about 100 bytes a turn.
 */

/**
 * One event: -1 an opening, -2 the next stored action, n >= 0 the next n UTF-16 units of a written answer, and
 * `[samples, characters]` the next samples of a spoken answer with as many characters (code points) of its text.
 */
export type ToldEvent = number | [samples: number, characters: number];

export const TOLD_OPENING = -1;
export const TOLD_ACTION = -2;

/** The events of one turn, without the last one: `interaction-complete` is made of the interaction itself. */
export interface Told {
  events: ToldEvent[];
  /** For each opening its place, from 0, among the messages that the interaction received. */
  openings: number[];
  /**
   * The cursors of the events that began a further attempt; empty for nearly every turn. Those of a further run after a
   * crash come first: they tell the run.
   */
  attempts: number[];
}

/**
 * Cursors of a run begin this far above those of the run before it. Events that a crash has taken are not known any
 * more: with a cursor of theirs, a reader gets all events of the new run.
 */
const CURSORS_PER_RUN = 1_000_000;

/** Returns the cursor before the first event of a run, which counts from 1. */
export function cursorBeforeRun(run: number): number {
  return (run - 1) * CURSORS_PER_RUN;
}

/** Returns the run, from 1, in which a turn was told. */
export function runOf({ attempts }: Told): number {
  return 1 + Math.floor((attempts.at(-1) ?? 0) / CURSORS_PER_RUN);
}

/** Returns the shape of an interaction that was stored before shapes were: its last message, its actions, one piece. */
export function untold(received: number, actions: number): Told {
  const opening = received === 0 ? [] : [TOLD_OPENING];
  return {
    events: [...opening, ...Array.from({ length: actions }, () => TOLD_ACTION), Infinity],
    openings: received === 0 ? [] : [received - 1],
    attempts: [],
  };
}

/**
 * Returns which stored action is the `index`th of `told` actions, when only `stored` of them are kept: the first and the
 * last ones, as the bound of the row leaves them. `null` for one that was left out.
 */
export function storedAction(index: number, told: number, stored: number): number | null {
  if (index < Math.ceil(stored / 2)) return index;
  const fromEnd = told - index;
  return fromEnd <= Math.floor(stored / 2) ? stored - fromEnd : null;
}

/** Returns times that never fall (milliseconds) as the differences between them: short as JSON. */
export function deltasOf(times: readonly number[]): number[] {
  return times.map((time, index) => time - (times[index - 1] ?? 0));
}

/** Returns the times of their differences. */
export function timesOf(deltas: readonly number[]): number[] {
  let time = 0;
  return deltas.map((delta) => (time += delta));
}
