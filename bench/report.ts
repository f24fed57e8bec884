/** Formats the results as a table. `--json` writes them for programs. */
import type { TurnCounts } from './counts.ts';
import { LONG_MESSAGES, SHORT_MESSAGES, type Growth, type TurnCost } from './growth.ts';
import type { Round } from './load.ts';
import type { Spread } from './statistics.ts';
import type { Medium } from './subjects.ts';

/** A measurement of the product and of the floor. */
export interface Pair<T> {
  product: T;
  floor: T;
}

/** The median of each number of a round over all rounds, with its range. */
export type Level = Record<keyof Round, Spread>;

/** Results with a number of parallel conversations. `ratios` are ratios of product to floor in the same round. */
export interface LevelResult extends Pair<Level> {
  parallel: number;
  ratios: Level;
}

/** Results on one medium. */
export interface MediumResult {
  medium: Medium;
  /** Time of one synchronous write there in milliseconds. */
  syncMs: number;
  levels: LevelResult[];
  /** Memory after the load in bytes. */
  memoryBytes: Pair<number>;
}

/** All results of a run. */
export interface Results {
  machine: string;
  rounds: number;
  roundMs: number;
  /** Share of the machine's time that other processes used, from 0 to 1. */
  othersShare: number;
  media: MediumResult[];
  growth: Pair<Growth>;
  counts: Pair<TurnCounts>;
}

/**
 * Aims: least ratios of turns per second to the floor with 32 parallel conversations, on disk and in memory, and
 * maximum growth of a turn.
 */
export const AIMS = { parallel: 32, disk: 0.4, memory: 0.6, growth: 1.1 } as const;

const MEASURES: readonly [keyof Round, string, digits: number][] = [
  ['turnsPerSecond', 'turns/s', 0],
  ['firstPieceP50', 'first piece p50, ms', 2],
  ['firstPieceP95', 'first piece p95, ms', 2],
  ['wholeP50', 'whole turn p50, ms', 2],
  ['wholeP95', 'whole turn p95, ms', 2],
  ['cpuPerTurn', 'CPU a turn, ms', 2],
];

function line(...cells: string[]): string {
  const [label = '', product = '', floor = '', ratio = '', note = ''] = cells;
  return `${label.padEnd(36)}${product.padStart(10)}${floor.padStart(10)}${ratio.padStart(8)}  ${note}`.trimEnd();
}

function numbers(label: string, { product, floor }: Pair<number>, digits: number): string {
  const ratio = floor === 0 ? '' : (product / floor).toFixed(2);
  return line(label, product.toFixed(digits), floor.toFixed(digits), ratio);
}

function levelLines({ parallel, product, floor, ratios }: LevelResult): string[] {
  const rows = MEASURES.map(([measure, label, digits], index) => {
    const { median, least, greatest } = ratios[measure];
    return line(
      `${(index === 0 ? `${parallel} in parallel` : '').padEnd(16)}${label}`,
      product[measure].median.toFixed(digits),
      floor[measure].median.toFixed(digits),
      median.toFixed(2),
      `${least.toFixed(2)} to ${greatest.toFixed(2)}`,
    );
  });
  return [...rows, ''];
}

const TITLES: Record<Medium, string> = { disk: 'Data on disk', memory: 'Data in memory' };
const HEADING = ['product', 'floor', 'ratio'];

function mediumLines({ medium, syncMs, levels, memoryBytes }: MediumResult): string[] {
  const megabytes = { product: memoryBytes.product / 1e6, floor: memoryBytes.floor / 1e6 };
  return [
    line(`${TITLES[medium]} (a sync takes ${syncMs.toFixed(2)} ms)`, ...HEADING, 'over the rounds'),
    ...levels.flatMap(levelLines),
    numbers('Resident memory after that, MB', megabytes, 0),
    '',
  ];
}

function costLines(label: string, of: Pair<TurnCost>): string[] {
  return [
    numbers(`${label}: whole, ms`, { product: of.product.wholeMs, floor: of.floor.wholeMs }, 2),
    numbers(`${label}: CPU, ms`, { product: of.product.cpuMs, floor: of.floor.cpuMs }, 2),
  ];
}

/** Returns the ratio of a turn's cost in a long conversation to that in a short one. 1 means no growth. */
export function growthOf({ short, long }: Growth): TurnCost {
  return { wholeMs: long.wholeMs / short.wholeMs, cpuMs: long.cpuMs / short.cpuMs };
}

function growthLines({ product, floor }: Pair<Growth>): string[] {
  return [
    line('A turn as the conversation grows', ...HEADING),
    ...costLines(`at ${SHORT_MESSAGES} messages`, { product: product.short, floor: floor.short }),
    ...costLines(`at ${LONG_MESSAGES} messages`, { product: product.long, floor: floor.long }),
    ...costLines('times as much', { product: growthOf(product), floor: growthOf(floor) }),
    '',
  ];
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

function names(counts: Record<string, number>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${Number(count.toFixed(2))}`)
    .join(', ');
}

function countLines({ product, floor }: Pair<TurnCounts>): string[] {
  const row = (label: string, read: (counts: TurnCounts) => number) =>
    numbers(label, { product: read(product), floor: read(floor) }, 2);
  return [
    line('What a turn asks of the platform', ...HEADING),
    row('object requests', ({ objectRequests }) => sum(objectRequests)),
    row('rows written', ({ rowsWritten }) => sum(rowsWritten)),
    row('rows read', ({ rowsRead }) => sum(rowsRead)),
    row('SQL statements', ({ statements }) => statements),
    row('KV reads', ({ kvReads }) => kvReads),
    row('timers set', ({ timers }) => timers),
    `  requests: ${names(product.objectRequests)}`,
    `  rows written: ${names(product.rowsWritten)}`,
    '',
  ];
}

/** Returns a line with an aim, the result, and whether the aim is met. */
function aimLine(label: string, reached: number, aim: number, kind: 'least' | 'most'): string {
  const met = kind === 'least' ? reached >= aim : reached <= aim;
  return `${met ? 'met   ' : 'missed'}  ${label}: ${reached.toFixed(2)} (at ${kind} ${aim})`;
}

function aimLines({ media, growth }: Results): string[] {
  const ratioLines = media.flatMap(({ medium, levels }) =>
    levels
      .filter(({ parallel }) => parallel === AIMS.parallel)
      .map(({ ratios }) =>
        aimLine(
          `turns/s to the floor's, ${AIMS.parallel} in parallel, ${TITLES[medium].toLowerCase()}`,
          ratios.turnsPerSecond.median,
          AIMS[medium],
          'least',
        ),
      ),
  );
  const grown = growthOf(growth.product).wholeMs;
  return ['Aims', ...ratioLines, aimLine('growth of a turn', grown, AIMS.growth, 'most')];
}

/** Returns the results as text. */
export function report(results: Results): string {
  const { machine, rounds, roundMs, othersShare, media, growth, counts } = results;
  const [level] = media[0]?.levels.slice(-1) ?? [];
  const loadMs = level?.product.loadCpuPerTurn.median ?? 0;
  return [
    machine,
    `${rounds} rounds of ${roundMs / 1000} s each, product and floor by turns; medians of the rounds. ` +
      `The load itself took ${loadMs.toFixed(2)} ms of CPU a turn, others ${(othersShare * 100).toFixed(0)} % of the machine.`,
    '',
    ...media.flatMap(mediumLines),
    ...growthLines(growth),
    ...countLines(counts),
    ...aimLines(results),
  ].join('\n');
}
