import type { UsageAnswer } from '../../src/contract/usage.ts';
import { draw, make } from '../elements.ts';
import { amount, minute } from './amounts.ts';

/** A limit of a budget, and how it stands. */
export type Standing = UsageAnswer['budgets'][number];

/** The names of services by their identifiers. One that is not listed is shown by its identifier. */
export type ServiceNames = ReadonlyMap<string, string>;

/** Says what a limit is of. */
function subject({ scope, service_id }: Standing, services: ServiceNames): string {
  if (service_id !== null) return `Service ${services.get(service_id) ?? service_id}`;
  switch (scope) {
    case 'organization':
      return 'The organization';
    case 'service':
      return 'Each service';
    case 'user':
      return 'Each known user';
    default:
      return `Each ${scope}`;
  }
}

/** Draws what is spent and held of a limit, and the soft percentage as a mark. The numbers stand beside it as text. */
function bar(limit: number, spent: number, held: number, soft: number | null): SVGElement {
  const percent = (value: number) => Math.min(100, Math.max(0, (value / limit) * 100));
  const [end, heldEnd] = [percent(spent), percent(spent + held)];
  const mark = soft === null ? [] : [draw('rect', { class: 'mark', x: soft - 0.25, width: 0.5, height: 10 })];
  return draw(
    'svg',
    { class: 'standing', viewBox: '0 0 100 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    draw('rect', { class: 'spent', y: 2, width: end, height: 6 }),
    draw('rect', { class: 'held', x: end, y: 2, width: heldEnd - end, height: 6 }),
    ...mark,
  );
}

/** Says where a limit stands that is used up, or whose soft percentage is passed. */
function state({ limit, spent, held, left, soft_percent }: Standing): HTMLElement[] {
  const isPassed = soft_percent !== null && ((spent ?? 0) + (held ?? 0)) * 100 >= limit * soft_percent;
  if (spent !== null && spent >= limit) {
    return [make('p', { class: 'state' }, 'Spent: it refuses turns until the period ends.')];
  }
  if (left === 0) return [make('p', { class: 'state' }, 'Conversations hold all that is left.')];
  return isPassed ? [make('p', { class: 'state' }, 'The soft percentage is passed.')] : [];
}

/** Names of what the bar shows in a colour of its own. */
const COLOURED: ReadonlySet<string> = new Set(['Spent', 'Held']);

function facts(standing: Standing): [string, string][] {
  const { limit, unit, spent, held, left, soft_percent, resets_at } = standing;
  const soft: [string, string][] =
    soft_percent === null
      ? []
      : [['Soft limit', `${soft_percent} % (${amount((limit * soft_percent) / 100, unit)})`]];
  const known: [string, number | null][] = [
    ['Limit', limit],
    ['Spent', spent],
    ['Held', held],
    ['Left', left],
  ];
  return [
    ...known.flatMap(([name, value]): [string, string][] =>
      value === null ? [] : [[name, amount(value, unit)]],
    ),
    ...soft,
    ['Begins anew', minute(resets_at)],
  ];
}

/** Makes the entry of one limit. One of each service or person has no sum of its own, and no bar. */
export function budgetOf(standing: Standing, services: ServiceNames): HTMLElement {
  const { period, limit, spent, held, soft_percent } = standing;
  const picture =
    spent === null
      ? make('p', { class: 'why' }, 'Counted apart for each of them: there is no common sum.')
      : bar(limit, spent, held ?? 0, soft_percent);
  return make(
    'li',
    {},
    make('h3', { dir: 'auto' }, `${subject(standing, services)}, each ${period}`),
    picture,
    ...state(standing),
    make(
      'dl',
      {},
      ...facts(standing).map(([name, value]) =>
        make(
          'div',
          {},
          make('dt', COLOURED.has(name) ? { class: name.toLowerCase() } : {}, name),
          make('dd', {}, value),
        ),
      ),
    ),
  );
}
