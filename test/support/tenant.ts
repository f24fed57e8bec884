/** An organization of its own for a test: with its settings, and with users who state what the test is about. */
import { newIdentifier } from '../../src/identifiers.ts';
import type { OrganizationFile } from '../../src/registry/organization.ts';
import { parseOrganizationFile, publishOrganization, publishUsers } from '../../src/registry/publish.ts';
import { Client, testEnv } from './client.ts';
import { ADMIN, ORGANIZATION, testOrganization } from './organization.ts';

type Settings = Partial<OrganizationFile['organization']>;
/** Settings of the organization, and what stands beside them in its file. */
type Changes = Settings & Partial<Pick<OrganizationFile, 'agents' | 'graphs' | 'services' | 'tools'>>;
type Preferences = OrganizationFile['users'][number]['preferences'];

export class Tenant {
  readonly id: string;

  private constructor(id: string) {
    this.id = id;
  }

  /** Publishes an organization with the agents and services of the tests' usual one. */
  static async publish(changes: Changes = {}): Promise<Tenant> {
    const tenant = new Tenant(`tenant-${newIdentifier(Date.now())}`);
    await tenant.republish(changes);
    return tenant;
  }

  /** Publishes the organization once more, with other settings or contents. */
  async republish({ agents, graphs, services, tools, ...settings }: Changes): Promise<void> {
    const file = testOrganization('0'.repeat(64));
    const roles = [...file.organization.roles, ...(settings.roles ?? [])];
    const published = {
      ...file,
      ...(agents && { agents }),
      ...(graphs && { graphs }),
      ...(tools && { tools }),
      services: file.services.map((service) => ({
        ...service,
        creator: this.#own(service.creator),
        updated_by: this.#own(service.updated_by),
      })),
      organization: { ...file.organization, ...settings, roles, id: this.id },
    };
    const parsed = parseOrganizationFile(published);
    // Given services are stored as they are: what they name may have been removed since.
    await publishOrganization(testEnv.REGISTRY, { ...parsed, ...(services && { services }) });
  }

  /** A user of the tests' usual organization, as a user of this one. */
  #own(user: OrganizationFile['services'][number]['creator']) {
    return { ...user, org_id: user.org_id === ORGANIZATION ? this.id : user.org_id };
  }

  /** Publishes an organization whose preference about its users' conversations and user models is given. */
  static withDefault(visible: boolean, settings: Settings = {}): Promise<Tenant> {
    const { default_user_preferences } = testOrganization('0'.repeat(64)).organization;
    return Tenant.publish({
      ...settings,
      default_user_preferences: {
        ...default_user_preferences,
        conversations_visible_to_admins: visible,
        user_model_visible_to_admins: visible,
      },
    });
  }

  get administrator(): Client {
    return this.client(ADMIN);
  }

  /** A client of a user here; `headers` are sent with each of its requests. */
  client(userId: string, headers: Record<string, string> = {}): Client {
    return new Client(userId, this.id, headers);
  }

  /** Publishes a further user. */
  async user({
    role = 'DefaultUserRole',
    name = 'Una User',
    preferences = null,
    id = newIdentifier(Date.now()),
  }: { role?: string; name?: string; preferences?: Preferences; id?: string } = {}): Promise<Client> {
    await publishUsers(testEnv.REGISTRY, this.id, [{ id, name, role, preferences }]);
    return this.client(id);
  }
}
