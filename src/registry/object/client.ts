/** Client of the registry's objects. */
import type { Env } from '../../bindings.ts';
import { inTime } from '../../deadline.ts';
import { logError } from '../../log.ts';
import type { Home } from '../../home.ts';
import { registryOf } from '../../objects.ts';
import { problem, unwrap, type Outcome } from '../../problems.ts';
import { forgetDocuments } from '../documents.ts';
import type { RegistrySource } from '../source.ts';
import type { ChangeQuery, StoredChange } from './audit.ts';
import type { BlueprintQuery, ListedBlueprint, PageOf, StoredVersion, VersionQuery } from './blueprint.ts';
import type {
  Actor,
  Changed,
  ChangeOptions,
  Command,
  GraphDraft,
  Import,
  Imported,
  ImportedKeys,
} from './commands.ts';
import type { KeyRecord } from './records.ts';
import type { Read } from './queries.ts';
import type { UserPage, UserQuery } from './user-queries.ts';

type Registries = Pick<Env, 'REGISTRY_OBJECT' | 'JURISDICTIONS'>;

/** Time that a request waits for a read and for a change, in milliseconds. */
const READ_MS = 2_000;
const CHANGE_MS = 15_000;
/** Time that a request waits for the publication of a file, in milliseconds. */
const IMPORT_MS = 120_000;

/** Returns what `work` answers; throws 503 where the object fails or does not answer. */
async function answered<T>(ms: number, work: Promise<T>): Promise<T> {
  try {
    return await inTime(ms, work);
  } catch (error) {
    logError('registry_object_unavailable', error);
    throw problem('registry_unavailable', 'The registry did not answer. Try again soon.');
  }
}

/** Returns the source of documents that KV does not have yet, or has an older copy of. */
export function registrySource(env: Registries): RegistrySource {
  return {
    async read(home, keys) {
      const read: Read = await answered(
        READ_MS,
        registryOf(env, home).read(home.organization, keys) as Promise<Read>,
      );
      return read.managed ? new Map(Object.entries(read.documents)) : null;
    },
  };
}

/** Makes a change. Throws its problem; 503 where it is not known whether it was made. */
export async function changeRegistry(
  env: Registries,
  actor: Actor,
  command: Command,
  options: ChangeOptions,
): Promise<Changed> {
  const registry = registryOf(env, actor);
  const change = registry.change(actor, command, options) as Promise<Outcome<Changed>>;
  const changed = unwrap(await answered(CHANGE_MS, change));
  forgetDocuments(changed.keys, changed.revision);
  return changed;
}

/** Publishes a file, or says what publishing it would do. Throws 422 with everything that is wrong with it. */
export async function importFile(env: Registries, actor: Actor, options: Import): Promise<Imported> {
  const registry = registryOf(env, actor);
  const imported = registry.import(actor, options) as Promise<Outcome<ImportedKeys>>;
  const { keys, ...result } = unwrap(await answered(IMPORT_MS, imported));
  if (result.revision !== null) forgetDocuments(keys, result.revision);
  return result;
}

/** Returns a page of the users that a caller may see. */
export async function readUsers(env: Registries, actor: Actor, query: UserQuery): Promise<UserPage> {
  const users = registryOf(env, actor).users(actor, query) as Promise<Outcome<UserPage>>;
  return unwrap(await answered(CHANGE_MS, users));
}

/** Returns the API keys of an organization. Checks no permission. */
export async function readKeys(env: Registries, home: Home): Promise<KeyRecord[]> {
  const keys = registryOf(env, home).keys(home.organization) as Promise<Outcome<KeyRecord[]>>;
  return unwrap(await answered(CHANGE_MS, keys));
}

/** Returns a page of the agents or graphs that a caller may see. */
export async function readBlueprints(
  env: Registries,
  actor: Actor,
  query: BlueprintQuery,
): Promise<PageOf<ListedBlueprint>> {
  const page = registryOf(env, actor).blueprints(actor, query) as Promise<Outcome<PageOf<ListedBlueprint>>>;
  return unwrap(await answered(CHANGE_MS, page));
}

/** Returns a page of the versions of an agent or a graph. Throws 403 and 404. */
export async function readVersions(
  env: Registries,
  actor: Actor,
  query: VersionQuery,
): Promise<PageOf<StoredVersion>> {
  const page = registryOf(env, actor).versions(actor, query) as Promise<Outcome<PageOf<StoredVersion>>>;
  return unwrap(await answered(CHANGE_MS, page));
}

/** Returns a page of changes. Throws 403. */
export async function readChanges(
  env: Registries,
  actor: Actor,
  query: ChangeQuery,
): Promise<PageOf<StoredChange>> {
  const page = registryOf(env, actor).changes(actor, query) as Promise<Outcome<PageOf<StoredChange>>>;
  return unwrap(await answered(CHANGE_MS, page));
}

/** Checks a version of a graph without storing it. */
export async function checkGraphVersion(
  env: Registries,
  actor: Actor,
  version: { id: string; expected: number | null },
  draft: GraphDraft,
): Promise<Outcome<{ version: number }>> {
  const checked = registryOf(env, actor).checkGraph(actor, version, draft) as Promise<
    Outcome<{ version: number }>
  >;
  return answered(CHANGE_MS, checked);
}

/** Returns the variables of a user with the values of the secret ones: for turns alone, no answer may show them. */
export async function readVariables(
  env: Registries,
  home: Home,
  user: string,
): Promise<Record<string, string>> {
  return answered(READ_MS, registryOf(env, home).variables(home.organization, user));
}
