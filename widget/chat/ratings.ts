/**
 * Ratings of answers as two tags of a conversation: each lists the numbers of the interactions whose answers were rated so.
 * Pure.
 */
import type { TagChange } from '../api/client.ts';

/** The rating of an answer. */
export type Rating = 'up' | 'down';

/** The tags, by their ratings. */
const TAGS = { up: 'feedback_up', down: 'feedback_down' } as const satisfies Record<Rating, string>;
/** The longest value of a tag (docs/limits.md). */
const MAX_VALUE_LENGTH = 100;

/** Interactions are numbered in their conversation; an identifier ends in its number. */
export function numberOf(interaction: string): number {
  return Number.parseInt(interaction.slice(-8), 16);
}

function numbersIn(value: string | null | undefined): number[] {
  return (value?.match(/\d+/g) ?? []).map(Number);
}

/** Joins numbers in their order. What is too long loses its oldest. */
function valueOf(numbers: readonly number[]): string {
  const sorted = numbers.toSorted((one, other) => one - other);
  while (sorted.join(' ').length > MAX_VALUE_LENGTH) sorted.shift();
  return sorted.join(' ');
}

/** The ratings in one conversation. */
export class Ratings {
  readonly #numbers: Record<Rating, number[]> = { up: [], down: [] };

  /** Takes over the tags of a conversation. */
  read(tags: Readonly<Record<string, string | null>>): void {
    this.#numbers.up = numbersIn(tags[TAGS.up]);
    this.#numbers.down = numbersIn(tags[TAGS.down]);
  }

  /** Returns the rating of an answer; null when it has none. */
  of(interaction: string): Rating | null {
    const number = numberOf(interaction);
    if (this.#numbers.up.includes(number)) return 'up';
    return this.#numbers.down.includes(number) ? 'down' : null;
  }

  /** Rates an answer, or with null takes its rating back. Returns the change of the tags. */
  rate(interaction: string, rating: Rating | null): TagChange {
    const number = numberOf(interaction);
    const change: TagChange = { updates: {}, deletes: [] };
    for (const kind of ['up', 'down'] as const) {
      const others = this.#numbers[kind].filter((other) => other !== number);
      this.#numbers[kind] = kind === rating ? [...others, number] : others;
      if (this.#numbers[kind].length === 0) change.deletes.push(TAGS[kind]);
      else change.updates[TAGS[kind]] = valueOf(this.#numbers[kind]);
    }
    return change;
  }
}
