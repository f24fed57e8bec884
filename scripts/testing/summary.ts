/**
 * Prints why runs of the tests failed, in at most 60 lines, and how many tests passed: the end of what CI prints. Arguments
 * are, for each run, the file of its report and its exit code. Exits with 1 if a run failed or wrote no report.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { TestReport } from './failure-report.ts';

/** Lines for failures: with the heading, the rest and the counts at most 60. */
const MAX_FAILURES = 55;
const MAX_LINE_LENGTH = 400;

/** Returns the report of a run. If it does not tell why the run failed, a failure with the exit code is added. */
function readReport(path: string, code: string): TestReport {
  const run = `The run "${basename(path, '.json')}"`;
  let report: TestReport;
  try {
    report = JSON.parse(readFileSync(path, 'utf8')) as TestReport;
  } catch {
    const failure = `${run} wrote no report and ended with code ${code}.`;
    return { passed: 0, failed: 0, failures: [failure] };
  }
  if (code === '0' || report.failures.length > 0) return report;
  return { ...report, failures: [`${run} ended with code ${code} after its last test.`] };
}

const args = process.argv.slice(2);
const reports: TestReport[] = [];
for (let at = 0; at + 1 < args.length; at += 2) reports.push(readReport(args[at] ?? '', args[at + 1] ?? ''));
const failures = reports.flatMap((report) => report.failures);
if (failures.length > 0) {
  console.log('\nWhat failed:');
  for (const failure of failures.slice(0, MAX_FAILURES)) console.log(failure.slice(0, MAX_LINE_LENGTH));
  if (failures.length > MAX_FAILURES) console.log(`and ${failures.length - MAX_FAILURES} more`);
  process.exitCode = 1;
}
const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);
const passed = sum(reports.map((report) => report.passed));
console.log(`${passed} passed, ${sum(reports.map((report) => report.failed))} failed`);
