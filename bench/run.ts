/**
 * `npm run bench [-- --quick] [-- --model] [-- --soak 20m] [-- --json FILE]`: measures the throughput, latency and cost of turns with the production
 * bundle, next to a floor with the least possible work for a turn; then turns with a
 * language model, next to a relay. `--model` measures these, the list and the bundle alone, and `--soak` the memory. docs/performance.md explains the measurements.
 */
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FLOOR, PRODUCT } from './bundle.ts';
import { beginMany, type Conversation, type Subject } from './conversations.ts';
import { countFloor, countProduct } from './counts.ts';
import { measureGrowth, type GrowthOptions } from './growth.ts';
import { measureDeployment } from './deployment.ts';
import { drive, type Round } from './load.ts';
import { busyTicks, machine, ownTicks, syncMs } from './machine.ts';
import { listReport, measureList } from './list-phase.ts';
import { measureModel } from './model-phase.ts';
import { deploymentReport, modelReport } from './model-report.ts';
import { report, type Level, type LevelResult, type MediumResult, type Pair } from './report.ts';
import { durationOf, soak } from './soak.ts';
import { spreadOf } from './statistics.ts';
import { floorTurns, openFloor, openProduct, scratchDirectory, type Medium } from './subjects.ts';

const PARALLEL = [1, 8, 32] as const;
const MOST = Math.max(...PARALLEL);

interface Plan {
  warmUpMs: number;
  rounds: number;
  roundMs: number;
  growth: GrowthOptions;
}

