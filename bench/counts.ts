/** What a turn asks of the platform, counted in a run of its own: what the platform's bill is made of. */
import { FLOOR, objectClasses, PRODUCT, type BundleSource } from './bundle.ts';
import { beginMany, takeTurns, type Subject } from './conversations.ts';
import { COUNTS_PATH, type Counts } from './counting.ts';
import { openFloor, openProduct } from './subjects.ts';

/** What one turn takes, on average. By class, and for requests by method. */
export interface TurnCounts {
  objectRequests: Record<string, number>;
  rowsWritten: Record<string, number>;
  rowsRead: Record<string, number>;
  statements: number;
  kvReads: number;
}

const COUNTED_TURNS = 60;
/** Not counted: reading the registry for the first time, making tables. */
const TURNS_BEFORE = 10;

/** A Worker's module, with its objects and its handler wrapped. */
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

/** By name, what was added from one reading to the next for each of the turns between. */
function perTurn(before: Record<string, number>, after: Record<string, number>): Record<string, number> {
  const differences = Object.entries(after).map(
    ([name, count]) => [name, (count - (before[name] ?? 0)) / COUNTED_TURNS] as const,
  );
  return Object.fromEntries(differences.filter(([, difference]) => difference > 0));
}

async function countTurns(subject: Subject): Promise<TurnCounts> {
  try {
    const conversations = await beginMany(subject, 1);
    await takeTurns(conversations, TURNS_BEFORE);
    const before = await readCounts(subject);
    await takeTurns(conversations, COUNTED_TURNS);
    const after = await readCounts(subject);
    for (const conversation of conversations) conversation.close();
    return {
      objectRequests: perTurn(before.objectRequests, after.objectRequests),
      rowsWritten: perTurn(before.rowsWritten, after.rowsWritten),
      rowsRead: perTurn(before.rowsRead, after.rowsRead),
      statements: (after.statements - before.statements) / COUNTED_TURNS,
      kvReads: (after.kvReads - before.kvReads) / COUNTED_TURNS,
    };
  } finally {
    await subject.server.stop();
  }
}

/** Counts a turn of the product as it is deployed, which is with its rate limits. */
export async function countProduct(directory: string): Promise<TurnCounts> {
  const source = countingSource(PRODUCT, objectClasses());
  return countTurns((await openProduct(source, { directory, limits: true })).subject);
}

export async function countFloor(directory: string, turns: string): Promise<TurnCounts> {
  const source = countingSource(FLOOR, ['FloorConversation']);
  return countTurns((await openFloor(source, turns, { directory })).subject);
}
