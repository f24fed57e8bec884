/** Faults of what surrounds an object: methods that fail, hang, or wait until a test lets them go on. */
import { runInDurableObject } from 'cloudflare:test';
import { vi } from 'vitest';
import { conversationObject } from './client.ts';

type Call = (this: unknown, ...args: unknown[]) => unknown;

/** Time that a test waits for an event that comes soon: long, because other work may delay the machine. */
export const PATIENT = { timeout: 15_000 } as const;

/** A fault that lasts until it is ended. */
export interface Fault {
  /** Number of calls that met the fault. */
  calls: () => number;
  end: () => void;
}

/** Replaces a method of a class, or of a binding, by what `make` makes of it. */
function replaced(target: object, method: string, make: (original: Call) => Call): Fault {
  const original = Reflect.get(target, method) as Call;
  const spy = vi.spyOn(target as Record<string, Call>, method).mockImplementation(make(original));
  return { calls: () => spy.mock.calls.length, end: () => spy.mockRestore() };
}

/** Every call fails. */
export function failing(target: object, method: string): Fault {
  return replaced(target, method, () => () => {
    throw new Error(`${method} is down`);
  });
}

/** No call is ever answered. */
export function hanging(target: object, method: string): Fault {
  return replaced(target, method, () => () => new Promise(() => undefined));
}

/** Every call is carried out when the fault is ended. */
export function delayed(target: object, method: string): Fault {
  const over = new AbortController();
  const fault = replaced(
    target,
    method,
    (original) =>
      async function wait(this: unknown, ...args) {
        // An object may not wait for a promise of the test, so it looks from time to time.
        while (!over.signal.aborted) await scheduler.wait(5);
        return original.apply(this, args);
      },
  );
  return {
    calls: fault.calls,
    end: () => {
      over.abort();
      fault.end();
    },
  };
}

/** Every call is carried out, and then its answer is lost. */
export function unanswered(target: object, method: string): Fault {
  return replaced(
    target,
    method,
    (original) =>
      function lose(this: unknown, ...args) {
        original.apply(this, args);
        throw new Error(`The answer of ${method} was lost.`);
      },
  );
}

/** Waits of at least a second take a hundredth of it, so that a test can meet the deadlines of others. */
export function hurried(): Fault {
  return replaced(globalThis, 'setTimeout', (original) => (work, ms = 0, ...args) => {
    const wait = Number(ms);
    return original.call(globalThis, work, wait >= 1_000 ? wait / 100 : wait, ...args);
  });
}

/** When the alarm of a conversation is due, in milliseconds since 1970; `null` when none is set. */
export function alarmOf(id: string): Promise<number | null> {
  return runInDurableObject(conversationObject(id), (_instance, { storage }) => storage.getAlarm());
}
