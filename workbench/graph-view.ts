import { draw } from './elements.ts';
import { pictureOf, type Picture, type PlacedEdge, type PlacedNode, type Point } from './graph-layout.ts';
import { edgeKey, words, type GraphModel, type GraphNode } from './graph-model.ts';
import type { Lit } from './path.ts';
import { curveThrough, innerLineOf, outlineOf } from './shapes.ts';
import { Viewport } from './viewport.ts';

/** The names of the kinds of nodes. */
export const KIND_NAMES: Readonly<Record<GraphNode['kind'], string>> = {
  action: 'action',
  decision: 'decision',
  recall: 'recall',
  annotation: 'annotation',
  reflection: 'reflection',
  'tool-call': 'tool call',
  reference: 'another graph',
};

const LINE_HEIGHT = 17;

function labelOf(lines: readonly string[]): SVGTextElement {
  const top = (-(lines.length - 1) * LINE_HEIGHT) / 2;
  return draw(
    'text',
    { class: 'label', 'aria-hidden': 'true' },
    ...lines.map((line, index) =>
      draw('tspan', { x: 0, y: top + index * LINE_HEIGHT, dy: '0.35em' }, index === 0 ? line : ` ${line}`),
    ),
  );
}

/** Draws the arrow at a state in which conversations begin. */
function beginningOf({ node, height }: PlacedNode): SVGElement[] {
  if (node.beginsFor === null) return [];
  const y = -height / 2;
  const words = node.beginsFor === 'everybody' ? 'begins here' : `begins here: ${node.beginsFor}`;
  return [draw('path', { class: 'beginning', d: `M-7 ${y - 15}h14l-7 12z` }, draw('title', {}, words))];
}

/** Draws the sign of a state that a correction reopens: an arrow that turns back. */
function reopeningOf({ node, width, height }: PlacedNode): SVGElement[] {
  if (!node.isReopened) return [];
  const d = `M${width / 2 - 12} ${-height / 2 - 4}a6 6 0 1 1 -6 6M${width / 2 - 22} ${-height / 2 - 1}l4 4l4 -4`;
  return [draw('path', { class: 'reopening', d }, draw('title', {}, 'A correction reopens this state'))];
}

function drawNode(placed: PlacedNode): SVGGElement {
  const { node, x, y, width, height, lines } = placed;
  const outline = outlineOf(node.kind, width, height);
  return draw(
    'g',
    {
      class: `node ${node.kind}`,
      transform: `translate(${x} ${y})`,
      role: 'button',
      tabindex: -1,
      'data-node': node.id,
    },
    draw('path', { class: 'halo', d: outline }),
    draw('path', { class: 'shape', d: outline }),
    ...(node.isTerminal ? [draw('path', { class: 'inner', d: innerLineOf(width, height) })] : []),
    ...beginningOf(placed),
    ...reopeningOf(placed),
    labelOf(lines),
  );
}

function drawEdge({ edge, points, isAside }: PlacedEdge): SVGGElement {
  const d = curveThrough(points);
  const why = edge.conditions.length === 0 ? 'The only way on' : edge.conditions.join('\n— or —\n');
  return draw(
    'g',
    { class: isAside ? 'edge aside' : 'edge', 'data-edge': edgeKey(edge.from, edge.to) },
    draw('path', { class: 'line', d, 'marker-end': 'url(#arrow)' }),
    // A wide line that is not seen, so that a pointer finds the thin one.
    draw('path', { class: 'reach', d }, draw('title', {}, `${words(edge.from)} → ${words(edge.to)}\n${why}`)),
  );
}

function arrow(id: string): SVGMarkerElement {
  return draw(
    'marker',
    {
      id,
      viewBox: '0 0 8 8',
      refX: 7,
      refY: 4,
      markerWidth: 10,
      markerHeight: 10,
      // Thicker lines keep the size of their arrows.
      markerUnits: 'userSpaceOnUse',
      orient: 'auto',
    },
    draw('path', { d: 'M0 0L8 4L0 8Z' }),
  );
}

