/**
 * `npm run bench -- --soak 20m`: takes turns with a model, 32 at a time, and watches the resident memory of the Worker. Each
 * conversation has a few turns and is finished, and another one takes its place, as in a deployment.
 */
import { PRODUCT } from './bundle.ts';
import { beginMany, type Conversation, type Subject } from './conversations.ts';
import { drive } from './load.ts';
import { startModel } from './model-server.ts';
import { median } from './statistics.ts';
import { openProduct, scratchDirectory } from './subjects.ts';

const PARALLEL = 32;
/** Time between two looks at the memory in milliseconds. */
const LOOK_MS = 5_000;
/** Time after which a look has failed in milliseconds: no turn with the benchmark's model takes as long. */
const STUCK_MS = 60_000;

/** Returns a duration such as `20m` or `90s` in milliseconds. Throws an `Error` for another text. */
export function durationOf(text: string): number {
  const [, count, unit] = /^(\d{1,4})([sm])$/.exec(text) ?? [];
  if (count === undefined) throw new Error('A duration is a number with s or m, such as 20m.');
  return Number(count) * (unit === 'm' ? 60_000 : 1_000);
}

/** One look: the turns that were taken before it, and the resident memory in bytes. */
interface Look {
  turns: number;
  memoryBytes: number;
}

/** Returns the result of `work`. Throws an `Error` if it takes too long. */
async function unlessStuck<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const stuck = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('The Worker does not answer any more.')), STUCK_MS);
  });
  try {
    return await Promise.race([work, stuck]);
  } finally {
    clearTimeout(timer);
  }
}

/** Takes turns in new conversations for a while, and finishes them. */
async function lookAt(subject: Subject): Promise<Look> {
  const conversations: Conversation[] = await beginMany(subject, PARALLEL);
  const { turns } = await drive(subject.server, conversations, LOOK_MS);
  for (const conversation of conversations) await conversation.finish();
  return { turns, memoryBytes: await subject.server.memoryBytes() };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

/** Returns what became of the memory as text. The first looks see the heap grow to its usual size. */
function summary(looks: readonly Look[]): string {
  const memory = looks.map(({ memoryBytes }) => memoryBytes);
  const third = Math.ceil(memory.length / 3);
  const [early, late] = [median(memory.slice(third, 2 * third)), median(memory.slice(2 * third))];
  const turns = looks.reduce((sum, look) => sum + look.turns, 0);
  return (
    `${turns} turns in ${looks.length * PARALLEL} conversations. Resident memory, MB: ${megabytes(early)} in the second ` +
    `third, ${megabytes(late)} in the last (${(late / early).toFixed(2)} times); most ${megabytes(Math.max(...memory))}`
  );
}

/** Takes turns for a time, tells each look as a line, and returns the summary. */
export async function soak(durationMs: number, tell: (line: string) => void): Promise<string> {
  const scratch = await scratchDirectory('memory');
  const model = await startModel();
  try {
    const { subject } = await openProduct(PRODUCT, { directory: scratch.path, modelUrl: model.url });
    try {
      const beganAt = performance.now();
      const looks: Look[] = [];
      // Three looks are the least of which a third can be told.
      while (looks.length < 3 || performance.now() - beganAt < durationMs) {
        const look = await unlessStuck(lookAt(subject));
        looks.push(look);
        const seconds = ((performance.now() - beganAt) / 1000).toFixed(0);
        tell(`${seconds} s: ${look.turns} turns, ${megabytes(look.memoryBytes)} MB`);
      }
      return summary(looks);
    } finally {
      await subject.server.stop();
    }
  } finally {
    await model.close();
    await scratch.remove();
  }
}
