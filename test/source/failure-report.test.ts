/** The end of what CI prints, from runs of Vitest that fail in every way in which a run can fail. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
/** Files of the failing run, by their names. Each begins with the import of what the others use. */
const FILES: Record<string, string> = {
  passing: "it('passes', () => {});",
  failing:
    "describe('a group', () => { it('passes', () => {}); it('adds', () => { expect(1 + 1).toBe(3); }); });",
  hook: "describe('a group', () => { beforeAll(() => { throw new Error('no server'); }); it('waits', () => {}); });",
  teardown: "afterAll(() => { throw new Error('no end'); }); it('passes', () => {});",
  importing: "import './no-such-file.ts'; it('passes', () => {});",
  rejecting: "it('leaves a rejection', () => { void Promise.reject(new Error('left behind')); });",
};

let folder = '';

beforeAll(async () => {
  await mkdir(join(ROOT, 'test-artefacts'), { recursive: true });
  folder = await mkdtemp(join(ROOT, 'test-artefacts/failing-run-'));
  await writeFile(join(folder, 'vitest.config.ts'), "export default { test: { name: 'sample' } };");
  for (const [name, text] of Object.entries(FILES)) {
    const imports = "import { afterAll, beforeAll, describe, expect, it } from 'vitest';";
    await writeFile(join(folder, `${name}.test.ts`), `${imports}\n${text}\n`);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  code: number;
  output: string;
}

/** Runs a program of Node to its end. */
function run(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd: ROOT, env: { ...process.env, ...env } };
    const child = execFile(process.execPath, args, options, (_error, output) => {
      resolve({ code: child.exitCode ?? -1, output });
    });
  });
}

/** Runs some of the files, and returns what CI prints at the end, with the exit code of the run. */
async function summaryOf(...names: string[]): Promise<{ run: number; ci: number; lines: string[] }> {
  const report = join(folder, `${names.join('-')}.json`);
  const program = [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder];
  const reporter = ['--reporter', join(ROOT, 'scripts/testing/failure-report.ts')];
  const files = names.map((name) => `${name}.test.ts`);
  const { code } = await run([...program, ...reporter, ...files], { TEST_REPORT: report });
  const { code: ci, output } = await run(['scripts/testing/summary.ts', report, String(code)]);
  return { run: code, ci, lines: output.trim().split('\n') };
}

describe('the summary of a run of the tests', () => {
  it('has one line for each test, hook and file that failed, with its project and the first line of its error', async () => {
    const { ci, lines } = await summaryOf('passing', 'failing', 'hook', 'teardown', 'importing');
    expect(ci).toBe(1);
    expect(lines[0]).toBe('What failed:');
    expect(lines.slice(1, -1).toSorted()).toEqual([
      '[sample] failing.test.ts > a group > adds: expected 2 to be 3 // Object.is equality',
      '[sample] hook.test.ts > a group: no server',
      expect.stringMatching(/^\[sample\] importing\.test\.ts: .*no-such-file\.ts/) as string,
      '[sample] teardown.test.ts: no end',
    ]);
    expect(lines.at(-1)).toBe('3 passed, 1 failed');
  });

  it('names an error that belongs to no test, and fails although all tests pass', async () => {
    const { run: code, ci, lines } = await summaryOf('rejecting');
    expect([code, ci]).toEqual([1, 1]);
    expect(lines).toEqual([
      'What failed:',
      expect.stringMatching(/^Unhandled Rejection in .*rejecting\.test\.ts.*: left behind$/) as string,
      '1 passed, 0 failed',
    ]);
  });

  it('is only the counts when all tests pass, and then the run passes', async () => {
    expect(await summaryOf('passing')).toEqual({ run: 0, ci: 0, lines: ['1 passed, 0 failed'] });
  });

  it('says so when a run wrote no report, or ended with a code although its report has no failure', async () => {
    const good = join(folder, 'good.json');
    await writeFile(good, JSON.stringify({ passed: 2, failed: 0, failures: [] }));
    const { code, output } = await run([
      'scripts/testing/summary.ts',
      ...[good, '134'],
      ...[join(folder, 'none.json'), '0'],
    ]);
    expect(code).toBe(1);
    expect(output.trim().split('\n')).toEqual([
      'What failed:',
      'The run "good" ended with code 134 after its last test.',
      'The run "none" wrote no report and ended with code 0.',
      '2 passed, 0 failed',
    ]);
  });

  it('has at most 60 lines, which are short', async () => {
    const many = join(folder, 'many.json');
    const failures = Array.from({ length: 200 }, (_, index) => `${index} ${'x'.repeat(5_000)}`);
    await writeFile(many, JSON.stringify({ passed: 0, failed: 200, failures }));
    const { output } = await run(['scripts/testing/summary.ts', many, '1']);
    const lines = output.split('\n');
    expect(lines.length).toBeLessThanOrEqual(60);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(400);
    expect(lines.slice(-3, -1)).toEqual(['and 145 more', '0 passed, 200 failed']);
  });
});
