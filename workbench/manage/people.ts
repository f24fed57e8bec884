import type { Client } from '../client.ts';
import { byId, make, offer } from '../elements.ts';
import type { Progress } from '../progress.ts';
import { confirmedButton, row, textOf } from './parts.ts';

/** A user of the list, as far as the page shows them. */
interface ListedUser {
  user_id: string;
  first_name: string;
  last_name: string;
  email: string;
  role_name: string;
}

/** Most users of the table; the search finds the others. */
const MAX_USERS = 100;

/** The people of an organization: a table to search, roles to assign, a form to add one. */
export class People {
  readonly #progress: Progress;
  readonly #rows = byId('people-rows', HTMLTableSectionElement);
  readonly #search = byId('people-search', HTMLInputElement);
  readonly #form = byId('people-form', HTMLFormElement);
  readonly #roles = byId('people-role', HTMLSelectElement);
  #client: Client | null = null;
  #names: string[] = [];

  constructor(progress: Progress) {
    this.#progress = progress;
    this.#search.addEventListener('change', () => void this.#list());
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#add();
    });
  }

  /** Shows the people of the client's organization; `roles` are the names of its roles. */
  async show(client: Client, roles: readonly string[]): Promise<void> {
    this.#client = client;
    this.#names = [...roles];
    offer(
      this.#roles,
      roles.map((name) => ({ value: name, text: name })),
      'DefaultUserRole',
    );
    await this.#list();
  }

  async #list(): Promise<void> {
    const client = this.#client;
    if (client === null) return;
    const text = this.#search.value.trim();
    const query = new URLSearchParams(text === '' ? { limit: String(MAX_USERS) } : { query: text });
    const path = text === '' ? `user/?${query}` : `user/search/?${query}`;
    const answer = await this.#progress.during('Reading people …', this.#rows, () =>
      client.manage<{ users: ListedUser[] }>('GET', path),
    );
    if (answer !== null) this.#rows.replaceChildren(...answer.users.map((user) => this.#row(user)));
  }

  #row({ user_id, first_name, last_name, email, role_name }: ListedUser): HTMLTableRowElement {
    const name = `${first_name} ${last_name}`.trim();
    const select = make('select', { 'aria-label': `Role of ${name}` });
    offer(
      select,
      this.#names.map((role) => ({ value: role, text: role })),
      role_name,
    );
    select.addEventListener('change', () => {
      const path = `role/${encodeURIComponent(select.value)}/assign`;
      void this.#change('Assigning the role …', 'POST', path, { user_id });
    });
    const remove = confirmedButton('Delete', `Delete ${name}`, () =>
      this.#change('Deleting the user …', 'DELETE', `user/${encodeURIComponent(user_id)}`),
    );
    return row(name, email, select, remove);
  }

  async #add(): Promise<void> {
    const form = this.#form;
    const body = Object.fromEntries(
      ['first_name', 'last_name', 'email', 'role_name'].map((name) => [name, textOf(form, name)]),
    );
    const isDone = await this.#change('Adding the user …', 'POST', 'user/', body);
    if (isDone) form.reset();
  }

  /** Makes a change and shows what the list is then, also after a refusal. Returns whether it was made. */
  async #change(words: string, method: string, path: string, body?: unknown): Promise<boolean> {
    const client = this.#client;
    if (client === null) return false;
    this.#progress.clear();
    const done = await this.#progress.during(words, this.#rows, async () => {
      await client.manage(method, path, body);
      return true;
    });
    await this.#list();
    return done === true;
  }
}