const FULL: Plan = { warmUpMs: 2_000, rounds: 5, roundMs: 1_000, growth: { conversations: 16, turns: 8 } };
/** Short rounds, to check that the benchmark works. Their numbers are rough. */
const QUICK: Plan = { warmUpMs: 500, rounds: 2, roundMs: 350, growth: { conversations: 2, turns: 8 } };

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    model: { type: 'boolean', default: false },
    soak: { type: 'string' },
    json: { type: 'string' },
  },
});
const plan = options.quick ? QUICK : FULL;

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${text.padEnd(60)}`);
}

/** Does the work with both, one after the other. */
async function eachOf<T>(subjects: Pair<T>, work: (subject: T) => Promise<void>): Promise<void> {
  await work(subjects.product);
  await work(subjects.floor);
}

/** Starts both, does the work with them, and stops them. */
async function withSubjects<T>(
  directory: string,
  turns: string,
  work: (subjects: Pair<Subject>) => Promise<T>,
): Promise<T> {
  const { subject: product } = await openProduct(PRODUCT, { directory });
  try {
    const { subject: floor } = await openFloor(FLOOR, turns, { directory });
    try {
      return await work({ product, floor });
    } finally {
      await floor.server.stop();
    }
  } finally {
    await product.server.stop();
  }
}

function summarize(rounds: readonly Round[]): Level {
  const measures = Object.keys(rounds[0] ?? {}) as (keyof Round)[];
  return Object.fromEntries(
    measures.map((measure) => [measure, spreadOf(rounds.map((round) => round[measure]))]),
  ) as Level;
}

/** Returns the ratios of measurements that followed each other directly: a slow phase of the machine affects both. */
function ratiosOf({ product, floor }: Pair<Round[]>): Level {
  const rounds = product.map((round, index) => {
    const below = floor[index];
    const ratios = (Object.keys(round) as (keyof Round)[]).map(
      (measure) => [measure, round[measure] / (below?.[measure] ?? Number.NaN)] as const,
    );
    return Object.fromEntries(ratios) as unknown as Round;
  });
  return summarize(rounds);
}

interface Talking {
  subject: Subject;
  conversations: Conversation[];
}

/** Measures both at every level, round by round. */
async function measureLevels(talking: Pair<Talking>, medium: Medium): Promise<LevelResult[]> {
  await eachOf(talking, async ({ subject, conversations }) => {
    await drive(subject.server, conversations, plan.warmUpMs);
  });
  const measured = PARALLEL.map((parallel) => ({ parallel, product: [] as Round[], floor: [] as Round[] }));
  for (let round = 0; round < plan.rounds; round += 1) {
    for (const level of measured) {
      progress(`${medium}: round ${round + 1} of ${plan.rounds}, ${level.parallel} in parallel`);
      // The first one alternates from round to round.
      const order = round % 2 === 0 ? (['product', 'floor'] as const) : (['floor', 'product'] as const);
      for (const kind of order) {
        const { subject, conversations } = talking[kind];
        level[kind].push(await drive(subject.server, conversations.slice(0, level.parallel), plan.roundMs));
      }
    }
  }
  return measured.map(({ parallel, product, floor }) => ({
    parallel,
    product: summarize(product),
    floor: summarize(floor),
    ratios: ratiosOf({ product, floor }),
  }));
}

async function measureMedium(medium: Medium): Promise<MediumResult> {
  const scratch = await scratchDirectory(medium);
  try {
    const turns = await floorTurns(scratch.path);
    return await withSubjects(scratch.path, turns, async ({ product, floor }) => {
      const talking = {
        product: { subject: product, conversations: await beginMany(product, MOST) },
        floor: { subject: floor, conversations: await beginMany(floor, MOST) },
      };
      const levels = await measureLevels(talking, medium);
      await eachOf(talking, async ({ conversations }) => {
        for (const conversation of conversations) conversation.close();
      });
      const memoryBytes = {
        product: await product.server.memoryBytes(),
        floor: await floor.server.memoryBytes(),
      };
      return { medium, syncMs: syncMs(scratch.path), levels, memoryBytes };
    });
  } finally {
    await scratch.remove();
  }
}

/** Measures growth and counts, in memory: the medium makes no difference to them. */
async function measureTurns() {
  const scratch = await scratchDirectory('memory');
  try {
    progress('growth');
    const turns = await floorTurns(scratch.path);
    const growth = await withSubjects(scratch.path, turns, async ({ product, floor }) => ({
      product: await measureGrowth(product, plan.growth),
      floor: await measureGrowth(floor, plan.growth),
    }));
    progress('counts');
    const counted = join(scratch.path, 'counted');
    const counts = { product: await countProduct(counted), floor: await countFloor(counted, turns) };
    return { growth, counts };
  } finally {
    await scratch.remove();
  }
}

/** Measures turns with the embedded agent, on both media. */
async function measureEmbedded() {
  const media = [await measureMedium('disk'), await measureMedium('memory')];
  return { media, ...(await measureTurns()) };
}

if (options.soak !== undefined) {
  console.log(await soak(durationOf(options.soak), (line) => console.log(line)));
  process.exit();
}
const busyBefore = await busyTicks();
const startedAt = performance.now();
const embedded = options.model ? null : await measureEmbedded();
progress('language model');
const model = await measureModel(plan);
progress('list');
const list = await measureList();
progress('deployment');
const deployment = await measureDeployment(plan.rounds);
const elapsedTicks = (performance.now() - startedAt) / 10;
const others = Math.max((await busyTicks()) - busyBefore - (await ownTicks()), 0);
progress('');
const run = {
  machine: machine(),
  rounds: plan.rounds,
  roundMs: plan.roundMs,
  othersShare: others / (elapsedTicks * cpus().length),
};
if (embedded === null) {
  console.log(`${run.machine}; others used ${(run.othersShare * 100).toFixed(0)} % of the machine.\n`);
} else console.log(`${report({ ...run, ...embedded })}\n`);
console.log(`${modelReport(model)}\n${listReport(list)}\n${deploymentReport(deployment)}`);
if (options.json !== undefined) {
  await writeFile(
    options.json,
    `${JSON.stringify({ ...run, ...embedded, model, list, deployment }, null, 2)}\n`,
  );
}
