/** The check that docs/security.md names tests that exist. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const CHECK = join(import.meta.dirname, '../../scripts/checks/security.ts');
/** A test file and one of its titles. */
const FILE = 'test/base64url.test.ts';
const TITLE = 'decodes the bytes that were encoded';
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'security-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Returns the result of the check of a document; of the project's own by default. */
async function check(document?: string): Promise<{ status: number | null; stderr: string }> {
  const path = join(folder, 'document.md');
  if (document !== undefined) await writeFile(path, document);
  const args = document === undefined ? [CHECK] : [CHECK, path];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, stderr };
}

const GOOD = `- A statement\n  of two lines.\n  \`${FILE}\` "${TITLE}"\n`;

describe('the check of the security document', () => {
  it('accepts the document of this project', async () => {
    expect(await check()).toEqual({ status: 0, stderr: '' });
  });

  it('accepts a statement with its test', async () => {
    expect(await check(GOOD)).toEqual({ status: 0, stderr: '' });
    expect(await check(`- Another.\n  \`${FILE}\`\n`)).toEqual({ status: 0, stderr: '' });
  });

  it.each([
    ['a statement without a test', '- Trust me.\n', ':1: the statement names no test'],
    ['a statement after a good one', `${GOOD}- Trust me.\n`, ':4: the statement names no test'],
    ['a test behind the end of the list', `- Trust me.\n\n  \`${FILE}\`\n`, 'names no test'],
    [
      'a file that is not there',
      '- A.\n  `test/edge/no-such.test.ts`\n',
      'no-such.test.ts, which does not exist',
    ],
    ['a title that is not there', `- A.\n  \`${FILE}\` "no such title"\n`, 'names "no such title"'],
    [
      'a title of another file',
      `- A.\n  \`${FILE}\`\n  \`test/text.test.ts\` "${TITLE}"\n`,
      'which test/text.test.ts lacks',
    ],
    ['the second of two titles', `- A.\n  \`${FILE}\` "${TITLE}" "b c"\n`, '"b c"'],
    ['a document without a statement', '# Who can do what\n', 'there is no statement'],
  ])('refuses %s', async (_name, document, message) => {
    const { status, stderr } = await check(document);
    expect([status, stderr]).toEqual([1, expect.stringContaining(message) as string]);
  });

  it('accepts statements without a test only under their own heading', async () => {
    const unproved = '## Not proved by a test\n\n- The platform says so.\n';
    expect((await check(`${GOOD}\n${unproved}`)).status).toBe(0);
    expect((await check(`${GOOD}\n${unproved}\n## More\n\n- Trust me.\n`)).status).toBe(1);
  });
});
