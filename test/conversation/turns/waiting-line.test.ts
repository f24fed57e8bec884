import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MAX_WAIT_MS, MAX_WAITING, WaitingLine } from '../../../src/conversation/turns/waiting-line.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function lineOf(late: (entry: string) => void = () => undefined): WaitingLine<string> {
  return new WaitingLine({ late });
}

describe('the line of those who wait for a turn to end', () => {
  it('takes eight, and not the ninth', () => {
    const line = lineOf();
    for (let index = 0; index < MAX_WAITING; index += 1) expect(line.join(`r${index}`)).toBe(true);
    expect(line.isFull).toBe(true);
    expect(line.join('ninth')).toBe(false);
    expect(line.length).toBe(MAX_WAITING);
    line.leave('r3');
    expect(line.join('ninth')).toBe(true);
  });

  it('gives all that wait together, in the order of their arrival, and no timer is left', () => {
    const line = lineOf();
    line.join('a');
    line.join('b');
    line.join('c');
    expect(line.takeTogether()).toEqual(['a', 'b', 'c']);
    expect(line.length).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives those at the head that fit the first, and keeps the order of the others', () => {
    const line = lineOf();
    for (const entry of ['text 1', 'text 2', 'voice 1', 'text 3']) line.join(entry);
    const sameFormat = (first: string, next: string) => first.slice(0, 4) === next.slice(0, 4);
    expect(line.takeTogether(sameFormat)).toEqual(['text 1', 'text 2']);
    expect(line.takeTogether(sameFormat)).toEqual(['voice 1']);
    expect(line.takeTogether(sameFormat)).toEqual(['text 3']);
    expect(line.takeTogether(sameFormat)).toEqual([]);
  });

  it('lets each wait for a minute of its own, and then tells that it is late', () => {
    const late: string[] = [];
    const line = lineOf((entry) => late.push(entry));
    line.join('first');
    vi.advanceTimersByTime(MAX_WAIT_MS / 2);
    line.join('second');
    vi.advanceTimersByTime(MAX_WAIT_MS / 2 - 1);
    expect(late).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(late).toEqual(['first']);
    expect(line.takeTogether()).toEqual(['second']);
    vi.advanceTimersByTime(MAX_WAIT_MS);
    expect(late).toEqual(['first']);
  });

  it('finds an entry without taking it, and lets one leave once', () => {
    const line = lineOf();
    line.join('a');
    line.join('b');
    expect(line.find((entry) => entry > 'a')).toBe('b');
    expect(line.find((entry) => entry > 'b')).toBeNull();
    expect(line.length).toBe(2);
    expect(line.leave('a')).toBe(true);
    expect(line.leave('a')).toBe(false);
    expect(line.join('b')).toBe(false);
    expect(vi.getTimerCount()).toBe(1);
  });

  it('gives each entry exactly one end, whatever happens', () => {
    const event = fc.oneof(
      fc.record({ kind: fc.constant('join' as const), entry: fc.nat(20).map(String) }),
      fc.record({ kind: fc.constant('leave' as const), entry: fc.nat(20).map(String) }),
      fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(MAX_WAIT_MS) }),
      fc.record({ kind: fc.constant('take' as const) }),
    );
    fc.assert(
      fc.property(fc.array(event), (events) => {
        let [joined, ended] = [0, 0];
        const line = lineOf(() => (ended += 1));
        for (const one of events) {
          if (one.kind === 'join') joined += Number(line.join(one.entry));
          else if (one.kind === 'leave') ended += Number(line.leave(one.entry));
          else if (one.kind === 'pass') vi.advanceTimersByTime(one.ms);
          else ended += line.takeTogether().length;
          expect(line.length).toBe(joined - ended);
          expect(line.length).toBeLessThanOrEqual(MAX_WAITING);
          expect(vi.getTimerCount()).toBe(line.length);
        }
        line.takeTogether();
      }),
    );
  });
});
