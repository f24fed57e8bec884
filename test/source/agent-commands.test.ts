import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

function run(script: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [`scripts/agent-test/${script}.ts`, ...args],
    {
      encoding: 'utf8',
    },
  );
  return { status, stdout, stderr };
}

describe.each([
  ['main', 'agent:test'],
  ['charts-main', 'agent:charts'],
])('the command of scripts/agent-test/%s.ts', (script, command) => {
  const usage = `Usage: npm run ${command} -- PATH...`;

  it('prints its usage for --help', () => {
    const { status, stdout, stderr } = run(script, '--help');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain(usage);
  });

  it.each<[reason: string, args: string[], message: string]>([
    ['an unknown option', ['--nope'], "Unknown option '--nope'"],
    ['no file', [], 'Name at least one file or directory.'],
    ['a missing file', ['missing.json'], 'There is no file "missing.json".'],
    [
      'a directory without JSON files',
      ['scripts/agent-test'],
      'The directory "scripts/agent-test" has no JSON files.',
    ],
  ])('refuses %s with its usage and exit code 2', (_reason, args, message) => {
    const { status, stdout, stderr } = run(script, ...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).toContain(usage);
    expect(stderr).not.toContain('    at ');
  });

  it('reports a file of another format by its path, without a stack', () => {
    const { status, stderr } = run(script, 'package.json');
    expect(status).toBe(2);
    expect(stderr).toContain('package.json\n');
    expect(stderr).not.toContain('    at ');
    expect(run(script, 'CHANGELOG.md').stderr).toContain('CHANGELOG.md is not JSON');
  });
});

it('agent:charts plays every JSON file of a directory', () => {
  const { stdout } = run('charts-main', 'test/dialogues/plain-charts', '--json');
  expect(JSON.parse(stdout)).toHaveLength(3);
});
