import { describe, expect, it, vi } from 'vitest';
import { LateModule } from '../src/late-module.ts';

describe('a module that is loaded late', () => {
  it('is not loaded before it is needed, and then once', async () => {
    const load = vi.fn(() => Promise.resolve({ answer: 42 }));
    const late = new LateModule(load);
    expect([late.module, load.mock.calls.length]).toEqual([undefined, 0]);
    const first = await late.load();
    expect([await late.load(), late.module]).toEqual([first, first]);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('is loaded by each of two requests that need it at once, so that none waits for the other', async () => {
    const waiting: ((module: object) => void)[] = [];
    const late = new LateModule(() => new Promise<object>((resolve) => waiting.push(resolve)));
    const loads = [late.load(), late.load()];
    expect(waiting).toHaveLength(2);
    waiting[1]?.({ by: 'second' });
    expect(await loads[1]).toEqual({ by: 'second' });
    waiting[0]?.({ by: 'first' });
    await loads[0];
    expect(late.module).toBeDefined();
  });

  it('is tried again after it could not be loaded', async () => {
    const load = vi.fn(() => Promise.resolve({ answer: 42 }));
    load.mockRejectedValueOnce(new Error('no such file'));
    const late = new LateModule(load);
    await expect(late.load()).rejects.toThrow('no such file');
    expect(late.module).toBeUndefined();
    expect(await late.load()).toEqual({ answer: 42 });
  });
});
