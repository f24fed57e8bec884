/** A conversation that matches the filters of a query, with the columns by which it is decided who may see it. */
export interface Candidate {
  position: number;
  user_id: string;
  service_id: string;
}

/**
 * A step through a source: a candidate, or null for the end of what may be read. The source has more conversations
 * after the position of such an end.
 */
export interface Step {
  position: number;
  candidate: Candidate | null;
}

/** SQL with its bound values. */
export interface Bound {
  sql: string;
  bindings: SqlStorageValue[];
}

/** A source of candidates in SQL. `c` is the table of conversations; an index leads to it. */
export interface Origin {
  from: string;
  where: Bound;
  /** Column by which the index is in the order of the list. */
  position: 'c.position' | 't.position';
}

/** Order and size of the chunks that are read, and the conversations that all sources of a search may still read. */
export interface Reading {
  ascending: boolean;
  /** Reads only positions after this one; 0 for all. */
  after: number;
  chunk: number;
  budget: { left: number };
}

/** A chunk of a source as SQL returns it. */
interface Chunk extends Record<string, SqlStorageValue> {
  /** Number of conversations that were read, matching or not. */
  count: number;
  /** Position of the last one; null without any. */
  last: number | null;
  /** The matching ones as JSON: `[position, user_id, service_id]` each. */
  matching: string;
}

/** Factor by which chunks grow, so that a search that finds little needs few statements. */
const GROWTH = 4;
const MAX_CHUNK = 1_000;

/**
 * Reads the candidates of one origin in the order of the list, in chunks. SQL filters a chunk and returns it as one
 * text, because each value that SQL returns costs more than reading its row. No cursor stays open between two chunks.
 */
export class CandidateSource {
  readonly #sql: SqlStorage;
  readonly #origin: Origin;
  readonly #fits: Bound;
  readonly #ascending: boolean;
  readonly #budget: { left: number };
  #after: number;
  #chunk: number;
  #read: Candidate[] = [];
  #next = 0;
  #state: 'unread' | 'more' | 'exhausted' = 'unread';

  constructor(sql: SqlStorage, origin: Origin, fits: Bound, reading: Reading) {
    this.#sql = sql;
    this.#origin = origin;
    this.#fits = fits;
    this.#ascending = reading.ascending;
    this.#budget = reading.budget;
    this.#after = reading.after;
    this.#chunk = reading.chunk;
  }

  /** Returns the next step without taking it; undefined at the end of the source. */
  peek(): Step | undefined {
    for (;;) {
      const candidate = this.#read[this.#next];
      if (candidate !== undefined) return { position: candidate.position, candidate };
      if (this.#state === 'exhausted') return undefined;
      // Each source reads at least one conversation, so that every search leads on.
      if (this.#state === 'more' && this.#budget.left <= 0) return { position: this.#after, candidate: null };
      this.#readChunk();
    }
  }

  /** Takes the next candidate. */
  take(): void {
    this.#next += 1;
  }

  #readChunk(): void {
    const { from, where, position } = this.#origin;
    const [order, last] = this.#ascending ? ['ASC', 'max(position)'] : ['DESC', 'min(position)'];
    const behind = this.#after === 0 ? 'TRUE' : `${position} ${this.#ascending ? '>' : '<'} ?`;
    const size = Math.max(1, Math.min(this.#chunk, this.#budget.left));
    const read = this.#sql
      .exec<Chunk>(
        `SELECT count(*) AS count, ${last} AS last,
           json_group_array(json_array(position, user_id, service_id)) FILTER (WHERE fits) AS matching
         FROM (SELECT c.position, c.user_id, c.service_id, (${this.#fits.sql}) AS fits
           FROM ${from} WHERE ${where.sql} AND ${behind} ORDER BY ${position} ${order} LIMIT ?)`,
        ...this.#fits.bindings,
        ...where.bindings,
        ...(this.#after === 0 ? [] : [this.#after]),
        size,
      )
      .one();
    const matching = JSON.parse(read.matching) as [number, string, string][];
    this.#read = matching.map(([at, user_id, service_id]) => ({ position: at, user_id, service_id }));
    this.#next = 0;
    this.#state = read.count < size ? 'exhausted' : 'more';
    this.#after = read.last ?? this.#after;
    this.#budget.left -= read.count;
    this.#chunk = Math.min(this.#chunk * GROWTH, MAX_CHUNK);
  }
}

/**
 * Yields the steps of several sources in one order. It ends with the first step that has no candidate: what follows is
 * not known of that source.
 */
export function* merged(sources: readonly CandidateSource[], ascending: boolean): Generator<Step, void> {
  for (;;) {
    let first: CandidateSource | null = null;
    let least: Step | null = null;
    for (const source of sources) {
      const step = source.peek();
      if (step === undefined) continue;
      if (least === null || step.position < least.position === ascending) {
        least = step;
        first = source;
      }
    }
    if (least === null) return;
    yield least;
    if (least.candidate === null) return;
    first?.take();
  }
}
