import type { Client } from '../client.ts';
import { byId, make, offer } from '../elements.ts';
import type { Progress } from '../progress.ts';
import { differences } from '../../src/registry/differences.ts';
import type { ServiceInstance, ServicesAnswer } from '../../src/contract/organizations.ts';
import { RefusedError } from './refused.ts';

type Version = { version: number; created_at: string } & Record<string, unknown>;

/** Members of a version that are no content of it. */
const ABOUT = ['org_id', 'service_hierarchical_state_machine_id', 'version', 'created_at', 'creator'];

function contentOf(version: Version): Record<string, unknown> {
  return Object.fromEntries(Object.entries(version).filter(([name]) => !ABOUT.includes(name)));
}

const named = (version: number) => ({ value: String(version), text: `Version ${version}` });

/** The versions of a service's graph: compare two, publish one, move `release` and roll it back. */
export class Versions {
  readonly #progress: Progress;
  readonly #pane = byId('versions', HTMLElement);
  readonly #service = byId('versions-service', HTMLSelectElement);
  readonly #from = byId('compare-from', HTMLSelectElement);
  readonly #to = byId('compare-to', HTMLSelectElement);
  readonly #differences = byId('compare-lines', HTMLUListElement);
  readonly #release = byId('release-version', HTMLSelectElement);
  readonly #back = byId('release-back', HTMLButtonElement);
  readonly #now = byId('release-now', HTMLElement);
  readonly #draft = byId('draft-version', HTMLTextAreaElement);
  readonly #errors = byId('draft-errors', HTMLUListElement);
  #client: Client | null = null;
  #services: ServiceInstance[] = [];
  #versions: Version[] = [];

  constructor(progress: Progress) {
    this.#progress = progress;
    this.#service.addEventListener('change', () => void this.#read());
    for (const select of [this.#from, this.#to]) select.addEventListener('change', () => this.#compare());
    byId('release-move', HTMLButtonElement).addEventListener('click', () => {
      void this.#move(Number(this.#release.value));
    });
    this.#back.addEventListener('click', () => void this.#move(this.#released() - 1));
    byId('draft-check', HTMLButtonElement).addEventListener('click', () => void this.#publish(true));
    byId('draft-publish', HTMLButtonElement).addEventListener('click', () => void this.#publish(false));
  }

  /** Shows the services of the client's organization, and the versions of the first one's graph. */
  async show(client: Client): Promise<void> {
    this.#client = client;
    await this.#readServices();
    await this.#read();
  }

  async #readServices(): Promise<void> {
    const client = this.#client;
    if (client === null) return;
    const answer = await this.#progress.during('Reading services …', this.#pane, () =>
      client.manage<ServicesAnswer>('GET', 'service/?limit=20'),
    );
    if (answer === null) return;
    this.#services = answer.services;
    const options = this.#services.map(({ id, name }) => ({ value: id, text: name }));
    offer(this.#service, options, this.#service.value);
  }

  #chosen(): ServiceInstance | undefined {
    return this.#services.find(({ id }) => id === this.#service.value);
  }

  /** Returns the number of the graph's version that `release` has; the latest where it names none. */
  #released(): number {
    const pinned = this.#chosen()?.version_sets.release?.service_hierarchical_state_machine_version_number;
    return pinned ?? this.#versions[0]?.version ?? 0;
  }

  #path(): string {
    const id = this.#chosen()?.service_hierarchical_state_machine_id ?? '';
    return `organization/service_hierarchical_state_machine/${id}/`;
  }

  async #read(): Promise<void> {
    const client = this.#client;
    if (client === null || this.#chosen() === undefined) return;
    const answer = await this.#progress.during('Reading versions …', this.#pane, () =>
      client.manage<{ state_machine_versions: Version[] }>('GET', `${this.#path()}version?sort_by=-version`),
    );
    if (answer === null) return;
    this.#versions = answer.state_machine_versions;
    const [newest, before = newest] = this.#versions;
    const options = this.#versions.map(({ version }) => named(version));
    offer(this.#from, options, String(before?.version));
    offer(this.#to, options, String(newest?.version));
    this.#to.value = String(newest?.version);
    this.#from.value = String(before?.version);
    offer(this.#release, options, String(this.#released()));
    this.#draft.value = newest === undefined ? '' : JSON.stringify(contentOf(newest), null, 2);
    this.#compare();
    this.#showRelease();
  }

  #showRelease(): void {
    const isPinned =
      this.#chosen()?.version_sets.release?.service_hierarchical_state_machine_version_number !== null;
    this.#now.textContent = `New conversations of release begin with version ${this.#released()}${isPinned ? '' : ', the latest'}.`;
    this.#back.disabled = this.#released() <= 1;
  }

  #compare(): void {
    const of = (select: HTMLSelectElement) =>
      this.#versions.find(({ version }) => String(version) === select.value);
    const [from, to] = [of(this.#from), of(this.#to)];
    if (from === undefined || to === undefined) return;
    const lines = differences(contentOf(from), contentOf(to));
    const shown = lines.length === 0 ? ['They are the same.'] : lines;
    this.#differences.replaceChildren(...shown.map((line) => make('li', { dir: 'auto' }, line)));
  }

  /** Has `release` name a version of the graph, and leaves its agent and its models. */
  async #move(version: number): Promise<void> {
    const [client, service] = [this.#client, this.#chosen()];
    if (client === null || service === undefined) return;
    this.#progress.clear();
    const version_set = {
      agent_version_number: null,
      llm_model_preferences: {},
      ...service.version_sets.release,
      service_hierarchical_state_machine_version_number: version,
    };
    await this.#progress.during('Moving release …', this.#pane, () =>
      client.manage('PUT', `service/${service.id}/version_sets/release/`, { version_set }),
    );
    await this.#readServices();
    this.#release.value = String(this.#released());
    this.#showRelease();
  }

  async #publish(isDry: boolean): Promise<void> {
    const client = this.#client;
    if (client === null) return;
    this.#progress.clear();
    this.#errors.replaceChildren();
    const expected = (this.#versions[0]?.version ?? 0) + 1;
    const body = this.#content();
    if (body === null) return;
    const done = await this.#progress.during('Checking the version …', this.#pane, async () => {
      try {
        await client.manage('POST', `${this.#path()}?version=${expected}&dry_run=${isDry}`, body);
      } catch (error) {
        this.#tell(error);
        throw error;
      }
      return true;
    });
    if (done === null) return;
    if (isDry) this.#progress.tell('The version is in order. Nothing was stored.');
    else await this.#read();
  }

  /** Returns the content of the draft, or null for a text that is no JSON, which is told. */
  #content(): unknown {
    try {
      return JSON.parse(this.#draft.value) as unknown;
    } catch {
      this.#progress.tell('The draft is not valid JSON.');
      return null;
    }
  }

  /** Lists what is wrong with a draft, each error with its place. */
  #tell(error: unknown): void {
    const errors = error instanceof RefusedError ? error.errors : [];
    this.#errors.replaceChildren(
      ...errors.map(({ loc, msg }) => make('li', { dir: 'auto' }, `${loc.slice(1).join('.')}: ${msg}`)),
    );
  }
}
