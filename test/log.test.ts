/** Log lines of errors: in full in development, and without any text of users in production. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { logError, logErrorsInFull } from '../src/log.ts';

let calls: string[][] = [];

beforeEach(() => {
  calls = [];
  vi.spyOn(console, 'error').mockImplementation(
    (...parts: unknown[]) => void calls.push(parts.map((part) => String(part))),
  );
});

afterEach(() => {
  // What src/index.ts has set from the environment of the tests.
  logErrorsInFull(true);
  vi.restoreAllMocks();
});

const failed = () =>
  new TypeError('the user said swordfish', { cause: new RangeError('the provider said marlin') });
const lineOf = (call = calls[0]) => JSON.parse(call?.[0] ?? '') as Record<string, unknown>;

describe('in production', () => {
  it.each([
    ['an error with a cause', failed()],
    ['an error without a stack', Object.assign(new Error('swordfish'), { stack: undefined })],
    ['an error whose message has lines of its own', new Error('swordfish\nmarlin\n  swordfish')],
    ['a text', 'swordfish'],
    ['an object', { swordfish: 'marlin' }],
  ])('an error is logged with a stable code and a place, and without its message: %s', (_name, error) => {
    logErrorsInFull(false);
    logError('turn_failed', error, { request_id: 'r1' });
    expect(calls.length).toBe(1);
    expect(calls[0]?.length).toBe(1);
    expect(lineOf()).toMatchObject({ level: 'error', event: 'turn_failed', request_id: 'r1' });
    expect(calls.flat().join()).not.toMatch(/swordfish|marlin/);
  });

  it('an error is logged with the place where it was thrown', () => {
    logErrorsInFull(false);
    logError('turn_failed', failed());
    const { error, at } = lineOf() as { error: string; at: string[] };
    expect(error).toBe('TypeError');
    expect(at[0]).toContain('log.test.ts');
  });
});

describe('in development', () => {
  it('an error is logged with its message, its causes and its stacks', () => {
    logErrorsInFull(true);
    logError('turn_failed', failed(), { request_id: 'r1' });
    expect(lineOf()).toMatchObject({
      event: 'turn_failed',
      request_id: 'r1',
      message: 'the user said swordfish',
      causes: ['the provider said marlin'],
    });
    const [, stack = ''] = calls[0] ?? [];
    expect(stack).toMatch(/^\nTypeError: the user said swordfish\n {4}at .*log\.test\.ts/);
    expect(stack).toMatch(/\nCaused by: RangeError: the provider said marlin\n {4}at .*log\.test\.ts/);
  });

  it('an error that is its own cause is logged once more only', () => {
    logErrorsInFull(true);
    const error = new Error('round');
    error.cause = error;
    logError('turn_failed', error);
    expect((lineOf().causes as string[]).length).toBe(4);
  });

  it('a thrown value that is not an error is logged', () => {
    logErrorsInFull(true);
    logError('turn_failed', 'a text');
    expect(lineOf()).toMatchObject({ error: 'string', message: 'a text', causes: [] });
  });
});
