import { make } from '../elements.ts';
import { dollars, number } from './amounts.ts';
import type { Counted, UsageTotal } from './summary.ts';

const COLUMNS = ['Tokens in', 'Cached', 'Tokens out', 'Calls', 'Estimated', 'Cost'];

function cellsOf(counts: UsageTotal): HTMLElement[] {
  const { input_tokens, cached_input_tokens, output_tokens, model_calls, estimated_calls } = counts;
  const numbers = [input_tokens, cached_input_tokens, output_tokens, model_calls, estimated_calls];
  return [...numbers.map(number), dollars(counts.cost_usd)].map((text) =>
    make('td', { class: 'number' }, text),
  );
}

function rowOf(name: string, counts: UsageTotal): HTMLElement {
  return make('tr', {}, make('th', { scope: 'row', dir: 'auto' }, name), ...cellsOf(counts));
}

/** Makes a table of counts in a frame that scrolls, with their total as its last row. */
export function usageTable(
  label: string,
  first: string,
  rows: readonly Counted[],
  total: UsageTotal,
): HTMLElement {
  const heads = COLUMNS.map((text) => make('th', { scope: 'col', class: 'number' }, text));
  const table = make(
    'table',
    {},
    make('thead', {}, make('tr', {}, make('th', { scope: 'col' }, first), ...heads)),
    make('tbody', {}, ...rows.map(({ name, ...counts }) => rowOf(name, counts))),
    make('tfoot', {}, rowOf('Total', total)),
  );
  return make('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': label }, table);
}
