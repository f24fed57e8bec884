/** Word vectors: how near two stems are in meaning. */

/** Numbers in a vector. */
export const DIMENSIONS = 100;

/** The ending of a comparative or a superlative, as a stem keeps it. */
const COMPARED = /(?:i?er|est)$/;

/** A table of word vectors. */
export interface WordVectors {
  /** Returns the cosine of the vectors of two stems, -1 to 1; 0 when a stem is not in the table. */
  similarity: (a: string, b: string) => number;
  /** Returns the weight of a stem, 0 to 1: rare stems tell more. 0 when it is not in the table. */
  weight: (stem: string) => number;
}

/**
 * Reads a table: the length of the list of stems in bytes (four, little-endian), the stems with line ends, the most
 * frequent first, then `DIMENSIONS` signed bytes for each.
 */
export function readVectors(bytes: Uint8Array): WordVectors {
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = header.getUint32(0, true);
  const stems = new TextDecoder().decode(bytes.subarray(4, 4 + length)).split('\n');
  const numbers = new Int8Array(bytes.buffer, bytes.byteOffset + 4 + length, stems.length * DIMENSIONS);
  const places = new Map(stems.map((stem, index) => [stem, index]));
  const placeOf = (stem: string) =>
    places.get(stem) ?? (COMPARED.test(stem) ? places.get(stem.replace(COMPARED, '')) : undefined);
  const product = (a: number, b: number) => {
    let sum = 0;
    for (let at = 0; at < DIMENSIONS; at += 1)
      sum += (numbers[a * DIMENSIONS + at] ?? 0) * (numbers[b * DIMENSIONS + at] ?? 0);
    return sum;
  };
  return {
    similarity: (a, b) => {
      const [first, second] = [placeOf(a), placeOf(b)];
      if (first === undefined || second === undefined) return 0;
      return product(first, second) / Math.sqrt(product(first, first) * product(second, second));
    },
    weight: (stem) => {
      const place = placeOf(stem);
      return place === undefined ? 0 : Math.log(place + 10) / Math.log(stems.length + 10);
    },
  };
}
