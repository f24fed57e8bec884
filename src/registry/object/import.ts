/** Publication of a file by the object: the same plan as that of the command line, against what the object holds. */
import { failure, ProblemError, success, type Outcome } from '../../problems.ts';
import { sameJson } from '../differences.ts';
import { missingSecrets } from '../missing-secrets.ts';
import { planPublication, type Publication } from '../publication.ts';
import { parseOrganizationFile, PublicationError } from '../publish.ts';
import { readPublished } from '../published.ts';
import { isDeparted } from '../users.ts';
import { takeOut, takeOver } from './adoption.ts';
import type { Import, Write } from './commands.ts';
import type { RegistryStore } from './store.ts';
import { documentsIn } from './view.ts';

/** Returns everything that is wrong with a file, as the errors of a request. */
function wrong({ errors }: PublicationError): ProblemError {
  const [first] = errors;
  return new ProblemError({
    code: 'request_invalid',
    detail: `The file cannot be published. ${first === undefined ? '' : `${first.path}: ${first.message}.`}`,
    errors: errors.slice(0, MAX_ERRORS).map(({ path, message }) => ({
      loc: ['body'],
      msg: `${path}: ${message}`,
      type: 'value_error',
    })),
    error_count: errors.length,
  });
}

/** Maximum number of errors that an answer lists. */
const MAX_ERRORS = 100;

/** Returns what publishing a file to an organization would do. `has` tells which secrets the deployment has. */
export function planImport(
  store: RegistryStore,
  organization: string,
  { file, isProduction, bump, release }: Import,
  has: (name: string) => boolean,
): Outcome<Publication> {
  try {
    const published = readPublished(documentsIn(store, organization), organization);
    const parsed = parseOrganizationFile(file, { published, isProduction });
    if (parsed.organization.id !== organization) {
      return failure('request_invalid', `The file is of the organization "${parsed.organization.id}".`);
    }
    const options = { bump: bump === true, release: release === true };
    const plan = planPublication(published, parsed, options);
    const missing = missingSecrets(plan, has);
    if (missing.length === 0) return success(plan);
    const detail = `Tools are given secrets that are not set: ${missing.join(', ')}.`;
    return failure('request_invalid', detail);
  } catch (error) {
    if (error instanceof PublicationError) return { ok: false, problem: wrong(error).problem };
    throw error;
  }
}

/** Returns the users of roles that grant something else after a publication. */
function usersOfChangedRoles(store: RegistryStore, { documents, organization }: Publication): string[] {
  const before = store.organization()?.roles ?? [];
  const after = readPublished(documents, organization).organization?.roles ?? [];
  const grantsOf = (roles: typeof before, name: string) =>
    roles.find((role) => role.name === name)?.permission_grants ?? [];
  return before
    .filter(({ name }) => !sameJson(grantsOf(before, name), grantsOf(after, name)))
    .flatMap(({ name }) => store.usersOf(name));
}

/** Returns the agents and graphs of a file that were deleted: they are in use again. */
function restored(store: RegistryStore, { documents, organization }: Publication): Write[] {
  const { latest } = readPublished(documents, organization).catalog;
  return Object.keys(latest).flatMap((id) =>
    (['agent', 'graph'] as const).flatMap((kind): Write[] => {
      const blueprint = store.blueprint(kind, id);
      if (blueprint?.deprecated !== true) return [];
      return [{ type: 'put-blueprint', blueprint: { ...blueprint, deprecated: false } }];
    }),
  );
}

/** Returns the writes that carry a publication out. Limiters are told about users and roles that have changed. */
export function importWrites(store: RegistryStore, plan: Publication): Write[] {
  const { organization, removals } = plan;
  const entries = plan.writes.flat();
  const written = entries.flatMap(([key, value]) =>
    isDeparted(value) ? takeOut(store, organization, key) : takeOver(store, organization, key, value),
  );
  const users = written.flatMap((write) => (write.type === 'put-user' ? [write.user.id] : []));
  return [
    ...written,
    ...restored(store, plan),
    ...removals.flatMap((key) => takeOut(store, organization, key)),
    { type: 'tell', kind: 'user', users: users.filter((id) => store.user(id) !== null) },
    { type: 'tell', kind: 'organization', users: usersOfChangedRoles(store, plan) },
  ];
}
