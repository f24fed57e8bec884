import type { Context } from 'hono';
import * as z from 'zod';
import { isDevelopment } from '../../deployment/switches.ts';
import { readBody } from '../../edge/body.ts';
import type { AppEnv } from '../../edge/context.ts';
import { invalidRequest, readInput } from '../../edge/input.ts';
import { JURISDICTIONS } from '../../home.ts';
import { FileTextError, MAX_FILE_BYTES, readFileText } from '../../registry/file-text.ts';
import { importFile } from '../../registry/object/client.ts';
import { logOperator, operatorIn, operatorOf } from './operator.ts';

const NOTHING = z.object({});

/** Schema of the options of an import. The file itself is the body. */
export const ImportQuery = z.object({
  bump: z.boolean().default(false),
  release: z.boolean().default(false),
  dry_run: z.boolean().default(false),
});

/** Part of a file that tells where a new organization is made. The registry checks the whole file. */
const StatedJurisdiction = z.object({
  organization: z.object({ jurisdiction: z.enum(JURISDICTIONS).nullish() }),
});

/** Publishes the file of an organization, or says what publishing it would do, for the operator. */
export async function importOrganization(c: Context<AppEnv>): Promise<Response> {
  operatorOf(c);
  const { query } = await readInput(c, { params: NOTHING, query: ImportQuery, headers: NOTHING });
  const text = new TextDecoder().decode(await readBody(c.req.raw, MAX_FILE_BYTES));
  let file: unknown;
  try {
    file = readFileText(text);
  } catch (error) {
    if (!(error instanceof FileTextError)) throw error;
    throw invalidRequest([{ loc: ['body'], msg: error.message, type: 'json_invalid' }]);
  }
  const stated = StatedJurisdiction.safeParse(file).data?.organization.jurisdiction;
  const actor = await operatorIn(c, stated);
  const options = query as z.infer<typeof ImportQuery>;
  const imported = await importFile(c.env, actor, { ...options, file, isProduction: !isDevelopment(c.env) });
  if (imported.revision !== null) logOperator(c, 'import-organization');
  return c.json(imported);
}
