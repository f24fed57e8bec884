import { expect, it } from 'vitest';
import { AGREEMENT, AGREEMENT_ASIDE } from './agreement.ts';
import { CLOSING } from './closing.ts';
import { playStyles } from './play-styles.ts';

/** Words may still be missing: the share of combinations that must be right. */
const LEAST = 0.95;

it.each([...AGREEMENT, ...AGREEMENT_ASIDE, ...CLOSING])(
  '$name: a yes and a no are understood in the styles of many authors',
  (group) => {
    const { right, of, wrong } = playStyles(group, { times: 6, seed: 11 });
    expect(right / of, wrong.join('\n')).toBeGreaterThanOrEqual(LEAST);
  },
);
