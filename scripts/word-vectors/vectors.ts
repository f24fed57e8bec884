/** Vectors of stems: without what all have in common, drawn to related stems and away from opposite ones. */
import type { Relations } from './relations.ts';

/** Numbers of a vector. */
export type Vector = Float64Array<ArrayBuffer>;

function scaled(vector: Vector): Vector {
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

function add(to: Vector, vector: Vector, weight: number): void {
  for (let at = 0; at < to.length; at += 1) to[at] = (to[at] ?? 0) + weight * (vector[at] ?? 0);
}

function dot(a: Vector, b: Vector): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}

/** Steps of the power iteration that finds the direction in which vectors differ most. */
const POWER_STEPS = 60;

function mainDirection(vectors: readonly Vector[], dimensions: number): Vector {
  let direction = scaled(Float64Array.from({ length: dimensions }, (_, at) => Math.sin(at + 1)));
  for (let step = 0; step < POWER_STEPS; step += 1) {
    const next = new Float64Array(dimensions);
    for (const vector of vectors) add(next, vector, dot(vector, direction));
    direction = scaled(next);
  }
  return direction;
}

/**
 * Takes from the vectors their mean and the two directions in which they differ most: these tell how frequent a word is,
 * and not what it means (Mu and Viswanath, "All-but-the-Top", 2018).
 */
export function withoutCommonPart(vectors: readonly Vector[], dimensions: number): Vector[] {
  const mean = new Float64Array(dimensions);
  for (const vector of vectors) add(mean, vector, 1 / vectors.length);
  const own = vectors.map((vector) => vector.slice());
  for (const vector of own) add(vector, mean, -1);
  for (let removed = 0; removed < 2; removed += 1) {
    const direction = mainDirection(own, dimensions);
    for (const vector of own) add(vector, direction, -dot(vector, direction));
  }
  return own.map(scaled);
}

const ROUNDS = 8;
const AWAY = 0.6;

/** Draws vectors to those of related stems (Faruqui et al., "Retrofitting", 2015), and away from opposite ones. */
export function retrofitted(vectors: readonly Vector[], { near, opposite }: Relations): Vector[] {
  const drawn = vectors.map((vector) => vector.slice());
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [place, original] of vectors.entries()) {
      const related = near[place] ?? new Map<number, number>();
      if (related.size === 0) continue;
      const total = Math.max(
        1,
        [...related.values()].reduce((sum, weight) => sum + weight, 0),
      );
      const next = original.slice();
      for (const [other, weight] of related) add(next, drawn[other] ?? original, weight / total);
      for (const other of opposite[place] ?? []) add(next, drawn[other] ?? original, -AWAY);
      drawn[place] = scaled(next);
    }
  return drawn;
}

const GREATEST = 127;

/** Returns the numbers of the vectors as signed bytes. Only the direction of a vector is kept. */
export function toBytes(vectors: readonly Vector[]): Int8Array<ArrayBuffer> {
  return new Int8Array(
    vectors.flatMap((vector) => {
      const most = Math.max(...vector.map(Math.abs)) || 1;
      return [...vector].map((value) => Math.round((value / most) * GREATEST));
    }),
  );
}
