/** Writes the file of a new agent. */
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { newIdentifier } from '../../src/identifiers.ts';

const ROOT = join(import.meta.dirname, '../..');
const STARTER = join(ROOT, 'examples/fruit-stall.json');

/**
 * Writes a starter file with new identifiers and the path of this repository's JSON Schema. Throws if the file exists
 * already.
 */
export async function writeStarter(path: string): Promise<void> {
  const schema = relative(dirname(path), join(ROOT, 'organization.schema.json'));
  const identifiers = new Map<string, string>();
  const text = (await readFile(STARTER, 'utf8'))
    .replace('../organization.schema.json', schema.startsWith('.') ? schema : `./${schema}`)
    .replaceAll(/\b6b0{19}\d{3}\b/g, (identifier) => {
      const own = identifiers.get(identifier) ?? newIdentifier(Date.now());
      identifiers.set(identifier, own);
      return own;
    });
  await writeFile(path, text, { flag: 'wx' });
}
