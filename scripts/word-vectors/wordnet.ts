/** Reads the database files of WordNet: the senses of words, and how they are related. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A sense: its words, and the identifiers of related senses. */
export interface Sense {
  words: readonly string[];
  /** Senses of wider meaning: "appliance" of "fridge". */
  wider: readonly string[];
  similar: readonly string[];
  /** Senses of opposite meaning, with the places of the two words that are opposites. */
  opposite: readonly { sense: string; own: number; other: number }[];
}

export interface WordNet {
  senses: ReadonlyMap<string, Sense>;
  /** The senses of a word, by its part of speech ("n", "v", "a" or "r"), a colon and the word; the most usual first. */
  words: ReadonlyMap<string, readonly string[]>;
}

const PARTS = { noun: 'n', verb: 'v', adj: 'a', adv: 'r' } as const;
export const PARTS_OF_SPEECH: readonly string[] = Object.values(PARTS);

/** Fields of a pointer: its sign, the offset and part of speech of a sense, and the places of the words. */
const POINTER_FIELDS = 4;
const HEX = 16;

function linesOf(path: string): string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith(' '));
}

function readSense(line: string): Sense {
  const fields = (line.split(' | ')[0] ?? '').split(' ');
  const count = Number.parseInt(fields[3] ?? '0', HEX);
  const words = Array.from({ length: count }, (_, at) => (fields[4 + 2 * at] ?? '').replace(/\(.*\)/, ''));
  const first = 5 + 2 * count;
  const pointers = Array.from({ length: Number(fields[first - 1]) }, (_, at) => {
    const [sign = '', offset = '', part = '', places = ''] = fields.slice(first + POINTER_FIELDS * at);
    return { sign, sense: part.replace('s', 'a') + offset, places };
  });
  const behind = (...signs: string[]) =>
    pointers.filter(({ sign }) => signs.includes(sign)).map(({ sense }) => sense);
  return {
    words,
    wider: behind('@'),
    similar: behind('&', '*', '$'),
    opposite: pointers
      .filter(({ sign }) => sign === '!')
      .map(({ sense, places }) => ({
        sense,
        own: Number.parseInt(places.slice(0, 2), HEX),
        other: Number.parseInt(places.slice(2), HEX),
      })),
  };
}

/** Reads WordNet from the folder of its data and index files. */
export function readWordNet(folder: string): WordNet {
  const senses = new Map<string, Sense>();
  const words = new Map<string, string[]>();
  for (const [file, part] of Object.entries(PARTS)) {
    for (const line of linesOf(join(folder, `data.${file}`)))
      senses.set(part + line.slice(0, line.indexOf(' ')), readSense(line));
    for (const line of linesOf(join(folder, `index.${file}`))) {
      const fields = line.trim().split(' ');
      words.set(
        `${part}:${fields[0] ?? ''}`,
        fields.slice(-Number(fields[2])).map((offset) => part + offset),
      );
    }
  }
  return { senses, words };
}
