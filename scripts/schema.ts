/**
 * `npm run schema`: writes `organization.schema.json`, the JSON Schema of an organization's file, with which editors
 * complete and check it. `--check` fails if the stored schema is not current.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import * as z from 'zod';
import { OrganizationFile } from '../src/registry/organization.ts';

const PATH = join(import.meta.dirname, '../organization.schema.json');

/** Returns the schema as JSON in the format of the repository. */
async function organizationSchema(): Promise<string> {
  const schema = z.toJSONSchema(OrganizationFile, {
    io: 'input',
    // Repeated parts are written once.
    reused: 'ref',
    override: ({ jsonSchema }) => {
      // The bounds of safe integers are of no use to an author.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  const titled = { title: 'An organization of the Conversation API', ...schema };
  const config = await resolveConfig(PATH);
  return format(JSON.stringify(titled), { ...config, filepath: PATH });
}

const wanted = await organizationSchema();
if (process.argv.includes('--check')) {
  if ((await readFile(PATH, 'utf8').catch(() => '')) !== wanted) {
    console.error('organization.schema.json is not current: run "npm run schema".');
    process.exitCode = 1;
  }
} else {
  await writeFile(PATH, wanted);
}
