import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { embeddedReasoner } from '../src/agent/embedded/embedded.ts';
import { whileWaiting } from '../src/agent/fillers.ts';
import type { Walk } from '../src/agent/walk.ts';
import { inTime, pause, settlesAtOnce, untilAborted, withDeadline } from '../src/deadline.ts';
import { actionState } from './support/organization.ts';
import { graphOf } from './support/scripted-turn.ts';
import { situation } from './agent/language-model/situations.ts';
import { LiveTimers } from './support/timers.ts';

const never = () => new Promise<never>(() => undefined);
const broken = () => Promise.reject(new Error('broken'));

let timers: LiveTimers;
let turn: AbortController;

beforeEach(() => {
  timers = new LiveTimers(0.01);
  turn = new AbortController();
});

afterEach(async () => {
  const left = await timers.settled();
  vi.restoreAllMocks();
  expect(left).toEqual([]);
});

describe('work with a deadline', () => {
  it('returns its result, or throws its error', async () => {
    expect(await inTime(60_000, Promise.resolve(1))).toBe(1);
    expect(await withDeadline(60_000, () => Promise.resolve(1))).toBe(1);
    await expect(inTime(60_000, broken())).rejects.toThrow('broken');
    await expect(withDeadline(60_000, broken)).rejects.toThrow('broken');
    await expect(
      withDeadline(60_000, () => {
        throw new Error('at once');
      }),
    ).rejects.toThrow('at once');
  });

  it('ends with a TimeoutError, or with an error of its own', async () => {
    await expect(inTime(1_000, never())).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect(withDeadline(1_000, never)).rejects.toMatchObject({ name: 'TimeoutError' });
    const late = () => new Error('late');
    await expect(inTime(1_000, never(), late)).rejects.toThrow('late');
    await expect(withDeadline(1_000, never, { late })).rejects.toThrow('late');
  });

  it('has a signal that aborts at the deadline, at the end of the larger work, and when it is done', async () => {
    const reasons: unknown[] = [];
    const watch = (work: () => Promise<unknown>) => (signal: AbortSignal) => {
      signal.addEventListener('abort', () => reasons.push((signal.reason as Error).name));
      return work();
    };
    await withDeadline(1_000, watch(never)).catch(() => undefined);
    await withDeadline(
      60_000,
      watch(() => Promise.resolve(1)),
    );
    const ended = withDeadline(60_000, watch(never), { within: turn.signal });
    turn.abort(new RangeError('over'));
    await expect(ended).rejects.toThrow('over');
    expect(reasons).toEqual(['TimeoutError', 'AbortError', 'RangeError']);
    const begin = vi.fn(never);
    await expect(withDeadline(60_000, begin, { within: turn.signal })).rejects.toThrow('over');
    expect(begin).not.toHaveBeenCalled();
  });
});

describe('a pause', () => {
  it('ends after its time, or with the signal of its turn', async () => {
    await pause(1_000, turn.signal);
    const pausing = pause(60_000, turn.signal);
    turn.abort(new Error('over'));
    await expect(pausing).rejects.toThrow('over');
    await expect(pause(60_000, turn.signal)).rejects.toThrow('over');
  });
});

describe('a wait until a signal aborts', () => {
  it('returns the result of its work, or throws its error', async () => {
    expect(await untilAborted(Promise.resolve(1), turn.signal)).toBe(1);
    await expect(untilAborted(broken(), turn.signal)).rejects.toThrow('broken');
    turn.abort(new Error('over'));
    await expect(untilAborted(Promise.resolve(1), turn.signal)).rejects.toThrow('over');
    await expect(untilAborted(broken(), turn.signal)).rejects.toThrow('over');
  });

  it('ends every wait that is pending when the signal aborts', async () => {
    const waits = Promise.allSettled([
      untilAborted(never(), turn.signal),
      untilAborted(never(), turn.signal),
      untilAborted(Promise.resolve(1), turn.signal),
    ]);
    await Promise.resolve();
    turn.abort(new Error('over'));
    expect((await waits).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  });

  it('adds one listener to a signal, however many waits follow each other', async () => {
    const listen = vi.spyOn(turn.signal, 'addEventListener');
    for (let wait = 0; wait < 100; wait += 1) await untilAborted(Promise.resolve(wait), turn.signal);
    expect(listen).toHaveBeenCalledTimes(1);
  });
});

describe('waiting inside a turn ends with the turn', () => {
  it('fillers end with the turn', async () => {
    const walk = { input: { signal: turn.signal }, fillersSent: 0 } as unknown as Walk;
    const fillers = { texts: ['One moment.'], afterSeconds: 60 };
    const waiting = whileWaiting(walk, never(), fillers, { type: 'x' } as never).next();
    turn.abort(new Error('over'));
    await expect(waiting).rejects.toThrow('over');
  });

  it('the pause of the embedded agent ends with the turn', async () => {
    const state = actionState('start', ['Say: "One. Two. Three. Four."'], []);
    const at = { ...situation(), graph: graphOf([state]), signal: turn.signal };
    const steps = embeddedReasoner({ paceMs: 500 }).engage(at, state, { choosing: [], engaging: [] });
    await steps.next([]);
    await steps.next([]);
    const next = steps.next([]);
    turn.abort(new Error('over'));
    await expect(next).rejects.toThrow('over');
  });
});

/** Passes what it gets through so many generators. */
async function* passed(depth: number, source: AsyncIterable<string>): AsyncGenerator<string, void> {
  yield* depth === 0 ? source : passed(depth - 1, source);
}

async function* waitingSource(ms: number): AsyncGenerator<string, void> {
  if (ms > 0) await pause(ms);
  else await Promise.resolve();
  yield 'x';
}

describe('work that may settle at once', () => {
  it('does when its data are there, behind a dozen generators too, and when it fails', async () => {
    expect(await settlesAtOnce(Promise.resolve(1))).toBe(true);
    expect(await settlesAtOnce(broken())).toBe(true);
    expect(await settlesAtOnce(passed(12, waitingSource(0)).next())).toBe(true);
  });

  it('does not when it waits, and goes on', async () => {
    expect(await settlesAtOnce(never())).toBe(false);
    const waiting = passed(12, waitingSource(1)).next();
    expect(await settlesAtOnce(waiting)).toBe(false);
    expect((await waiting).value).toBe('x');
  });
});
