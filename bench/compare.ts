/**
 * `node bench/compare.ts CHECKOUT [--embedded] [--parallel N] [--rounds N]`: compares turns of this checkout with those of
 * another one, with a language model or with the embedded agent. Both take turns alternately in one run, so that a ratio holds on a busy machine.
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from './bundle.ts';
import { beginMany } from './conversations.ts';
import { drive, type Round } from './load.ts';
import { startModel } from './model-server.ts';
import { spreadOf } from './statistics.ts';
import { openProduct, scratchDirectory } from './subjects.ts';

/** Conversations of each, so that none becomes long. */
const CONVERSATIONS = 96;
const WARM_UP_MS = 2_000;
const ROUND_MS = 300;

const { values, positionals } = parseArgs({
  options: {
    parallel: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '40' },
    embedded: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const [other] = positionals;
if (other === undefined) throw new Error('Name the folder of the other checkout.');
const parallel = Number(values.parallel);

const scratch = await scratchDirectory('memory');
const model = await startModel();
/** Starts the Worker of a checkout, bundled in the same way for both. */
async function start(checkout: string, name: string) {
  const code = `export * from ${JSON.stringify(join(checkout, 'src/index.ts'))};
    export { default } from ${JSON.stringify(join(checkout, 'src/index.ts'))};`;
  const { subject } = await openProduct(
    { code },
    {
      directory: join(scratch.path, name),
      ...(!values.embedded && { modelUrl: model.url }),
    },
  );
  return { subject, conversations: await beginMany(subject, CONVERSATIONS), rounds: [] as Round[] };
}

const opened: Awaited<ReturnType<typeof start>>[] = [];
try {
  for (const [name, checkout] of [
    ['this', ROOT],
    ['other', resolve(other)],
  ] as const) {
    const one = await start(checkout, name);
    opened.push(one);
    await drive(one.subject.server, one.conversations, WARM_UP_MS, parallel);
  }
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const { subject, conversations, rounds } of round % 2 === 0 ? opened : opened.toReversed()) {
      rounds.push(await drive(subject.server, conversations, ROUND_MS, parallel));
    }
  }
  const [mine, others] = opened.map(({ rounds }) => rounds);
  for (const measure of ['cpuPerTurn', 'turnsPerSecond', 'firstPieceP50'] as const) {
    const ratios = (mine ?? []).map(
      (round, index) => round[measure] / (others?.[index]?.[measure] ?? Number.NaN),
    );
    const of = (rounds: readonly Round[] = []) => spreadOf(rounds.map((round) => round[measure])).median;
    const { median, least, greatest } = spreadOf(ratios);
    console.log(
      `${measure}: this ${of(mine).toFixed(2)}, other ${of(others).toFixed(2)}, ` +
        `ratio ${median.toFixed(3)} (${least.toFixed(2)} to ${greatest.toFixed(2)})`,
    );
  }
} finally {
  for (const { subject, conversations } of opened) {
    for (const conversation of conversations) conversation.close();
    await subject.server.stop();
  }
  await model.close();
  await scratch.remove();
}
