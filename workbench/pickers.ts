import { byId, offer } from './elements.ts';
import type { RegisteredOrganization } from '../src/contract/workbench.ts';

/** The choice of every user whose conversations an administrator may see, in place of the user of the session. */
export const EVERYBODY = '*';

/** The choice of the four pickers, by identifiers and names. */
export interface Choice {
  organization: string;
  service: string;
  versions: string;
  user: string;
}

/** `wanted` where it is offered, else what is offered first. */
function among(offered: readonly { id: string }[], wanted: string): string {
  return (offered.find(({ id }) => id === wanted) ?? offered[0])?.id ?? '';
}

/** The four pickers at the top. What is chosen in one decides what the others offer. */
export class Pickers {
  readonly #organization = byId('organization', HTMLSelectElement);
  readonly #service = byId('service', HTMLSelectElement);
  readonly #versions = byId('version-set', HTMLSelectElement);
  readonly #user = byId('user', HTMLSelectElement);
  #offered: readonly RegisteredOrganization[] = [];

  constructor(onChange: (choice: Choice, was: Choice) => void) {
    for (const select of this.#all()) {
      select.addEventListener('change', () => {
        const was = this.#choice;
        this.choose(this.#read());
        onChange(this.#choice, was);
      });
    }
  }

  #choice: Choice = { organization: '', service: '', versions: '', user: '' };

  get choice(): Choice {
    return this.#choice;
  }

  /** Offers organizations, and chooses as much of `wanted` as there is. */
  offer(organizations: readonly RegisteredOrganization[], wanted: Choice): Choice {
    this.#offered = organizations;
    return this.choose(wanted);
  }

  choose(wanted: Choice): Choice {
    const organization = among(this.#offered, wanted.organization);
    const { services = [], users = [] } = this.#offered.find(({ id }) => id === organization) ?? {};
    const service = among(services, wanted.service);
    const sets = services.find(({ id }) => id === service)?.version_sets ?? [];
    const versions = sets.includes(wanted.versions) ? wanted.versions : (sets[0] ?? '');
    const user = among(users, wanted.user);
    const named = ({ id, name }: { id: string; name: string }) => ({ value: id, text: name });
    offer(this.#organization, this.#offered.map(named), organization);
    offer(this.#service, services.map(named), service);
    offer(
      this.#versions,
      sets.map((name) => ({ value: name, text: name })),
      versions,
    );
    offer(
      this.#user,
      users.map(({ id, name, role }) => ({ value: id, text: role === '' ? name : `${name} · ${role}` })),
      user,
    );
    this.#choice = { organization, service, versions, user };
    return this.#choice;
  }

  /** Locks the pickers while a turn runs: its subject does not change. */
  lock(isLocked: boolean): void {
    for (const select of this.#all()) select.disabled = isLocked || select.options.length === 0;
  }

  #all(): HTMLSelectElement[] {
    return [this.#organization, this.#service, this.#versions, this.#user];
  }

  #read(): Choice {
    return {
      organization: this.#organization.value,
      service: this.#service.value,
      versions: this.#versions.value,
      user: this.#user.value,
    };
  }
}
