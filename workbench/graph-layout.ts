/** The places of a graph's states and exits in its picture. */
import { Graph, layout } from '@dagrejs/dagre';
import type { GraphEdge, GraphModel, GraphNode } from './graph-model.ts';

/** A point of the picture. */
export interface Point {
  x: number;
  y: number;
}

/** A node with its place in the picture. */
export interface PlacedNode {
  node: GraphNode;
  /** The middle. */
  x: number;
  y: number;
  width: number;
  height: number;
  lines: string[];
}

/** An edge with the points of its line. */
export interface PlacedEdge {
  edge: GraphEdge;
  points: Point[];
  /** True for an edge to a state that many edges lead to, so that its line says little. */
  isAside: boolean;
}

/** The picture of a graph: its size, nodes and edges. */
export interface Picture {
  width: number;
  height: number;
  nodes: PlacedNode[];
  edges: PlacedEdge[];
}

/** Of the labels' font at its size: what an average and a wide letter need, in units of the picture. */
const LETTER_WIDTH = 7.6;
const LINE_HEIGHT = 17;
/** Names longer than this take a second line. */
const LINE_LETTERS = 13;
const MARGIN = 16;

/** Breaks words into lines of about the same length. */
export function linesOf(label: string): string[] {
  const lines: string[] = [];
  for (const word of label.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < LINE_LETTERS) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}

/** Shapes with slanted sides leave less room for their words. */
const SIDES: Readonly<Record<GraphNode['kind'], number>> = {
  action: 18,
  annotation: 30,
  decision: 40,
  recall: 44,
  reflection: 40,
  'tool-call': 40,
  reference: 40,
};

function sizeOf(node: GraphNode): { width: number; height: number; lines: string[] } {
  const lines = linesOf(node.label);
  const letters = Math.max(...lines.map((line) => line.length));
  return {
    lines,
    width: Math.max(76, letters * LETTER_WIDTH + SIDES[node.kind]),
    height: lines.length * LINE_HEIGHT + 18,
  };
}

/** A state that this many others lead to, as nearly all lead to a goodbye. */
const HUB_WAYS = 5;
const SPACING = { rankdir: 'TB', nodesep: 14, edgesep: 6, ranksep: 40, marginx: MARGIN, marginy: MARGIN };

type Sizes = ReadonlyMap<string, ReturnType<typeof sizeOf>>;

function laidOut(sizes: Sizes, edges: readonly GraphEdge[]): Graph {
  const graph = new Graph();
  graph.setGraph({ ...SPACING });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const [id, { width, height }] of sizes) graph.setNode(id, { width, height });
  for (const { from, to } of edges) graph.setEdge(from, to, {});
  layout(graph);
  return graph;
}

/**
 * The edges that give a picture its order. Each way to a hub would take a lane of its own down the whole picture and
 * make it too wide to read: of those, only the way from the nearest state above is kept.
 */
function orderingEdges({ nodes, edges }: GraphModel, sizes: Sizes): GraphEdge[] {
  const ways = edges.filter(({ from, to }) => from !== to);
  const hubs = new Set(
    nodes.map(({ id }) => id).filter((id) => ways.filter(({ to }) => to === id).length >= HUB_WAYS),
  );
  if (hubs.size === 0) return ways;
  const whole = laidOut(sizes, ways);
  const heightOf = (id: string) => (whole.node(id) as Point).y;
  return ways.filter(({ from, to }) => {
    if (!hubs.has(to)) return true;
    const above = ways
      .filter((way) => way.to === to && heightOf(way.from) < heightOf(to))
      .map((way) => way.from);
    return above.sort((a, b) => heightOf(b) - heightOf(a))[0] === from;
  });
}

/** Places a graph from top to bottom, so that most edges lead down and few cross. */
export function pictureOf(model: GraphModel): Picture {
  const sizes = new Map(model.nodes.map((node) => [node.id, sizeOf(node)]));
  const ordering = orderingEdges(model, sizes);
  const graph = laidOut(sizes, ordering);
  const nodes = model.nodes.map((node): PlacedNode => {
    const { x, y } = graph.node(node.id) as Point;
    return { node, x, y, ...(sizes.get(node.id) ?? sizeOf(node)) };
  });
  const placed = new Map(nodes.map((at) => [at.node.id, at]));
  const edges = model.edges.flatMap((edge): PlacedEdge[] => {
    const [from, to] = [placed.get(edge.from), placed.get(edge.to)];
    if (from === undefined || to === undefined) return [];
    if (from === to) return [{ edge, points: loopAt(from), isAside: false }];
    if (!ordering.includes(edge)) return [{ edge, points: straight(from, to), isAside: true }];
    const { points } = graph.edge(edge.from, edge.to) as { points: Point[] };
    return [{ edge, points, isAside: false }];
  });
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return { width, height, nodes, edges };
}

/**
 * The distance that the edge from a state to itself leads aside, in units of the picture: less than the room between
 * two states.
 */
const LOOP_WIDTH = 12;

function loopAt({ x, y, width, height }: PlacedNode): Point[] {
  const side = x + width / 2;
  const rise = height / 4;
  return [
    { x: side - 3, y: y - rise },
    { x: side + LOOP_WIDTH, y: y - rise },
    { x: side + LOOP_WIDTH, y: y + rise },
    { x: side, y: y + rise },
  ];
}

/** Returns the point at which the line from a state's middle towards a point leaves the state. */
function rim({ x, y, width, height }: PlacedNode, towards: Point): Point {
  const [dx, dy] = [towards.x - x, towards.y - y];
  const scale = Math.min(width / 2 / Math.max(Math.abs(dx), 0.01), height / 2 / Math.max(Math.abs(dy), 0.01));
  return { x: x + dx * scale, y: y + dy * scale };
}

/** A way across the picture, bent a little so that those of neighbours do not lie on each other. */
function straight(from: PlacedNode, to: PlacedNode): Point[] {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const middle = { x: from.x + dx / 2 - dy * 0.12, y: from.y + dy / 2 + dx * 0.12 };
  return [rim(from, middle), middle, rim(to, middle)];
}
