import { failure, type Outcome } from '../../problems.ts';
import type { Decision, Write } from './commands.ts';
import { keyOf, ORGANIZATION } from './names.ts';
import type { RegistryStore } from './store.ts';
import { publishedUnder } from './view.ts';

/** Returns the revision of the document that a write changes; 0 for a write that changes none. */
function revisionBefore(store: RegistryStore, organization: string, write: Write): number {
  switch (write.type) {
    case 'put-user':
    case 'delete-user':
      return store.storedUser(write.user.id)?.revision ?? 0;
    case 'put-adopted':
      return 0;
    case 'put':
    case 'delete':
      // The mark that users state preferences is no document that a caller reads.
      if (write.name.kind === 'preferences') return 0;
      return publishedUnder(store, organization, keyOf(organization, write.name)).revision;
    case 'delete-organization':
      return store.document(ORGANIZATION)?.revision ?? 0;
    case 'put-blueprint':
      return store.blueprints.get(write.blueprint.kind, write.blueprint.id)?.revision ?? 0;
    case 'tell':
      return 0;
  }
}

/** Returns the refusal of a decision about a document that changed after the revision `seen`; null if none did. */
export function outdated(
  store: RegistryStore,
  organization: string,
  { writes }: Decision,
  seen: number,
): Outcome<never> | null {
  const revision = Math.max(0, ...writes.map((write) => revisionBefore(store, organization, write)));
  if (revision <= seen) return null;
  return failure('revision_outdated', `It has changed in revision ${revision}: read it again first.`);
}
