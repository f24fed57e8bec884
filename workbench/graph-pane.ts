import { byId, draw, hint, make } from './elements.ts';
import { graphKey, modelOf, type GraphModel, type GraphNode } from './graph-model.ts';
import { GraphView, KIND_NAMES } from './graph-view.ts';
import { litOf, type Place } from './path.ts';
import { outlineOf } from './shapes.ts';
import { Tabs } from './tabs.ts';
import type { DrawnAgent, TurnsAnswer } from '../src/contract/workbench.ts';
import type { ContextGraph } from '../src/registry/graph.ts';

function legend(): HTMLLIElement[] {
  const shape = (kind: GraphNode['kind'], className = '') =>
    draw(
      'svg',
      { class: 'sample', viewBox: '-24 -14 48 28', 'aria-hidden': 'true' },
      draw(
        'g',
        { class: `node ${kind} ${className}` },
        draw('path', { class: 'shape', d: outlineOf(kind, 40, 20) }),
      ),
    );
  const kinds = Object.entries(KIND_NAMES) as [GraphNode['kind'], string][];
  return [
    ...kinds.map(([kind, name]) => make('li', {}, shape(kind), name)),
    make('li', {}, shape('action', 'lit'), 'on the way of the turn'),
    make('li', {}, shape('action', 'lit current'), 'where it stands'),
  ];
}

/**
 * Returns the query of the graphs that a conversation began with, by its versions; null when these are drawn already.
 */
export function versionsToDraw(
  { agent, graph, name }: TurnsAnswer['versions'],
  drawn: DrawnAgent<ContextGraph> | null,
): Record<string, string> | null {
  if (drawn?.agent.version === agent[1] && drawn.root[0] === graph[0] && drawn.root[1] === graph[1])
    return null;
  return { version_set: name, agent_version: String(agent[1]), graph_version: String(graph[1]) };
}

/** The pictures of an agent's graphs, one at a time, and the way of a turn through them. */
export class GraphPane {
  readonly #panel = byId('graph', HTMLElement);
  readonly #tabs: Tabs;
  readonly #view: GraphView;
  #models = new Map<string, GraphModel>();
  #drawn: DrawnAgent<ContextGraph> | null = null;
  #path: readonly Place[] = [];
  #isLive = false;

  constructor(onSelect: (node: GraphNode) => void) {
    this.#view = new GraphView((node) => {
      if (node.refersTo !== null) this.#open(node.refersTo.graph);
      onSelect(node);
    });
    this.#tabs = new Tabs(byId('graph-tabs', HTMLElement), this.#panel, (key) => this.#open(key));
    byId('legend', HTMLElement).replaceChildren(...legend());
    byId('zoom-in', HTMLElement).addEventListener('click', () => this.#view.zoom(1));
    byId('zoom-out', HTMLElement).addEventListener('click', () => this.#view.zoom(-1));
    byId('zoom-fit', HTMLElement).addEventListener('click', () => this.#view.fit());
    this.clear();
  }

  get drawn(): DrawnAgent<ContextGraph> | null {
    return this.#drawn;
  }

  get root(): ContextGraph | null {
    return this.#drawn?.graphs[0] ?? null;
  }

  clear(): void {
    this.#drawn = null;
    this.#tabs.offer([], '');
    this.#panel.replaceChildren(hint('The graph of the chosen service appears here.'));
  }

  show(drawn: DrawnAgent<ContextGraph>): void {
    this.#drawn = drawn;
    this.#models = new Map(
      drawn.graphs.map((graph) => [graphKey([graph.id, graph.version]), modelOf(graph)]),
    );
    const root = graphKey(drawn.root);
    this.#tabs.offer(
      [...this.#models.values()].map(({ key, name }) => ({ id: key, text: name })),
      root,
    );
    this.#panel.replaceChildren(this.#view.element);
    this.#open(root);
  }

  /** Lights the way of a turn, and goes along into the graph in which it stands. */
  light(path: readonly Place[], isLive: boolean): void {
    this.#path = path;
    this.#isLive = isLive;
    const graph = path.at(-1)?.graph;
    if (graph !== undefined && graph !== this.#tabs.selected && this.#models.has(graph)) this.#open(graph);
    else this.#light();
  }

  #open(key: string): void {
    const model = this.#models.get(key);
    if (model === undefined) return;
    this.#tabs.show(key);
    this.#view.show(model);
    this.#light();
  }

  #light(): void {
    const model = this.#models.get(this.#tabs.selected);
    if (model === undefined) return;
    this.#view.light(litOf(model, this.#path), this.#isLive);
    this.#tabs.mark(this.#path.at(-1)?.graph ?? null);
  }
}
