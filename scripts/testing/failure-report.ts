/** A reporter of Vitest that writes to a file, which TEST_REPORT names, what made a run of the tests fail. */
import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** Result of a run of the tests. */
export interface TestReport {
  passed: number;
  failed: number;
  /** One line for each test, hook, file and unhandled error that made the run fail. */
  failures: string[];
}

interface Failure {
  message?: string;
}

function firstLine({ message = '' }: Failure = {}): string {
  return message.trim().split('\n')[0] ?? '';
}

/** Returns the failures of one file: its own (an import, a hook), those of its groups, and those of its tests. */
function failuresOfFile(file: TestModule): string[] {
  const place = `[${file.project.name}] ${file.relativeModuleId}`;
  const tests = [...file.children.allTests()].flatMap((test) => {
    const { state, errors } = test.result();
    return state === 'failed' ? [`${place} > ${test.fullName}: ${firstLine(errors[0])}`] : [];
  });
  const groups = [...file.children.allSuites()].flatMap((suite) =>
    suite.errors().map((error) => `${place} > ${suite.fullName}: ${firstLine(error)}`),
  );
  const own = file.errors().map((error) => `${place}: ${firstLine(error)}`);
  const found = [...own, ...groups, ...tests];
  const ended = file.state() !== 'pending' && file.state() !== 'queued';
  if (found.length > 0 || (ended && file.ok())) return found;
  return [`${place}: ${ended ? 'The file failed without an error.' : 'The file did not end.'}`];
}

/** Returns the line of an error that belongs to no test. It fails the run, although all tests may pass. */
function unhandledFailure(error: SerializedError): string {
  const { VITEST_TEST_PATH: path, VITEST_TEST_NAME: test, type } = error as Record<string, unknown>;
  const where = [path, test].filter((part) => typeof part === 'string').join(' > ');
  const kind = typeof type === 'string' ? type : 'Unhandled Error';
  return `${kind}${where === '' ? '' : ` in ${where}`}: ${firstLine(error)}`;
}

/** Returns the report of a run. */
export function reportOf(
  files: readonly TestModule[],
  unhandled: readonly SerializedError[],
  reason: string,
): TestReport {
  const states = files.flatMap((file) => [...file.children.allTests()].map((test) => test.result().state));
  const failures = [...files.flatMap(failuresOfFile), ...unhandled.map(unhandledFailure)];
  if (files.length === 0) failures.push('No test file was run.');
  if (reason !== 'passed' && failures.length === 0) failures.push(`The run ended as ${reason}.`);
  return {
    passed: states.filter((state) => state === 'passed').length,
    failed: states.filter((state) => state === 'failed').length,
    failures,
  };
}

/** Writes the report when the run has ended. */
export default class FailureReporter implements Reporter {
  onTestRunEnd(files: readonly TestModule[], unhandled: readonly SerializedError[], reason: string): void {
    const path = process.env.TEST_REPORT;
    if (path === undefined) throw new Error('Set TEST_REPORT to the file that the report is written to.');
    writeFileSync(path, JSON.stringify(reportOf(files, unhandled, reason)));
  }
}