/** Returns the text of a node for a screen reader. */
function spoken(node: GraphNode, steps: readonly number[], isCurrent: boolean): string {
  return [
    node.label,
    KIND_NAMES[node.kind],
    node.beginsFor === null ? '' : `begins for ${node.beginsFor}`,
    node.isTerminal ? 'the end' : '',
    node.isReopened ? 'a correction reopens it' : '',
    steps.length === 0 ? '' : `step ${steps.join(' and ')} of the turn`,
    isCurrent ? 'current' : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** The picture of one graph: drawn once, then lit again and again. */
export class GraphView {
  readonly element: SVGSVGElement;
  readonly #viewport: Viewport;
  readonly #onSelect: (node: GraphNode) => void;
  readonly #edges = draw('g');
  readonly #nodes = draw('g');
  /** Above all states, and said in words by each: what is drawn here is not read out. */
  readonly #badges = draw('g', { 'aria-hidden': 'true' });
  #picture: Picture = { width: 1, height: 1, nodes: [], edges: [] };

  constructor(onSelect: (node: GraphNode) => void) {
    this.#onSelect = onSelect;
    this.element = draw(
      'svg',
      { class: 'drawing', role: 'group', 'aria-label': 'States' },
      draw('defs', {}, arrow('arrow'), arrow('arrow-lit')),
      this.#edges,
      this.#nodes,
      this.#badges,
    );
    this.#viewport = new Viewport(this.element);
    this.element.addEventListener('click', ({ target }) => {
      const id =
        target instanceof Element ? target.closest<SVGGElement>('.node')?.dataset['node'] : undefined;
      if (id !== undefined) this.#select(id);
    });
    this.element.addEventListener('keydown', (event) => this.#key(event));
  }

  show(model: GraphModel): void {
    this.#picture = pictureOf(model);
    this.element.setAttribute('aria-label', `States of ${model.name}`);
    this.#edges.replaceChildren(...this.#picture.edges.map(drawEdge));
    this.#nodes.replaceChildren(...this.#picture.nodes.map(drawNode));
    this.#viewport.resize(this.#picture.width, this.#picture.height);
    this.light({ steps: new Map(), edges: new Set(), current: null }, false);
  }

  /** Lights a path. `isLive`: the turn runs, so its end is still moving. */
  light({ steps, edges, current }: Lit, isLive: boolean): void {
    for (const { node } of this.#picture.nodes) {
      const element = this.#element(node.id);
      const numbers = steps.get(node.id) ?? [];
      const isCurrent = node.id === current;
      element?.classList.toggle('lit', numbers.length > 0 || isCurrent);
      element?.classList.toggle('current', isCurrent);
      element?.classList.toggle('live', isCurrent && isLive);
      element?.setAttribute('aria-label', spoken(node, numbers, isCurrent));
      if (isCurrent) element?.setAttribute('aria-current', 'step');
      else element?.removeAttribute('aria-current');
    }
    this.#badges.replaceChildren(
      ...this.#picture.nodes.flatMap((placed) => badgeOf(placed, steps.get(placed.node.id) ?? [])),
    );
    for (const edge of this.#edges.querySelectorAll<SVGGElement>('.edge')) {
      const isLit = edges.has(edge.dataset['edge'] ?? '');
      edge.classList.toggle('lit', isLit);
      edge.querySelector('.line')?.setAttribute('marker-end', isLit ? 'url(#arrow-lit)' : 'url(#arrow)');
      // What is lit lies above what is not.
      if (isLit) this.#edges.append(edge);
    }
    const tabbable = current ?? this.#picture.nodes[0]?.node.id;
    if (this.#element(tabbable ?? '') !== document.activeElement) this.#makeTabbable(tabbable ?? '');
    // The whole way where there is room for it, its end in any case.
    const way = this.#picture.nodes.filter(({ node }) => steps.has(node.id) && node.id !== current);
    const end = this.#picture.nodes.filter(({ node }) => node.id === current);
    for (const placed of [...way, ...end]) this.#viewport.reveal(placed);
  }

  zoom(direction: 1 | -1): void {
    this.#viewport.zoom(direction);
  }

  fit(): void {
    this.#viewport.fit();
  }

  #element(id: string): SVGGElement | null {
    return this.#nodes.querySelector<SVGGElement>(`[data-node="${CSS.escape(id)}"]`);
  }

  #select(id: string): void {
    const placed = this.#picture.nodes.find(({ node }) => node.id === id);
    if (placed === undefined) return;
    for (const element of this.#nodes.children)
      element.classList.toggle('selected', element === this.#element(id));
    this.#makeTabbable(id);
    this.#onSelect(placed.node);
  }

  /** One state is reached by Tab, the others from there by arrow keys: a graph has too many for a page's order. */
  #makeTabbable(id: string): void {
    for (const element of this.#nodes.children) {
      element.setAttribute('tabindex', element === this.#element(id) ? '0' : '-1');
    }
  }

  #key(event: KeyboardEvent): void {
    const id =
      event.target instanceof Element ? event.target.closest<SVGGElement>('.node')?.dataset['node'] : '';
    const direction = DIRECTIONS[event.key];
    if (event.key === 'Enter' || event.key === ' ') this.#select(id ?? '');
    else if (event.key === '+' || event.key === '=') this.zoom(1);
    else if (event.key === '-') this.zoom(-1);
    else if (event.key === '0') this.fit();
    else if (direction !== undefined && event.shiftKey) this.#viewport.pan(direction.x, direction.y);
    else if (direction !== undefined) this.#moveFocus(id ?? '', direction);
    else return;
    event.preventDefault();
  }

  /** Goes to the nearest state on that side; what lies straight ahead is nearer than what lies aside. */
  #moveFocus(id: string, { x: right, y: down }: Point): void {
    const from = this.#picture.nodes.find(({ node }) => node.id === id);
    if (from === undefined) return;
    const nearest = this.#picture.nodes
      .map((placed) => {
        const [dx, dy] = [placed.x - from.x, placed.y - from.y];
        const ahead = dx * right + dy * down;
        return { placed, ahead, distance: ahead + 2 * Math.abs(dx * down + dy * right) };
      })
      .filter(({ ahead }) => ahead > 1)
      .sort((a, b) => a.distance - b.distance)[0]?.placed;
    if (nearest === undefined) return;
    this.#makeTabbable(nearest.node.id);
    this.#viewport.reveal(nearest);
    this.#element(nearest.node.id)?.focus({ preventScroll: true });
  }
}

const DIRECTIONS: Readonly<Record<string, Point>> = {
  ArrowRight: { x: 1, y: 0 },
  ArrowLeft: { x: -1, y: 0 },
  ArrowDown: { x: 0, y: 1 },
  ArrowUp: { x: 0, y: -1 },
};

/** The numbers of a state's steps, in a pill on its corner. */
function badgeOf({ x, y, width, height }: PlacedNode, steps: readonly number[]): SVGElement[] {
  if (steps.length === 0) return [];
  const text = steps.join(' · ');
  const size = 13 + text.length * 6;
  return [
    draw(
      'g',
      { class: 'badge', transform: `translate(${x - width / 2 + 4} ${y - height / 2})` },
      draw('rect', { x: -size / 2, y: -10, width: size, height: 20, rx: 10 }),
      draw('text', { dy: '0.35em' }, text),
    ),
  ];
}
