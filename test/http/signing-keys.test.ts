/** Making and rotating signing keys from the command line. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

interface Key {
  kid: string;
  x: string;
  d?: string;
}

function keysNew(args: string[] = [], input = ''): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'keys:new', '--', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    input,
  });
  return { status, stdout, stderr };
}

function keysOf(text: string): Key[] {
  return (JSON.parse(text) as { keys: Key[] }).keys;
}

/** Identifiers of keys, and whether they can sign. */
const told = (keys: Key[]) => keys.map(({ kid, d }) => [kid, d !== undefined]);

describe('npm run keys:new', () => {
  it('prints a set with one key that can sign', () => {
    const [made, another] = [keysOf(keysNew().stdout), keysOf(keysNew().stdout)];
    expect(told(made)).toEqual([[expect.stringMatching(/^[0-9a-f-]{36}$/), true]]);
    expect(made[0]?.kid).not.toBe(another[0]?.kid);
    expect(made[0]?.d).not.toBe(another[0]?.d);
  });

  it('adds a key to the set that a deployment publishes: no private half is needed', () => {
    const first = keysNew().stdout;
    const published = keysNew(['--public'], first).stdout;
    expect(told(keysOf(published))).toEqual([[keysOf(first)[0]?.kid, false]]);
    const { status, stdout } = keysNew(['--add'], published);
    expect(status).toBe(0);
    expect(told(keysOf(stdout))).toEqual([
      [keysOf(first)[0]?.kid, false],
      [expect.any(String), true],
    ]);
  });

  it('keeps the private halves of a set that has them, and of a long set the newest keys', () => {
    let set = keysNew().stdout;
    const kids = [keysOf(set)[0]?.kid];
    for (let index = 0; index < 3; index += 1) {
      set = keysNew(['--add'], set).stdout;
      kids.push(keysOf(set).at(-1)?.kid);
    }
    expect(told(keysOf(set))).toEqual(kids.slice(-3).map((kid) => [kid, true]));
    const one = keysNew(['--add', '--keep', '1'], set).stdout;
    expect(keysOf(one).map(({ kid }) => kid)).toEqual([kids.at(-1), keysOf(one).at(-1)?.kid]);
  });

  it('prints a secret for variables, and a new one before those that are set', () => {
    const first = keysNew(['--variables']).stdout.trim();
    expect(first).toMatch(/^[\w-]{43}$/);
    const both = keysNew(['--variables', '--add'], first).stdout.trim().split(',');
    expect(both).toEqual([expect.stringMatching(/^[\w-]{43}$/), first]);
    const one = keysNew(['--variables', '--add', '--keep', '1'], both.join(',')).stdout.trim().split(',');
    expect(one.slice(1)).toEqual(both.slice(0, 1));
  });

  it.each([
    ['nothing', ['--add'], ''],
    ['no JSON', ['--add'], 'swordfish'],
    ['no set', ['--add'], '{"swordfish":[]}'],
    ['a key of another kind', ['--add'], '{"keys":[{"kty":"RSA","kid":"swordfish"}]}'],
    [
      'a key that is none',
      ['--add'],
      '{"keys":[{"kty":"EC","crv":"P-256","kid":"k","x":"swordfish","y":"swordfish"}]}',
    ],
    ['no number to keep', ['--add', '--keep', 'many'], '{"keys":[]}'],
    ['an unknown option', ['--swordless'], ''],
    ['no secrets', ['--variables', '--add'], ''],
    ['a short secret', ['--variables', '--add'], `${'a'.repeat(32)},swordfish`],
    ['secrets that have no public half', ['--variables', '--public'], 'a'.repeat(32)],
  ])('prints nothing that could become a secret for the input %s', (_name, args, input) => {
    const { status, stdout, stderr } = keysNew(args, input);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).not.toBe('');
    expect(stderr).not.toContain('swordfish');
  });
});
