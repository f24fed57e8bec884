/** The outlines of the picture as SVG path data, each around the middle (0, 0). */
import type { Point } from './graph-layout.ts';
import type { NodeKind } from './graph-model.ts';

type Corner = readonly [x: number, y: number];

function polygon(...corners: Corner[]): string {
  return `M${corners.map(([x, y]) => `${x} ${y}`).join('L')}Z`;
}

function rounded(w: number, h: number, radius: number): string {
  const r = Math.min(radius, h);
  return (
    `M${-w + r} ${-h}H${w - r}A${r} ${r} 0 0 1 ${w} ${-h + r}V${h - r}A${r} ${r} 0 0 1 ${w - r} ${h}` +
    `H${-w + r}A${r} ${r} 0 0 1 ${-w} ${h - r}V${-h + r}A${r} ${r} 0 0 1 ${-w + r} ${-h}Z`
  );
}

/** The outline of each kind of node. Each kind has its own shape, so that no reader needs to tell colours apart. */
const OUTLINES: Readonly<Record<NodeKind, (w: number, h: number) => string>> = {
  action: (w, h) => rounded(w, h, 10),
  decision: (w, h) => polygon([-w, 0], [-w + 16, -h], [w - 16, -h], [w, 0], [w - 16, h], [-w + 16, h]),
  recall: (w, h) => polygon([-w + 14, -h], [w, -h], [w - 14, h], [-w, h]),
  annotation: (w, h) =>
    `${polygon([-w, -h], [w - 12, -h], [w, -h + 12], [w, h], [-w, h])}M${w - 12} ${-h}v12h12`,
  reflection: (w, h) => rounded(w, h, h),
  'tool-call': (w, h) => `${rounded(w, h, 2)}M${-w + 9} ${-h}V${h}M${w - 9} ${-h}V${h}`,
  reference: (w, h) => `${rounded(w, h, 4)}${rounded(w - 5, h - 5, 2)}`,
};

/** Returns the outline of a node. */
export function outlineOf(kind: NodeKind, width: number, height: number): string {
  return OUTLINES[kind](width / 2, height / 2);
}

/** The inner line of a state that ends its graph. */
export function innerLineOf(width: number, height: number): string {
  return rounded(width / 2 - 4, height / 2 - 4, 7);
}

/** A line through points, rounded at each of them. */
export function curveThrough(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const last = rest.pop();
  if (first === undefined || last === undefined) return '';
  let previous = first;
  let path = `M${first.x} ${first.y}`;
  for (const [index, point] of rest.entries()) {
    const next = rest[index + 1] ?? last;
    const isLast = index === rest.length - 1;
    const end = isLast ? last : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    path += `Q${point.x} ${point.y} ${end.x} ${end.y}`;
    previous = end;
  }
  return previous === last ? path : `${path}L${last.x} ${last.y}`;
}
