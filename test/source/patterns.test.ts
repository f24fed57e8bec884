/**
 * No regular expression of `src/` takes more than linear time. Each is examined by recheck, which proves it or finds a
 * text to attack it with. What it takes for an attack is measured: a repetition with a bound looks like one.
 */
import { check, type VulnerableDiagnostics } from 'recheck';
import { describe, expect, it } from 'vitest';
import { cpuTime } from './cpu-time.ts';
import { sourcePatterns, type SourcePattern } from './source-patterns.ts';

const patterns = await sourcePatterns();

/** Eight times the text may take twenty times as long: time squared would be sixty-four. */
const GROWTH = 8;
const MAX_SLOWDOWN = 20;
/** Milliseconds below which a measurement tells nothing. */
const NOISE_MS = 2;
const ATTACK_LENGTH = 4_000;
const EXAMINATION_MS = 120_000;

function attack({ attack: { pumps, suffix } }: VulnerableDiagnostics, length: number): string {
  const each = length / Math.max(pumps.length, 1);
  const parts = pumps.map(({ prefix, pump }) => prefix + pump.repeat(Math.ceil(each / pump.length)));
  return parts.join('') + suffix;
}

/** Returns the CPU time of the shortest of three runs, in milliseconds. */
function timeOf({ source, flags }: SourcePattern, text: string): number {
  const pattern = new RegExp(source, `${flags.replace('g', '')}g`);
  const times = Array.from({ length: 3 }, () => {
    const begun = cpuTime();
    text.replaceAll(pattern, '');
    return cpuTime() - begun;
  });
  return Math.min(...times);
}

/**
 * Returns the ratio of the times for a text of eight times the length and for the text; 0 if the time is too short to
 * be measured.
 */
function slowdown(pattern: SourcePattern, found: VulnerableDiagnostics): number {
  const long = timeOf(pattern, attack(found, ATTACK_LENGTH * GROWTH));
  if (long < NOISE_MS) return 0;
  return long / Math.max(timeOf(pattern, attack(found, ATTACK_LENGTH)), NOISE_MS / GROWTH);
}

describe('the patterns of the source', () => {
  it('are found: the literals, and those that are built', () => {
    expect(patterns.length).toBeGreaterThan(150);
    const ofTimes = patterns.filter(({ where }) => where === 'src/agent/embedded/facts/times.ts');
    expect(ofTimes.length).toBeGreaterThanOrEqual(9);
  });

  it.each([...patterns])(
    '$where /$source/ takes linear time',
    { timeout: EXAMINATION_MS },
    async (pattern) => {
      const found = await check(pattern.source, pattern.flags, { timeout: EXAMINATION_MS / 2 });
      expect(['safe', 'vulnerable']).toContain(found.status);
      if (found.status === 'vulnerable') expect(slowdown(pattern, found)).toBeLessThan(MAX_SLOWDOWN);
    },
  );
});

describe('the examination', () => {
  it.each([
    ['the the the', '\\b(?:the )*monday', 'g'],
    ['white space that is not at the end', '\\s+$', ''],
    ['quotes that are not closed', '“([^”]+)”', 'g'],
  ])('finds a pattern of quadratic time: %s', { timeout: EXAMINATION_MS }, async (_name, source, flags) => {
    const found = await check(source, flags, { timeout: EXAMINATION_MS / 2 });
    expect(found.status).toBe('vulnerable');
    if (found.status !== 'vulnerable') return;
    expect(slowdown({ where: '', source, flags }, found)).toBeGreaterThan(MAX_SLOWDOWN);
  });
});
