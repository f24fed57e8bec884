/** Counts the use of the platform by a turn in a separate run: the platform bills it. */
import { FLOOR, objectClasses, PRODUCT, type BundleSource } from './bundle.ts';
import { beginMany, takeTurns, type Subject } from './conversations.ts';
import { COUNTS_PATH, type Counts } from './counting.ts';
import { openFloor, openProduct } from './subjects.ts';

/** Average use of the platform by one turn. Objects are counted by class, requests by class and method. */
export interface TurnCounts {
  objectRequests: Record<string, number>;
  rowsWritten: Record<string, number>;
  rowsRead: Record<string, number>;
  statements: number;
  kvReads: number;
  timers: number;
}

/** A number of turns to count, after others that read the registry for the first time and create tables. */
export interface CountedTurns {
  before: number;
  counted: number;
}

const USUAL: CountedTurns = { before: 10, counted: 60 };

/** Returns the source of a Worker with its classes and its handler wrapped. */
function countingSource(source: BundleSource, classes: readonly string[]): BundleSource {
  if (!('file' in source)) throw new Error('Only a Worker in a file is counted.');
  const exports = classes.map((name) => `export const ${name} = counted('${name}', worker.${name});`);
  return {
    code: `
      import * as worker from ${JSON.stringify(source.file)};
      import { counted, countedHandler } from './counting.ts';
      ${exports.join('\n')}
      export default countedHandler(worker.default);
    `,
  };
}

async function readCounts({ server }: Subject): Promise<Counts> {
  const answer = await fetch(new URL(COUNTS_PATH, server.origin));
  return (await answer.json()) as Counts;
}

/** Returns the average increase of each count per turn. */
function perTurn(
  before: Record<string, number>,
  after: Record<string, number>,
  turns: number,
): Record<string, number> {
  const differences = Object.entries(after).map(
    ([name, count]) => [name, (count - (before[name] ?? 0)) / turns] as const,
  );
  return Object.fromEntries(differences.filter(([, difference]) => difference > 0));
}

async function countTurns(subject: Subject, turns: CountedTurns): Promise<TurnCounts> {
  const { counted } = turns;
  try {
    const conversations = await beginMany(subject, 1);
    await takeTurns(conversations, turns.before);
    const before = await readCounts(subject);
    await takeTurns(conversations, counted);
    const after = await readCounts(subject);
    for (const conversation of conversations) conversation.close();
    return {
      objectRequests: perTurn(before.objectRequests, after.objectRequests, counted),
      rowsWritten: perTurn(before.rowsWritten, after.rowsWritten, counted),
      rowsRead: perTurn(before.rowsRead, after.rowsRead, counted),
      statements: (after.statements - before.statements) / counted,
      kvReads: (after.kvReads - before.kvReads) / counted,
      timers: (after.timers - before.timers) / counted,
    };
  } finally {
    await subject.server.stop();
  }
}

/** Counts a turn of the product with rate limits, as it is deployed; with a language model, if its address is given. */
export async function countProduct(directory: string, modelUrl?: string, turns = USUAL): Promise<TurnCounts> {
  const source = countingSource(PRODUCT, objectClasses());
  const options = modelUrl === undefined ? { limits: true } : { modelUrl };
  return countTurns((await openProduct(source, { directory, ...options })).subject, turns);
}

/** Counts a turn of the floor. `turns` is the JSON of its events. */
export async function countFloor(directory: string, turns: string): Promise<TurnCounts> {
  const source = countingSource(FLOOR, ['FloorConversation']);
  return countTurns((await openFloor(source, turns, { directory })).subject, USUAL);
}
