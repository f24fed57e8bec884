/**
 * Publishing to a developer's own server, for `npm run dev`: the server checks and writes as the command line does, and
 * serves what is new at once. In development only.
 */
import type { Context } from 'hono';
import * as z from 'zod';
import { pause } from '../deadline.ts';
import type { PublicationAnswer, Revision } from '../contract/workbench.ts';
import { readBody } from '../edge/body.ts';
import type { AppEnv } from '../edge/context.ts';
import { invalidRequest, readInput } from '../edge/input.ts';
import { logChange } from '../log.ts';
import { FileTextError, MAX_FILE_BYTES, readFileText } from '../registry/file-text.ts';
import { registryKey } from '../registry/keys.ts';
import { KvRegistry } from '../registry/kv-registry.ts';
import { atMost, OrganizationId } from '../registry/primitives.ts';
import { missingSecrets } from '../registry/missing-secrets.ts';
import { carryOut, revisionIn } from '../registry/publication.ts';
import { preparePublication, PublicationError } from '../registry/publish.ts';
import { forgetRegistry } from '../registry/documents.ts';

const NOTHING = z.object({});
/** The options of a publication. The file itself is the body. */
export const PublishQuery = z.object({
  bump: z.boolean().default(true),
  release: z.boolean().default(false),
});

/** Reads the file that a request carries. Its type must be JSON: no page of another site can send that without asking. */
async function readFile(c: Context<AppEnv>): Promise<unknown> {
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? '')) {
    throw invalidRequest([
      { loc: ['header', 'content-type'], msg: 'must be application/json', type: 'value_error' },
    ]);
  }
  const text = new TextDecoder().decode(await readBody(c.req.raw, MAX_FILE_BYTES));
  try {
    return readFileText(text);
  } catch (error) {
    if (!(error instanceof FileTextError)) throw error;
    throw invalidRequest([{ loc: ['body'], msg: error.message, type: 'json_invalid' }]);
  }
}

/** Every error as a line with its place: names in a place are as long as their author made them. */
function refusal({ errors }: PublicationError) {
  return invalidRequest(
    errors.map(({ path, message }) => ({ loc: ['body'], msg: `${path}: ${message}`, type: 'value_error' })),
  );
}

function lacksSecrets(names: readonly string[]) {
  return invalidRequest(
    names.map((name) => ({
      loc: ['tools'],
      msg: `are given the secret ${name}, which is not set: write it into .dev.vars and start the server again`,
      type: 'value_error',
    })),
  );
}

/** Publishes a file: what changes, what is refused, and the revision when nothing is. */
export async function publishFile(c: Context<AppEnv>): Promise<Response> {
  const { query } = await readInput(c, { params: NOTHING, query: PublishQuery, headers: NOTHING });
  const input = await readFile(c);
  const store = new KvRegistry(c.env.REGISTRY);
  try {
    const publication = await preparePublication(store, input, query as z.infer<typeof PublishQuery>);
    const { organization, changes, notes, hints } = publication;
    if (changes.some(({ kind }) => kind === 'refuse'))
      return c.json({ organization, changes, notes, hints, revision: null } satisfies PublicationAnswer);
    const secrets = c.env as unknown as Record<string, unknown>;
    const missing = missingSecrets(publication, (name) => typeof secrets[name] === 'string');
    if (missing.length > 0) throw lacksSecrets(missing);
    const revision = await carryOut(store, publication);
    logChange({
      operation: 'publish-organization',
      organization,
      actor: 'account:development',
      object: organization,
      request_id: c.get('requestId'),
    });
    forgetRegistry();
    return c.json({ organization, changes, notes, hints, revision } satisfies PublicationAnswer);
  } catch (error) {
    throw error instanceof PublicationError ? refusal(error) : error;
  }
}

/** The time that a question for a change is held, and the pause between two looks at the registry, in milliseconds. */
const HOLD_MS = 20_000;
const LOOK_MS = 400;

/** The organization, and the revision of it that the page knows. */
export const RevisionQuery = z.object({
  organization: OrganizationId,
  /** The revision that the asker has: the answer waits until there is another. */
  known: atMost(64).optional(),
});

async function readRevision(c: Context<AppEnv>, organization: string): Promise<string | null> {
  const key = registryKey.revision(organization);
  const stored: unknown = await c.env.REGISTRY.get(key, 'json');
  return stored === null ? null : revisionIn(new Map([[key, stored]]), organization);
}

/** Reads the revision until it is another than `known`, for as long as a question is held. */
async function nextRevision(c: Context<AppEnv>, organization: string, known: string): Promise<string | null> {
  const until = Date.now() + HOLD_MS;
  for (;;) {
    const revision = await readRevision(c, organization);
    if (revision !== known || Date.now() >= until) return revision;
    await pause(LOOK_MS);
  }
}

/**
 * Tells the revision of an organization, so that the page notices a publication: at once, or, when the asker knows it
 * already, as soon as there is another. A publication that was made beside this server, by `npm run seed`, is noticed
 * here as well: what the isolate remembers is old then.
 */
export async function getRevision(c: Context<AppEnv>): Promise<Response> {
  const { query } = await readInput(c, { params: NOTHING, query: RevisionQuery, headers: NOTHING });
  const { organization, known } = query as z.infer<typeof RevisionQuery>;
  const isKnown = known !== undefined;
  const revision = isKnown ? await nextRevision(c, organization, known) : await readRevision(c, organization);
  if (revision !== known) forgetRegistry();
  return c.json({ revision } satisfies Revision, 200, { 'cache-control': 'no-store' });
}
