/** Where everything of a graph stands in its picture. */
import { Graph, layout } from '@dagrejs/dagre';
import type { GraphEdge, GraphModel, GraphNode } from './graph-model.ts';

export interface Point {
  x: number;
  y: number;
}

export interface PlacedNode {
  node: GraphNode;
  /** The middle. */
  x: number;
  y: number;
  width: number;
  height: number;
  lines: string[];
}

export interface PlacedEdge {
  edge: GraphEdge;
  points: Point[];
}

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
const LINE_LETTERS = 15;
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
  action: 22,
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
    width: Math.max(84, letters * LETTER_WIDTH + SIDES[node.kind]),
    height: lines.length * LINE_HEIGHT + 22,
  };
}

/** Places a graph from top to bottom, so that most edges lead down and few cross. */
export function pictureOf(model: GraphModel): Picture {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 22, edgesep: 10, ranksep: 46, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  const sizes = new Map(model.nodes.map((node) => [node.id, sizeOf(node)]));
  for (const { id } of model.nodes) graph.setNode(id, { ...sizes.get(id) });
  for (const { from, to } of model.edges) graph.setEdge(from, to, {});
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width,
    height,
    nodes: model.nodes.map((node) => {
      const { x, y } = graph.node(node.id) as Point;
      const size = sizes.get(node.id) ?? sizeOf(node);
      return { node, x, y, ...size };
    }),
    edges: model.edges.map((edge) => ({
      edge,
      points: (graph.edge(edge.from, edge.to) as { points: Point[] }).points,
    })),
  };
}
