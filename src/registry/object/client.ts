/** Client of the registry's objects. */
import type { Env } from '../../bindings.ts';
import { inTime } from '../../deadline.ts';
import { logError } from '../../log.ts';
import type { Home } from '../../home.ts';
import { registryOf } from '../../objects.ts';
import { problem, unwrap, type Outcome } from '../../problems.ts';
import { forgetDocuments } from '../documents.ts';
import type { RegistrySource } from '../source.ts';
import type { Actor, Changed, ChangeOptions, Command, Import, Imported, ImportedKeys } from './commands.ts';
import type { KeyRecord } from './records.ts';
import type { Read } from './registry.ts';
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
