import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../../bindings.ts';
import { LateModule } from '../../late-module.ts';
import type { OrganizationRegistry } from './organization-registry.ts';

const organizationRegistry = new LateModule(() => import('./organization-registry.ts'));

type Registered<Call extends keyof OrganizationRegistry> = OrganizationRegistry[Call];

/**
 * The truth about one organization, which KV has a published copy of: see `OrganizationRegistry`. A shell, whose inside is
 * loaded with its first call: few requests need it.
 */
export class Registry extends DurableObject<Env> {
  #inside: OrganizationRegistry | undefined;

  async #registry(): Promise<OrganizationRegistry> {
    const { OrganizationRegistry } = organizationRegistry.module ?? (await organizationRegistry.load());
    return (this.#inside ??= new OrganizationRegistry(this.ctx, this.env));
  }

  /** Returns documents: see `OrganizationRegistry.read`. */
  async read(...asked: Parameters<Registered<'read'>>) {
    return (await this.#registry()).read(...asked);
  }

  /** Makes a change: see `OrganizationRegistry.change`. */
  async change(...asked: Parameters<Registered<'change'>>) {
    return (await this.#registry()).change(...asked);
  }

  /** Publishes a file: see `OrganizationRegistry.import`. */
  async import(...asked: Parameters<Registered<'import'>>) {
    return (await this.#registry()).import(...asked);
  }

  /** Returns a page of users: see `OrganizationRegistry.users`. */
  async users(...asked: Parameters<Registered<'users'>>) {
    return (await this.#registry()).users(...asked);
  }

  /** Returns the variables of a user: see `OrganizationRegistry.variables`. */
  async variables(...asked: Parameters<Registered<'variables'>>) {
    return (await this.#registry()).variables(...asked);
  }

  /** Returns the API keys: see `OrganizationRegistry.keys`. */
  async keys(...asked: Parameters<Registered<'keys'>>) {
    return (await this.#registry()).keys(...asked);
  }

  /** Returns a page of agents or graphs: see `OrganizationRegistry.blueprints`. */
  async blueprints(...asked: Parameters<Registered<'blueprints'>>) {
    return (await this.#registry()).blueprints(...asked);
  }

  /** Returns a page of versions: see `OrganizationRegistry.versions`. */
  async versions(...asked: Parameters<Registered<'versions'>>) {
    return (await this.#registry()).versions(...asked);
  }

  /** Returns a page of changes: see `OrganizationRegistry.changes`. */
  async changes(...asked: Parameters<Registered<'changes'>>) {
    return (await this.#registry()).changes(...asked);
  }

  /** Checks a version of a graph: see `OrganizationRegistry.checkGraph`. */
  async checkGraph(...asked: Parameters<Registered<'checkGraph'>>) {
    return (await this.#registry()).checkGraph(...asked);
  }

  /** Publishes and erases what is left: see `OrganizationRegistry.alarm`. */
  override async alarm(): Promise<void> {
    await (await this.#registry()).alarm();
  }
}
