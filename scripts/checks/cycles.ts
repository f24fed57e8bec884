/** Returns the groups of nodes that reach each other, each of at least two nodes and sorted (Tarjan's algorithm). */
export function cyclesOf(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const stack: string[] = [];
  const open = new Set<string>();
  const cycles: string[][] = [];

  /** Returns the lowest order number that `node` reaches among the open nodes. */
  const visit = (node: string): number => {
    const own = order.size;
    let lowest = own;
    order.set(node, own);
    stack.push(node);
    open.add(node);
    for (const next of edges.get(node) ?? []) {
      if (!order.has(next)) lowest = Math.min(lowest, visit(next));
      else if (open.has(next)) lowest = Math.min(lowest, order.get(next) ?? lowest);
    }
    if (lowest === own) {
      const group = stack.splice(stack.indexOf(node));
      for (const member of group) open.delete(member);
      if (group.length > 1) cycles.push(group.sort());
    }
    return lowest;
  };

  for (const node of edges.keys()) if (!order.has(node)) visit(node);
  return cycles;
}
