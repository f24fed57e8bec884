/** A registry's object for tests: an organization of its own, commands by its administrator, and what KV holds of it. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { grantsFor } from '../../../src/access/permissions.ts';
import { DEFAULT_ROLES } from '../../../src/access/default-roles.ts';
import { newIdentifier } from '../../../src/identifiers.ts';
import type { Outcome } from '../../../src/problems.ts';
import type {
  Actor,
  Changed,
  ChangeOptions,
  Command,
  CommandOf,
} from '../../../src/registry/object/commands.ts';
import { RegistryStore } from '../../../src/registry/object/store.ts';
import { documentsIn } from '../../../src/registry/object/view.ts';
import type { Documents } from '../../../src/registry/published.ts';
import { splitRevision } from '../../../src/registry/revisions.ts';
import { testEnv } from '../../support/client.ts';
import { ADMIN } from '../../support/organization.ts';
import { Tenant } from '../../support/tenant.ts';

export function actorIn(organization: string, user_id = ADMIN, role = 'DefaultAdministratorRole'): Actor {
  const grants = grantsFor(DEFAULT_ROLES[role] ?? [], { user_id, org_id: organization });
  return { organization, user_id, role, grants, request_id: 'a-test' };
}

export function newUserCommand(email: string, role = 'DefaultUserRole'): CommandOf<'create-user'> {
  return {
    type: 'create-user',
    id: newIdentifier(Date.now()),
    first_name: 'Nell',
    last_name: 'New',
    email,
    role,
    preferences: {},
    nonsensitive_variables: {},
    sensitive_variables: {},
  };
}

/** An organization whose registry a test changes. */
export class Managed {
  readonly tenant: Tenant;

  private constructor(tenant: Tenant) {
    this.tenant = tenant;
  }

  static async make(changes: Parameters<typeof Tenant.publish>[0] = {}): Promise<Managed> {
    return new Managed(await Tenant.publish(changes));
  }

  get id(): string {
    return this.tenant.id;
  }

  get stub() {
    return testEnv.REGISTRY_OBJECT.getByName(this.id);
  }

  change(
    command: Command,
    actor = actorIn(this.id),
    options: ChangeOptions = { operation: 'test' },
  ): Promise<Outcome<Changed>> {
    return this.stub.change(actor, command, options);
  }

  /** Runs with the store of the object. */
  store<T>(work: (store: RegistryStore, storage: DurableObjectStorage) => T | Promise<T>): Promise<T> {
    return runInDurableObject(this.stub, (_instance, { storage }) =>
      work(new RegistryStore(storage), storage),
    );
  }

  /** Everything that the object would publish, without what users keep for themselves. */
  truth(): Promise<Documents> {
    return this.store((store) => new Map(documentsIn(store, this.id)));
  }

  /** Runs the alarm until nothing is left to publish. */
  async settle(): Promise<void> {
    await this.store((_store, storage) => storage.setAlarm(Date.now()));
    await runDurableObjectAlarm(this.stub);
  }

  /** Everything that KV holds of the organization, without revisions. */
  async published(): Promise<Documents> {
    const { keys } = await testEnv.REGISTRY.list({ prefix: `org:${this.id}` });
    const documents = new Map<string, unknown>();
    for (const { name } of keys) {
      const value: unknown = await testEnv.REGISTRY.get(name, 'json');
      if (value !== null) documents.set(name, splitRevision(value).value);
    }
    return documents;
  }
}
