/** The part of the page for usage of models and budgets. */
import type { ServicesAnswer } from '../../src/contract/organizations.ts';
import type { UsageAnswer } from '../../src/contract/usage.ts';
import type { Client } from '../client.ts';
import { byId, hint, make } from '../elements.ts';
import type { Progress } from '../progress.ts';
import { budgetOf, type ServiceNames } from './budgets.ts';
import { dayChart } from './chart.ts';
import { countedBy, countedByDay, lastDays, type Counted } from './summary.ts';
import { usageTable } from './table.ts';

/** Answers about a range: the usage of each day, that of each service and model, and the names of services. */
interface Read {
  days: UsageAnswer;
  parts: UsageAnswer;
  services: ServiceNames;
}

/** Shows what the models of an organization have used, and how its budgets stand. */
export class Usage {
  readonly #progress: Progress;
  readonly #pane = byId('usage', HTMLElement);
  readonly #range = byId('usage-range', HTMLSelectElement);
  readonly #days = byId('usage-days', HTMLElement);
  readonly #services = byId('usage-services', HTMLElement);
  readonly #models = byId('usage-models', HTMLElement);
  readonly #budgets = byId('usage-budgets', HTMLElement);
  #client: Client | null = null;
  /** Counts the questions: an answer that a newer question has overtaken is not shown. */
  #asked = 0;

  constructor(progress: Progress) {
    this.#progress = progress;
    this.#range.addEventListener('change', () => {
      progress.clear();
      void this.#read();
    });
  }

  /** Reads everything anew, as the user of the client. What another user was shown is removed at once. */
  async show(client: Client): Promise<void> {
    this.#client = client;
    this.#empty();
    await this.#read();
  }

  #empty(): void {
    for (const part of [this.#days, this.#services, this.#models, this.#budgets]) part.replaceChildren();
  }

  async #read(): Promise<void> {
    const client = this.#client;
    if (client === null) return;
    this.#asked += 1;
    const asked = this.#asked;
    const range = lastDays(Number(this.#range.value), Date.now());
    const read = await this.#progress.during('Reading usage …', this.#pane, async (): Promise<Read> => {
      const [days, parts, { services }] = await Promise.all([
        client.usage({ ...range, group_by: 'day' }),
        client.usage({ ...range, group_by: 'service,model' }),
        client.manage<ServicesAnswer>('GET', 'service/?limit=20'),
      ]);
      return { days, parts, services: new Map(services.map(({ id, name }) => [id, name])) };
    });
    if (asked !== this.#asked) return;
    if (read === null) this.#empty();
    else this.#show(read);
  }

  #show({ days, parts, services }: Read): void {
    const { total } = days;
    const table = (label: string, first: string, rows: readonly Counted[]) =>
      total.model_calls === 0
        ? [hint('No model was called in these days.')]
        : [usageTable(label, first, rows, total)];
    const byDay = countedByDay(days);
    const used = byDay.filter(({ model_calls }) => model_calls > 0);
    const byService = countedBy(parts.groups, 'service_id');
    const named = byService.map((counted) => ({
      ...counted,
      name: services.get(counted.name) ?? counted.name,
    }));
    const chart = used.length === 0 ? [] : [dayChart(byDay)];
    this.#days.replaceChildren(...chart, ...table('List of days', 'Day', used));
    const rest = parts.is_complete ? [] : [hint('There is more usage than is listed here.')];
    this.#services.replaceChildren(...table('List of services', 'Service', named), ...rest);
    this.#models.replaceChildren(
      ...table('List of models', 'Model', countedBy(parts.groups, 'model')),
      ...rest.map((part) => part.cloneNode(true)),
    );
    this.#budgets.replaceChildren(
      days.budgets.length === 0
        ? hint('The organization has no budgets.')
        : make('ul', { class: 'budgets' }, ...days.budgets.map((budget) => budgetOf(budget, services))),
    );
  }
}
