/**
 * `npm run agent:charts -- FILE...`: plays troubleshooting charts and prints how much goes right. `--model` plays them
 * on the model that `LLM_BASE_URL`, `LLM_MODEL` and `LLM_API_KEY` name; `--verbose` prints what went wrong; `--json`
 * prints the results as JSON.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { playChart, type ChartResult, type Share } from './chart-runs.ts';
import { parseChartFile } from './charts.ts';
import { reasonerFor } from './reasoners.ts';

const { values: options, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

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

async function playFile(path: string): Promise<ChartResult> {
  const chart = parseChartFile(JSON.parse(await readFile(path, 'utf8')));
  const result = await playChart(chart, reasonerFor({ models: [] }, options.model));
  if (options.json) return result;
  print(`${path}: ${result.name}`, [result]);
  if (options.verbose) for (const complaint of result.complaints) console.log(`    ${complaint}`);
  return result;
}

if (files.length === 0) {
  console.error('Usage: npm run agent:charts -- FILE... [--model] [--verbose] [--json]');
  process.exitCode = 2;
} else {
  const results: ChartResult[] = [];
  for (const file of files) results.push(await playFile(file));
  if (options.json) console.log(JSON.stringify(results, null, 2));
  else if (results.length > 1) print('All', results);
  process.exitCode = results.every(({ complaints }) => complaints.length === 0) ? 0 : 1;
}
