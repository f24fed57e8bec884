/** Providers keep the begin of a prompt: it is the same in consecutive turns, and what changes comes behind it. */
import { describe, expect, it } from 'vitest';
import { moment } from '../../../src/agent/language-model/prompts/moment.ts';
import { hiddenMessages } from '../../../src/agent/language-model/prompts/data.ts';
import * as prompts from '../../../src/agent/language-model/prompts.ts';
import { alignedWindow, estimateTokens } from '../../../src/agent/language-model/window.ts';
import type { Utterance } from '../../../src/agent/reasoner.ts';
import { askDay, goodbye, situation, tool, triage } from './situations.ts';

const said = (count: number, words = 20): Utterance[] =>
  Array.from({ length: count }, (_, index) => ({
    by: index % 2 === 0 ? 'user' : 'agent',
    text: `message ${index} ${'word '.repeat(words)}`,
  }));

function turn(count: number, options: { words?: number; read?: number; now?: number } = {}) {
  const { words = 20, read = 400, now = Date.UTC(2026, 10, 25, 21, 5) } = options;
  const all = said(count, words);
  const history = all.slice(-read);
  return situation({
    history,
    historyStart: all.length - history.length,
    clock: { now, timezone: 'Europe/Berlin' },
    input: [{ by: 'user', text: `What about number ${count}?` }],
  });
}

const textOf = (at: ReturnType<typeof turn>) =>
  prompts
    .engagePrompt(at, askDay)
    .map(({ role, content }) => `[${role}]${content ?? ''}`)
    .join('\n');

function commonLength(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

describe('the prompt of a turn', () => {
  it('begins like that of the turn before, up to what was new in that turn', () => {
    for (const count of [0, 2, 10, 60]) {
      const before = textOf(turn(count));
      const after = textOf(turn(count + 2, { now: Date.UTC(2026, 10, 26, 8, 0) }));
      const end = count === 0 ? before.indexOf('<now>') : before.indexOf('</conversation>');
      expect(commonLength(before, after)).toBeGreaterThanOrEqual(end);
    }
  });

  it('begins so in most turns of a conversation that is longer than its window, too', () => {
    let kept = 0;
    for (let count = 1_000; count < 1_064; count += 2) {
      const [before, after] = [textOf(turn(count)), textOf(turn(count + 2))];
      if (commonLength(before, after) >= before.indexOf('</conversation>')) kept += 1;
    }
    // Of 32 turns, four move the window by 16 messages.
    expect(kept).toBeGreaterThanOrEqual(28);
  });

  it('has the same instructions whatever was said, known and done', () => {
    const [system] = prompts.engagePrompt(turn(10), askDay);
    const other = situation({
      user: { name: 'Bo', model: 'Likes tea.' },
      position: { ...situation().position, performed: [0, 1], answers: { a: 'b' } },
      workingMemory: [{ content: 'x', context: 'y' }],
      behavior: { instructions: ['Be brief'], overriding: false },
    });
    expect(prompts.engagePrompt(other, askDay)[0]).toEqual(system);
  });

  it('tells the time of the user behind all that stays the same', () => {
    const [system, user] = prompts.engagePrompt(turn(10), askDay);
    const now = 'It is now Wednesday, 25 November 2026 at 22:05';
    expect(system?.content).not.toContain('2026');
    expect(user?.content?.indexOf(now)).toBeGreaterThan(user?.content?.indexOf('</now>') ?? 0);
    expect(user?.content).toContain('Europe/Berlin');
  });
});

describe('the time of the user', () => {
  const now = Date.UTC(2026, 11, 31, 23, 30);
  it.each<[string | null, string]>([
    ['Asia/Tokyo', 'Friday, 1 January 2027 at 08:30'],
    ['America/New_York', 'Thursday, 31 December 2026 at 18:30'],
    [null, 'Thursday, 31 December 2026 at 23:30'],
    ['No/Where', 'Thursday, 31 December 2026 at 23:30'],
  ])('in %s is %s', (timezone, words) => {
    expect(moment({ now, timezone })[0]).toContain(words);
  });

  it('stands in the prompts of every state', () => {
    const at = turn(2);
    const reflection = {
      type: 'reflection' as const,
      name: 'think',
      problem: 'How is the user?',
      word_limit: 20,
      next_state: 'end',
      tool_call_specs: [],
      audio_fillers: [],
      audio_filler_triggered_after: 1,
    };
    for (const prompt of [
      prompts.engagePrompt(at, goodbye),
      prompts.decidePrompt(at, triage),
      prompts.reflectPrompt(at, reflection),
      prompts.recallQueriesPrompt(at, 'their pets'),
      prompts.recommendPrompt(at, askDay, ''),
      prompts.selectBehaviorPrompt(at, [{ name: 'anger', triggers: ['Damn'] }]),
    ]) {
      expect(prompt.at(-1)?.content).toContain('25 November 2026');
    }
    expect(tool('x').name).toBe('x');
  });
});

describe('the window of the history', () => {
  it('moves in steps of 16 messages, and keeps most of what fits', () => {
    const limits = { tokens: 4_000, entryTokens: 500 };
    const starts = new Set<number>();
    for (let count = 200; count < 264; count += 1) {
      const { kept, omitted } = alignedWindow(said(count), limits, 0);
      starts.add(omitted);
      expect(omitted % 16).toBe(0);
      expect(kept).toHaveLength(count - omitted);
    }
    expect(starts.size).toBeLessThanOrEqual(5);
  });

  it('begins at the same message however many messages before it were read', () => {
    const hidden = (read: number) => hiddenMessages(turn(1_000, { read, words: 80 }), null);
    expect(hidden(400)).toBe(hidden(300));
  });

  it('keeps the newest of messages that are long', () => {
    const { kept } = alignedWindow(said(50, 900), { tokens: 2_000, entryTokens: 1_000 }, 0);
    expect(kept.length).toBeGreaterThanOrEqual(1);
    expect(kept.at(-1)?.text).toContain('message 49');
  });

  it('is that of the smallest model, which is given fewer of everything', () => {
    const at = turn(300, { words: 60 });
    const size = (contextTokens?: number) => {
      const models = contextTokens === undefined ? [] : [{ contextTokens }];
      return estimateTokens(
        prompts
          .engagePrompt(at, askDay, models)
          .map(({ content }) => content ?? '')
          .join(''),
      );
    };
    expect(size(4_096)).toBeLessThan(4_096 * 0.75);
    expect(size(8_192)).toBeLessThan(8_192 * 0.75);
    expect(size(4_096)).toBeLessThan(size(8_192));
    expect(size(128_000)).toBeGreaterThan(size());
  });

  it('has a summary of what is in front of it, and says how much that is', () => {
    const at = turn(1_000);
    const position = { ...at.position, summary: { text: 'Ada has a cat.', covers: 800 } };
    const text = prompts.engagePrompt({ ...at, position }, askDay)[1]?.content ?? '';
    expect(text).toContain('<summary>\n{"earlier":"Ada has a cat."}\n</summary>');
    expect(text).toContain(`{"omitted":"${hiddenMessages(at, null)} earlier entries"}`);
  });
});

describe('the size of a prompt', () => {
  it('is small where little is known: what every turn costs', () => {
    const tokens = (text: string | null | undefined) => estimateTokens(text ?? '');
    const [system, user] = prompts.engagePrompt(situation(), askDay);
    expect(tokens(system?.content)).toBeLessThan(350);
    expect(tokens(user?.content)).toBeLessThan(60);
  });
});
