import { draw, make } from '../elements.ts';
import { number } from './amounts.ts';
import { tokensOf, type Counted } from './summary.ts';

/** The height of the picture in its own units; its width is a unit for each day. */
const HEIGHT = 100;
/** The least height of a bar, so that a day with little usage differs from one without. */
const MIN_BAR = 2;

/** Says in words what the bars show. */
export function described(days: readonly Counted[]): string {
  const [first, last] = [days[0]?.name ?? '', days.at(-1)?.name ?? ''];
  const sum = days.reduce((total, day) => total + tokensOf(day), 0);
  const used = days.filter((day) => tokensOf(day) > 0);
  const most = used.toSorted((one, other) => tokensOf(other) - tokensOf(one))[0];
  const head = `Tokens by day from ${first} to ${last}: ${number(sum)} on ${number(used.length)} of ${number(days.length)} days`;
  return most === undefined
    ? `${head}.`
    : `${head}, the most on ${most.name} with ${number(tokensOf(most))}.`;
}

/** Draws the tokens of each day as a bar. The picture stretches to its width; its words stand around it as text. */
export function dayChart(days: readonly Counted[]): HTMLElement {
  const most = Math.max(1, ...days.map(tokensOf));
  const bars = days.flatMap((day, x) => {
    const tokens = tokensOf(day);
    if (tokens === 0) return [];
    const height = Math.max(MIN_BAR, (tokens / most) * HEIGHT);
    const title = draw('title', {}, `${day.name}: ${number(tokens)} tokens`);
    return draw('rect', { class: 'bar', x: x + 0.1, y: HEIGHT - height, width: 0.8, height }, title);
  });
  const viewBox = `0 0 ${days.length} ${HEIGHT}`;
  const picture = draw(
    'svg',
    { class: 'days', viewBox, preserveAspectRatio: 'none', role: 'img', 'aria-label': described(days) },
    ...bars,
  );
  const ends = [days[0], days.at(-1)].map((day) => make('span', {}, day?.name ?? ''));
  return make(
    'figure',
    { class: 'chart' },
    make('p', { class: 'axis', 'aria-hidden': 'true' }, `${number(most)} tokens`),
    picture,
    make('p', { class: 'axis', 'aria-hidden': 'true' }, ...ends),
  );
}
