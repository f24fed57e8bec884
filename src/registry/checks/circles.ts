/** Finds circles of references: of graphs, and of models that are fallbacks of each other. */

/** References by key. A reference to a key without an entry is ignored. */
export type References = ReadonlyMap<string, readonly string[]>;

/**
 * Walks along all references. Returns the keys in an order in which each comes after its references, and one circle for
 * each reference that leads back into the present path. Takes linear time in keys and references.
 */
export function walkReferences(references: References): { order: string[]; circles: string[][] } {
  const order: string[] = [];
  const circles: string[][] = [];
  const state = new Map<string, 'open' | 'done'>();
  for (const start of references.keys()) {
    if (state.has(start)) continue;
    const path = [{ key: start, next: 0 }];
    state.set(start, 'open');
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const target = references.get(top.key)?.[top.next];
      top.next += 1;
      if (target === undefined) {
        state.set(top.key, 'done');
        order.push(top.key);
        path.pop();
      } else if (state.get(target) === 'open') {
        circles.push(path.slice(path.findIndex(({ key }) => key === target)).map(({ key }) => key));
      } else if (!state.has(target) && references.has(target)) {
        state.set(target, 'open');
        path.push({ key: target, next: 0 });
      }
    }
  }
  return { order, circles };
}
