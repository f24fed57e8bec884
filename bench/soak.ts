/**
 * `npm run bench -- --soak 20m`: takes turns with a model, 32 at a time, and watches the resident memory of the Worker. Each
 * conversation has a few turns, and another one takes its place, as in a deployment.
 */
import { PRODUCT } from './bundle.ts';
import { beginMany, type Conversation } from './conversations.ts';
import { drive } from './load.ts';
import { startModel } from './model-server.ts';
import { MAX_CONVERSATIONS } from './scenario.ts';
import { median } from './statistics.ts';
import { openProduct, scratchDirectory } from './subjects.ts';

const PARALLEL = 32;
/** Time between two looks at the memory in milliseconds. */
const LOOK_MS = 5_000;

/** Returns a duration such as `20m` or `90s` in milliseconds. Throws an `Error` for another text. */
export function durationOf(text: string): number {
  const [, count, unit] = /^(\d{1,4})([sm])$/.exec(text) ?? [];
  if (count === undefined) throw new Error('A duration is a number with s or m, such as 20m.');
  return Number(count) * (unit === 'm' ? 60_000 : 1_000);
}

/** Takes turns for a time, and returns what became of the memory as text. */
export async function soak(durationMs: number): Promise<string> {
  const scratch = await scratchDirectory('memory');
  const model = await startModel();
  try {
    const { subject } = await openProduct(PRODUCT, { directory: scratch.path, modelUrl: model.url });
    try {
      const until = performance.now() + durationMs;
      const memory: number[] = [];
      let turns = 0;
      let begun = 0;
      let last: Conversation[] = [];
      while (performance.now() < until) {
        // When every user has a conversation, the last ones go on.
        const isNew = begun + PARALLEL <= MAX_CONVERSATIONS;
        const conversations = isNew ? await beginMany(subject, PARALLEL) : last;
        begun += isNew ? PARALLEL : 0;
        turns += (await drive(subject.server, conversations, LOOK_MS)).turns;
        memory.push((await subject.server.memoryBytes()) / 1e6);
        if (isNew) for (const conversation of last) conversation.close();
        last = conversations;
      }
      for (const conversation of last) conversation.close();
      // The first looks see the heap grow to its usual size.
      const third = Math.ceil(memory.length / 3);
      const [early, late] = [median(memory.slice(third, 2 * third)), median(memory.slice(2 * third))];
      return (
        `${turns} turns in ${begun} conversations. Resident memory, MB: ${early.toFixed(0)} in the second third, ` +
        `${late.toFixed(0)} in the last (${(late / early).toFixed(2)} times); most ${Math.max(...memory).toFixed(0)}`
      );
    } finally {
      await subject.server.stop();
    }
  } finally {
    await model.close();
    await scratch.remove();
  }
}
