/** Parts that the operations on agents and on context graphs share. */
import type { Context } from 'hono';
import * as z from 'zod';
import type { AppEnv } from '../edge/context.ts';
import { newIdentifier } from '../identifiers.ts';
import { readBlueprints, readVersions } from '../registry/object/client.ts';
import type { BlueprintKind, PageOf, StoredVersion } from '../registry/object/blueprint.ts';
import type { Changed } from '../registry/object/commands.ts';
import { atMost } from '../registry/primitives.ts';
import type { Listed } from '../contract/blueprints.ts';
import { makerShownTo } from './makers.ts';
import { actorOf, change } from './management.ts';
import { signedIn } from './operation.ts';
import { ContinuationToken, identifiers, pageLimit, sortBy } from './parameters.ts';

/** Returns the query of a list. The published sizes of the pages of both lists differ. */
export function listQuery(limit: z.ZodDefault<z.ZodInt>) {
  return z.object({
    deprecated: z.boolean().nullish().meta({ description: 'Only deleted ones, or only those that are not.' }),
    id: identifiers({ description: 'Only these.' }),
    limit,
    continuation_token: ContinuationToken,
  });
}

/** Query of a new version. */
export const expectedVersion = {
  version: z.int().gt(0).nullish().meta({
    description: 'The number that the version must get; any other is refused.',
  }),
};

const RANGE = /^(\d{1,7}|latest)(?:-(\d{1,7}|latest))?$/;

/** A number of a range, or null for the latest version. */
type Bound = number | null;

/** Versions as `3`, `latest`, `1-3` or `1-latest`; all of them without one. */
const VersionRange = atMost(20)
  .nullish()
  .meta({
    description: 'Only this version or these versions: `3`, `latest`, `1-3`, `1-latest`.',
  })
  .transform((text, ctx): { from: Bound; to: Bound } => {
    const [, first, last = first] = RANGE.exec(text ?? '1-latest') ?? [];
    const bound = (word = '') => (word === 'latest' ? null : Number(word));
    const [from, to] = [bound(first), bound(last)];
    if (first === undefined || from === 0 || (from !== null && to !== null && from > to)) {
      ctx.addIssue({
        code: 'custom',
        message: 'must be a version, or two with a hyphen, the lower one first',
      });
      return z.NEVER;
    }
    return { from, to };
  });

/** Query of a list of versions. */
export const VersionsQuery = z.object({
  version: VersionRange,
  limit: pageLimit(10, 10, { description: 'The most versions to return.' }),
  continuation_token: ContinuationToken,
  sort_by: sortBy(['version'], { description: '`+version`, the first one first, or `-version`.' }),
});

type Page = { has_more: boolean; continuation_token: number | null };

function pageOf({ next }: PageOf<unknown>): Page {
  return { has_more: next !== null, continuation_token: next };
}

/** Returns a page of the agents or graphs that the caller may see. */
export async function listed(
  c: Context<AppEnv>,
  kind: BlueprintKind,
  query: z.output<ReturnType<typeof listQuery>>,
): Promise<{ entries: Listed[]; page: Page }> {
  const found = await readBlueprints(c.env, actorOf(c), {
    kind,
    ids: query.id,
    deprecated: query.deprecated ?? null,
    limit: query.limit,
    after: query.continuation_token,
  });
  const entries = found.entries.map(({ id, name, deprecated, latest }) => ({
    id,
    name,
    deprecated,
    latest_version: latest,
  }));
  return { entries, page: pageOf(found) };
}

/** Returns a page of the versions of an agent or a graph, each with its time and maker. */
export async function versionsOf(
  c: Context<AppEnv>,
  kind: BlueprintKind,
  id: string,
  { version, limit, continuation_token: after, sort_by }: z.output<typeof VersionsQuery>,
) {
  const ascending = sort_by[0]?.ascending ?? true;
  const found = await readVersions(c.env, actorOf(c), { kind, id, ...version, ascending, limit, after });
  const { caller } = signedIn(c);
  const made = ({ at, actor }: StoredVersion) => ({
    created_at: new Date(at).toISOString(),
    creator: makerShownTo(caller, actor),
  });
  return {
    entries: found.entries.map((entry) => ({ value: entry.value, ...made(entry) })),
    page: pageOf(found),
  };
}

/** Creates an agent or a graph without a version, and returns its identifier. */
export async function create(
  c: Context<AppEnv>,
  operation: string,
  kind: BlueprintKind,
  name: string,
): Promise<{ id: string }> {
  const command = { type: 'create-blueprint', kind, id: newIdentifier(Date.now()), name } as const;
  const { about } = await change(c, operation, command, { name });
  return { id: about.id };
}

/** Returns what the answer to a new version says. */
export function versionMade({ about, at }: Changed): { version: number; created_at: string } {
  return { version: about.version ?? 0, created_at: new Date(at).toISOString() };
}
