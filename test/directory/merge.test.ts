/** Pages of several shards as one list, against a list that was never divided. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergePages } from '../../src/directory/merge.ts';
import type { ConversationSummary, DirectoryPage } from '../../src/directory/summary.ts';

interface Entry {
  position: number;
  visible: boolean;
}

/** Returns the answer of a shard that reads at most a number of conversations. */
function shardPage(
  entries: readonly Entry[],
  { after, limit, ascending }: { after: number; limit: number; ascending: boolean },
  maxScanned: number,
): DirectoryPage {
  const ordered = entries.toSorted((a, b) => (ascending ? a.position - b.position : b.position - a.position));
  const rest = ordered.filter(
    ({ position }) => after === 0 || (ascending ? position > after : position < after),
  );
  const found: number[] = [];
  for (const [index, { position, visible }] of rest.entries()) {
    if (visible && found.length === limit) return pageOf(found, found.at(-1) ?? null);
    if (visible) found.push(position);
    if (index + 1 === maxScanned) return pageOf(found, position);
  }
  return pageOf(found, null);
}

function pageOf(found: readonly number[], scanned_to: number | null): DirectoryPage {
  return { conversations: found.map((position) => ({ position }) as ConversationSummary), scanned_to };
}

const Shards = fc.uniqueArray(fc.integer({ min: 1, max: 10_000 }), { maxLength: 80 }).chain((positions) =>
  fc
    .array(fc.record({ shard: fc.nat(4), visible: fc.boolean() }), {
      minLength: positions.length,
      maxLength: positions.length,
    })
    .map((places) =>
      Array.from({ length: 5 }, (_, shard) =>
        positions.flatMap((position, index): Entry[] =>
          places[index]?.shard === shard ? [{ position, visible: places[index].visible }] : [],
        ),
      ),
    ),
);

describe('the pages of a divided list', () => {
  it('contain every conversation of the list exactly once, and end', () => {
    fc.assert(
      fc.property(
        Shards,
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 5, maxLength: 5 }),
        (shards, limit, ascending, bounds) => {
          const seen: number[] = [];
          let after: number | null = 0;
          let pages = 0;
          while (after !== null) {
            const query = { after, limit, ascending };
            const parts = shards.map((entries, shard) => shardPage(entries, query, bounds[shard] ?? 1));
            const page = mergePages(parts, limit, ascending);
            expect(page.conversations.length).toBeLessThanOrEqual(limit);
            seen.push(...page.conversations.map(({ position }) => position));
            after = page.next;
            pages += 1;
            expect(pages).toBeLessThanOrEqual(200);
          }
          const expected = shards
            .flat()
            .filter(({ visible }) => visible)
            .map(({ position }) => position)
            .sort((a, b) => (ascending ? a - b : b - a));
          expect(seen).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('are full if every shard was searched far enough, and the last one has no token', () => {
    fc.assert(
      fc.property(Shards, fc.integer({ min: 1, max: 9 }), fc.boolean(), (shards, limit, ascending) => {
        const total = shards.flat().filter(({ visible }) => visible).length;
        const sizes: number[] = [];
        for (let after: number | null = 0; after !== null;) {
          const query = { after, limit, ascending };
          const page: ReturnType<typeof mergePages> = mergePages(
            shards.map((entries) => shardPage(entries, query, Infinity)),
            limit,
            ascending,
          );
          sizes.push(page.conversations.length);
          after = page.next;
        }
        expect(sizes.slice(0, -1).every((size) => size === limit)).toBe(true);
        expect(sizes).toHaveLength(Math.max(1, Math.ceil(total / limit)));
      }),
      { numRuns: 300 },
    );
  });
});
