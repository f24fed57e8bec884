import { expect, it } from 'vitest';
import { CHOICES } from './choices.ts';
import { CHOICES_ASIDE } from './choices-aside.ts';
import { playStyles, type StyleGroup } from './play-styles.ts';
import { WISHES } from './wishes.ts';

/** Words may still be missing: the shares of combinations that must be right, without word vectors. */
const LEAST = 0.9;
const LEAST_ASIDE = 0.78;

/** Returns the share of right combinations of all groups, and what was wrong. */
function shareOf(groups: readonly StyleGroup[], times: number): { share: number; wrong: string } {
  const played = groups.map((group) => playStyles(group, { times, seed: 17 }));
  const sum = (count: (each: (typeof played)[number]) => number) =>
    played.reduce((all, each) => all + count(each), 0);
  return {
    share: sum(({ right }) => right) / sum(({ of }) => of),
    wrong: played.flatMap(({ wrong }) => wrong).join('\n'),
  };
}

it.each([...WISHES, ...CHOICES])('$name: the choice is understood in the styles of many authors', (group) => {
  const { share, wrong } = shareOf([group], 4);
  expect(share, wrong).toBeGreaterThanOrEqual(LEAST);
});

it('understands most choices of subjects that were kept aside', () => {
  const { share, wrong } = shareOf(CHOICES_ASIDE, 3);
  expect(share, wrong).toBeGreaterThanOrEqual(LEAST_ASIDE);
});
