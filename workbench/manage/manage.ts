/** The part of the page for people, keys and versions. */
import type { Client } from '../client.ts';
import { byId } from '../elements.ts';
import type { Progress } from '../progress.ts';
import { Keys } from './keys.ts';
import type { NamedRole } from './parts.ts';
import { People } from './people.ts';
import { Versions } from './versions.ts';

/** Shows and changes what an organization consists of, as the user of the session may. */
export class Manage {
  readonly #progress: Progress;
  readonly #people: People;
  readonly #keys: Keys;
  readonly #versions: Versions;
  readonly #pane = byId('manage', HTMLElement);

  constructor(progress: Progress) {
    this.#progress = progress;
    this.#people = new People(progress);
    this.#keys = new Keys(progress);
    this.#versions = new Versions(progress);
  }

  /** Reads everything anew, as the user of the client. */
  async show(client: Client): Promise<void> {
    const answer = await this.#progress.during('Reading roles …', this.#pane, () =>
      client.manage<{ roles: NamedRole[] }>('GET', 'role/'),
    );
    const roles = answer?.roles ?? [];
    await this.#people.show(
      client,
      roles.map(({ name }) => name),
    );
    await this.#keys.show(client, roles);
    await this.#versions.show(client);
  }
}
