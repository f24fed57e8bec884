import { problem, ProblemError } from '../../problems.ts';
import { canonicalJson } from '../../text.ts';
import { registryKey } from '../keys.ts';
import { adoption, publishedInKv, takeOver } from './adoption.ts';
import { OPERATOR } from './decide/access.ts';
import type { DocumentName, Write } from './commands.ts';
import { namedBy } from './names.ts';
import { ADOPTION, type RegistryStore } from './store.ts';

/** Time that KV may answer with an earlier state, in milliseconds. What changed here since then is newer. */
const KV_IS_BEHIND_MS = 2 * 60_000;

const REVISION: DocumentName = { kind: 'revision', id: '', version: 0 };

/** The revision of the whole as the object publishes it, and the one from beside the object that it has taken over. */
interface RevisionDocument {
  revision: string;
  adopted?: string;
}

/** Returns the write that each change makes, so that a publication past the object is noticed. */
export function revisionWrite(store: RegistryStore, adopted?: string): Write {
  const known = store.document(REVISION)?.value as RevisionDocument | undefined;
  const value: RevisionDocument = {
    revision: `${store.revision() + 1}-${crypto.randomUUID()}`,
    ...((adopted ?? known?.adopted) !== undefined && { adopted: adopted ?? known?.adopted ?? '' }),
  };
  return { type: 'put', name: REVISION, value };
}

/**
 * Keeps the object the owner of the truth: takes over what KV holds before the object manages the organization, and what
 * a command line has published to KV since.
 */
export class Truth {
  readonly #store: RegistryStore;
  readonly #kv: KVNamespace;

  constructor(store: RegistryStore, kv: KVNamespace) {
    this.#store = store;
    this.#kv = kv;
  }

  /** Makes sure that the object manages the organization. Throws 404 where there is none. */
  async open(organization: string): Promise<void> {
    if (this.#store.isManaged) {
      await this.adopt(organization);
    } else {
      const documents = await publishedInKv(this.#kv, organization);
      // Another request may have been faster.
      if (this.#store.isManaged) return;
      if (!documents.has(registryKey.organization(organization))) {
        throw problem('organization_not_found', `There is no organization "${organization}".`);
      }
      const writes = adoption(this.#store, organization, documents, () => true);
      this.#apply(organization, writes, documents.get(registryKey.revision(organization)));
    }
  }

  /** As `open`, for an organization that may not exist yet. Returns whether it does. */
  async openIfThere(organization: string): Promise<boolean> {
    try {
      await this.open(organization);
      return true;
    } catch (error) {
      if (error instanceof ProblemError && error.problem.code === 'organization_not_found') return false;
      throw error;
    }
  }

  /** Takes over what was published beside the object, where the revision in KV tells that something was. */
  async adopt(organization: string): Promise<void> {
    const stored = await this.#kv.get(registryKey.revision(organization), 'json').catch(() => null);
    // Copies of an organization that is being erased are not taken over again.
    if (this.#store.isBeingErased() || !this.#isNews(stored)) return;
    const documents = await publishedInKv(this.#kv, organization);
    if (this.#store.isBeingErased() || !this.#isNews(stored)) return;
    const now = Date.now();
    const isNews = (key: string) => this.#store.changedAt(organization, key) < now - KV_IS_BEHIND_MS;
    this.#apply(organization, adoption(this.#store, organization, documents, isNews), stored);
  }

  /** Takes over a user that the object does not have and KV has. */
  async adoptUser(organization: string, id: string): Promise<void> {
    if (this.#store.storedUser(id) !== null || this.#store.organization() === null) return;
    const key = registryKey.user(organization, id);
    if (key.length > 128) return;
    const stored = await this.#kv.get(key, 'json').catch(() => null);
    if (stored === null || this.#store.storedUser(id) !== null || this.#store.organization() === null) return;
    this.#apply(organization, takeOver(this.#store, organization, key, stored), undefined);
  }

  /** Takes over the users under keys that the object does not have and KV has. */
  async adoptUsersUnder(organization: string, keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const named = namedBy(organization, key);
      if (named?.type === 'user') await this.adoptUser(organization, named.id);
    }
  }

  #isNews(stored: unknown): boolean {
    if (stored === null) return false;
    const known = this.#store.document(REVISION)?.value as RevisionDocument | undefined;
    const { revision } = stored as RevisionDocument;
    // The object's own revisions have a hyphen: an older one is what KV still answers.
    return !revision.includes('-') && canonicalJson(stored) !== known?.adopted;
  }

  #apply(organization: string, writes: Write[], revision: unknown): void {
    if (writes.length === 0 && revision === undefined) return;
    const adopted = revision === undefined ? undefined : canonicalJson(revision);
    this.#store.apply(
      organization,
      {
        writes: [...writes, revisionWrite(this.#store, adopted)],
        about: { kind: 'organization', id: organization },
      },
      { at: Date.now(), actor: OPERATOR, operation: ADOPTION, request_id: '' },
      true,
    );
  }
}
