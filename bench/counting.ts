/**
 * Counts a Worker's use of the platform from inside it: requests to objects, rows, statements, alarms, reads of KV. A
 * bundle for counting wraps the Worker's classes and handler; timed runs do not use it.
 */

/** Counts since the Worker started. */
export interface Counts {
  /** Requests by class and method: `Conversation.fetch`. */
  objectRequests: Record<string, number>;
  rowsWritten: Record<string, number>;
  rowsRead: Record<string, number>;
  statements: number;
  kvReads: number;
  /** Timers that were set: `setTimeout`, `setInterval` and `AbortSignal.timeout`. */
  timers: number;
}

/** Path of the counts. No operation of the Worker has it. */
export const COUNTS_PATH = '/bench-counts';

interface Cursor {
  rowsWritten: number;
  rowsRead: number;
}

interface Storage {
  sql: { exec: (...input: unknown[]) => Cursor };
  setAlarm: (...input: unknown[]) => unknown;
}

type Method = (this: unknown, ...input: unknown[]) => unknown;
/** A class of objects, with the parts that are needed to extend it. */
type ObjectClass = new (ctx: { storage: Storage }, env: Record<string, unknown>) => object;

const objectRequests: Record<string, number> = {};
const alarms: Record<string, number> = {};
/**
 * Cursors of all statements. A cursor knows its rows only after it was read to its end, so they are read with the
 * counts.
 */
const cursors: { owner: string; cursor: Cursor }[] = [];
let kvReads = 0;
let timers = 0;

/** Wraps a function of the platform that sets a timer. */
function countingTimer<Given extends unknown[], Returned>(set: (...given: Given) => Returned) {
  return function countedTimer(this: unknown, ...given: Given): Returned {
    timers += 1;
    return set.apply(this, given);
  };
}
globalThis.setTimeout = countingTimer(globalThis.setTimeout) as typeof setTimeout;
globalThis.setInterval = countingTimer(globalThis.setInterval) as typeof setInterval;
AbortSignal.timeout = countingTimer(AbortSignal.timeout.bind(AbortSignal));

function increase(counts: Record<string, number>, name: string, by = 1): void {
  counts[name] = (counts[name] ?? 0) + by;
}

function counts(): Counts {
  // Setting an alarm is billed as a row.
  const rowsWritten = { ...alarms };
  const rowsRead: Record<string, number> = {};
  for (const { owner, cursor } of cursors) {
    increase(rowsWritten, owner, cursor.rowsWritten);
    increase(rowsRead, owner, cursor.rowsRead);
  }
  return { objectRequests, rowsWritten, rowsRead, statements: cursors.length, kvReads, timers };
}

/** Class of each storage. It tells the class of a statement. */
const owners = new WeakMap<object, string>();
let watched = false;

/**
 * Counts statements and alarms. The storage's objects belong to the runtime, so their methods are replaced once, on
 * their prototypes.
 */
function watchStorage(storage: Storage): void {
  if (watched) return;
  watched = true;
  const sql = Object.getPrototypeOf(storage.sql) as Storage['sql'];
  const { exec } = sql;
  sql.exec = function countedExec(this: Storage['sql'], ...input) {
    const cursor = exec.apply(this, input);
    cursors.push({ owner: owners.get(this) ?? 'unknown', cursor });
    return cursor;
  };
  const alarming = Object.getPrototypeOf(storage) as Storage;
  const { setAlarm } = alarming;
  alarming.setAlarm = function countedSetAlarm(this: Storage, ...input) {
    increase(alarms, owners.get(this) ?? 'unknown');
    return setAlarm.apply(this, input);
  };
}

/** Returns a class of objects that counts requests. Each method of its prototype can be called by a request or RPC. */
export function counted(name: string, Base: ObjectClass): ObjectClass {
  class Counted extends Base {
    constructor(ctx: { storage: Storage }, env: Record<string, unknown>) {
      watchStorage(ctx.storage);
      owners.set(ctx.storage, name);
      owners.set(ctx.storage.sql, name);
      super(ctx, env);
    }
  }
  const base = Base.prototype as Record<string, unknown>;
  for (const method of Object.getOwnPropertyNames(base)) {
    const own = base[method];
    if (method === 'constructor' || typeof own !== 'function') continue;
    const value: Method = function countedMethod(...input) {
      increase(objectRequests, `${name}.${method}`);
      return (own as Method).apply(this, input);
    };
    Object.defineProperty(Counted.prototype, method, { value, writable: true, configurable: true });
  }
  return Counted;
}

interface Handler {
  fetch: (request: Request, env: Record<string, unknown>, ctx: unknown) => Response | Promise<Response>;
}

interface Namespace {
  get: Method;
}

function watchRegistry(env: Record<string, unknown>): void {
  const registry = env.REGISTRY as Namespace | undefined;
  if (registry === undefined) return;
  const prototype = Object.getPrototypeOf(registry) as Namespace & { counted?: boolean };
  if (prototype.counted === true) return;
  prototype.counted = true;
  const { get } = prototype;
  prototype.get = function countedGet(...input) {
    kvReads += 1;
    return get.apply(this, input);
  };
}

/** Returns the Worker's handler, which also serves the counts. */
export function countedHandler(handler: Handler): Handler {
  return {
    fetch: (request, env, ctx) => {
      watchRegistry(env);
      if (new URL(request.url).pathname === COUNTS_PATH) return Response.json(counts());
      return handler.fetch(request, env, ctx);
    },
  };
}
