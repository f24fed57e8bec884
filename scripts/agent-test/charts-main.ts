/**
 * `npm run agent:charts -- PATH...`: plays troubleshooting charts and prints the shares that go right. A path is a file,
 * or a directory with files. `--model` plays on the model that `LLM_BASE_URL`, `LLM_MODEL` and `LLM_API_KEY` name;
 * `--letters` plays without word vectors; `--verbose` prints every mistake; `--json` prints the results as JSON.
 */
import { playChart, type ChartResult, type Share } from './chart-runs.ts';
import { parseChartFile, type ChartFile } from './charts.ts';
import { runCommand, usageOf, type CommandLine } from './command-line.ts';
import { readJson } from './load.ts';
import { reasonerFor } from './reasoners.ts';

function shown({ right, of }: Share): string {
  return `${right} of ${of}${of === 0 ? '' : ` (${Math.round((100 * right) / of)} %)`}`;
}

function sum(results: readonly ChartResult[], name: 'transitions' | 'kept' | 'resumed' | 'paths'): Share {
  return results.reduce(
    (total, { [name]: { right, of } }) => ({ right: total.right + right, of: total.of + of }),
    { right: 0, of: 0 },
  );
}

function print(title: string, results: readonly ChartResult[]): void {
  console.log(`\n${title}`);
  console.log(`  right transitions:              ${shown(sum(results, 'transitions'))}`);
  console.log(`  place kept after a question:    ${shown(sum(results, 'kept'))}`);
  console.log(`  and then the answer understood: ${shown(sum(results, 'resumed'))}`);
  console.log(`  whole paths:                    ${shown(sum(results, 'paths'))}`);
}

/** Reads the file of a chart. Throws with every error of the file. */
async function loadChart(path: string): Promise<ChartFile> {
  const input = await readJson(path);
  try {
    return parseChartFile(input);
  } catch (error) {
    throw new Error(`${path}\n${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

async function playFile(path: string, options: CommandLine): Promise<ChartResult> {
  const chart = await loadChart(path);
  const result = await playChart(chart, reasonerFor({ models: [] }, options));
  if (options.json) return result;
  print(`${path}: ${result.name}`, [result]);
  if (options.verbose) for (const complaint of result.complaints) console.log(`    ${complaint}`);
  return result;
}

await runCommand(usageOf('agent:charts', 'troubleshooting charts'), async (options) => {
  const results: ChartResult[] = [];
  for (const file of options.files) results.push(await playFile(file, options));
  if (options.json) console.log(JSON.stringify(results, null, 2));
  else if (results.length > 1) print('All', results);
  return results.every(({ complaints }) => complaints.length === 0) ? 0 : 1;
});
