import { expect, it } from 'vitest';
import { FACTS, FACTS_ASIDE } from './facts.ts';
import { playStyles } from './play-styles.ts';

/** Words may still be missing: the share of combinations that must be right. */
const LEAST = 0.93;

it.each([...FACTS, ...FACTS_ASIDE])('$name is understood in the styles of many authors', (group) => {
  const { right, of, wrong } = playStyles(group, { times: 6, seed: 13 });
  expect(right / of, wrong.join('\n')).toBeGreaterThanOrEqual(LEAST);
});
