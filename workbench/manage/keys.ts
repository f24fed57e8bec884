import type { Client } from '../client.ts';
import { byId, make, offer } from '../elements.ts';
import type { Progress } from '../progress.ts';
import { confirmedButton, row, textOf, type NamedRole } from './parts.ts';

/** An API key of the list; the key itself is in no list. */
interface ListedKey {
  api_key_id: string;
  name: string | null;
  role_id: string;
  expires_at: string | null;
}

/** The API keys of an organization: a table, and a form to create one, which is shown once. */
export class Keys {
  readonly #progress: Progress;
  readonly #rows = byId('key-rows', HTMLTableSectionElement);
  readonly #form = byId('key-form', HTMLFormElement);
  readonly #roles = byId('key-role', HTMLSelectElement);
  readonly #shown = byId('key-shown', HTMLElement);
  #client: Client | null = null;
  #named: ReadonlyMap<string, string> = new Map();

  constructor(progress: Progress) {
    this.#progress = progress;
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#create();
    });
  }

  /** Shows the keys of the client's organization; `roles` are its roles. */
  async show(client: Client, roles: readonly NamedRole[]): Promise<void> {
    this.#client = client;
    this.#shown.replaceChildren();
    this.#named = new Map(roles.map(({ id, name }) => [id, name]));
    offer(
      this.#roles,
      roles.map(({ name }) => ({ value: name, text: name })),
      'DefaultAdministratorRole',
    );
    await this.#list();
  }

  async #list(): Promise<void> {
    const client = this.#client;
    if (client === null) return;
    const answer = await this.#progress.during('Reading keys …', this.#rows, () =>
      client.manage<{ api_keys: ListedKey[] }>('GET', 'organization/api_key/'),
    );
    if (answer !== null) this.#rows.replaceChildren(...answer.api_keys.map((key) => this.#row(key)));
  }

  #row({ api_key_id, name, role_id, expires_at }: ListedKey): HTMLTableRowElement {
    const until = expires_at === null ? 'never' : expires_at.slice(0, 10);
    const shown = name ?? api_key_id;
    const remove = confirmedButton('Delete', `Delete the key ${shown}`, async () => {
      const client = this.#client;
      if (client === null) return;
      this.#progress.clear();
      await this.#progress.during('Deleting the key …', this.#rows, () =>
        client.manage('DELETE', `organization/api_key/${api_key_id}/`),
      );
      await this.#list();
    });
    return row(shown, this.#named.get(role_id) ?? role_id, until, remove);
  }

  async #create(): Promise<void> {
    const client = this.#client;
    if (client === null) return;
    this.#progress.clear();
    const body = {
      name: textOf(this.#form, 'name'),
      role_name: textOf(this.#form, 'role_name'),
      duration: `P${textOf(this.#form, 'days')}D`,
    };
    const made = await this.#progress.during('Creating the key …', this.#rows, () =>
      client.manage<{ api_key_id: string; api_key: string }>('POST', 'organization/api_key/', body),
    );
    if (made === null) return;
    this.#form.reset();
    this.#shown.replaceChildren(
      'Copy the key now, it is not shown again: ',
      make('code', {}, made.api_key),
      ' with the identifier ',
      make('code', {}, made.api_key_id),
    );
    await this.#list();
  }
}
