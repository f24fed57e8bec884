/** Takes and reads CPU profiles in the form of the V8 inspector (Profiler domain of the DevTools protocol). */
import { SourceMap } from 'node:module';
import type { ScriptFile } from '../scripts/worker-bundle.ts';

interface CallFrame {
  functionName: string;
  url: string;
  /** Line, from 0. */
  lineNumber: number;
  columnNumber: number;
}

interface ProfileNode {
  id: number;
  callFrame: CallFrame;
  children?: number[];
}

/** A CPU profile of V8. */
export interface CpuProfile {
  nodes: ProfileNode[];
  samples: number[];
  /** Microseconds between each sample and the one before. */
  timeDeltas: number[];
}

/** A function or a file with its share of the busy time. */
export interface Cost {
  name: string;
  self: number;
  /** Share with all called functions. */
  total: number;
}

/** Interval of samples in microseconds. */
const SAMPLING_INTERVAL_US = 200;

/** Profiles the code behind an inspector while `work` runs. */
export async function profileWhile(inspector: URL, work: () => Promise<unknown>): Promise<CpuProfile> {
  const socket = new WebSocket(inspector);
  const answers = new Map<number, (result: unknown) => void>();
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error(`No inspector answers at ${inspector.href}.`)));
  });
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id?: number; result?: unknown };
    if (id !== undefined) answers.get(id)?.(result);
  });
  let calls = 0;
  const call = (method: string, params = {}) =>
    new Promise<unknown>((resolve) => {
      calls += 1;
      answers.set(calls, resolve);
      socket.send(JSON.stringify({ id: calls, method, params }));
    });
  await call('Profiler.enable');
  await call('Profiler.setSamplingInterval', { interval: SAMPLING_INTERVAL_US });
  await call('Profiler.start');
  await work();
  const { profile } = (await call('Profiler.stop')) as { profile: CpuProfile };
  socket.close();
  return profile;
}

/** Returns the source maps of files by their names. */
export function sourceMapsOf(files: readonly ScriptFile[]): ReadonlyMap<string, SourceMap> {
  const read = (text: string) => JSON.parse(text) as ConstructorParameters<typeof SourceMap>[0];
  return new Map(files.map(({ name, sourceMap }) => [name, new SourceMap(read(sourceMap))]));
}

/** Returns the path of a source from the root, or the name of its package. */
function readablePath(path: string): string {
  return path.replace(/^(?:\.\.\/)+/, '').replace(/^.*node_modules\//, '');
}

/** Returns a function that names a frame by file and function. A frame outside the bundle keeps its name of V8. */
function naming(maps: ReadonlyMap<string, SourceMap>): (frame: CallFrame) => { file: string; name: string } {
  return ({ functionName, url, lineNumber, columnNumber }) => {
    const own = functionName === '' ? '(anonymous)' : functionName;
    if (url === '') return { file: own, name: own };
    // Modules of the runtime, such as its timers, have a scheme in their name; the bundle has none.
    if (url.includes(':')) return { file: url, name: `${own}  ${url}` };
    const entry = maps.get(url.replace(/^.*\//, ''))?.findEntry(lineNumber, columnNumber);
    if (entry === undefined || !('originalSource' in entry)) return { file: '(bundle)', name: own };
    const file = readablePath(entry.originalSource);
    return { file, name: `${own}  ${file}:${entry.originalLine + 1}` };
  };
}

/** Frames that are not work: waiting, and the root. */
const NO_WORK = new Set(['(idle)', '(root)']);

/** Returns the costs of a profile by function and by file, as shares of the busy time from 0 to 1. */
export function costsOf(
  profile: CpuProfile,
  maps: ReadonlyMap<string, SourceMap>,
): { functions: Cost[]; files: Cost[] } {
  const nameOf = naming(maps);
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const selfUs = new Map<number, number>();
  profile.samples.forEach((id, index) => {
    selfUs.set(id, (selfUs.get(id) ?? 0) + (profile.timeDeltas[index] ?? 0));
  });
  const functions = new Map<string, Cost>();
  const files = new Map<string, Cost>();
  let busyUs = 0;
  const add = (costs: Map<string, Cost>, name: string, self: number, total: number) => {
    const cost = costs.get(name) ?? { name, self: 0, total: 0 };
    cost.self += self;
    cost.total += total;
    costs.set(name, cost);
  };
  /**
   * Visits a node and returns its total time. A recursive function counts once: `above` has the names that are counted
   * already.
   */
  const visit = (id: number, above: ReadonlySet<string>): number => {
    const node = nodes.get(id);
    if (node === undefined || node.callFrame.functionName === '(idle)') return 0;
    const { file, name } = nameOf(node.callFrame);
    const self = NO_WORK.has(name) ? 0 : (selfUs.get(id) ?? 0);
    busyUs += self;
    const within = new Set([...above, name, file]);
    const total = (node.children ?? []).reduce((sum, child) => sum + visit(child, within), self);
    add(functions, name, self, above.has(name) ? 0 : total);
    add(files, file, self, above.has(file) ? 0 : total);
    return total;
  };
  const [root] = profile.nodes;
  if (root !== undefined) visit(root.id, new Set());
  const shares = (costs: Map<string, Cost>) =>
    Array.from(costs.values(), ({ name, self, total }) => ({
      name,
      self: self / busyUs,
      total: total / busyUs,
    })).filter(({ name }) => !NO_WORK.has(name));
  return { functions: shares(functions), files: shares(files) };
}
