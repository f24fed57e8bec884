/** A conversation that may belong to a page, with what decides about it. */
export interface Candidate extends Record<string, SqlStorageValue> {
  position: number;
  user_id: string;
  service_id: string;
  /** 1 when it fits all filters of the query, else 0. */
  fits: number;
}

/** SQL with the values that are bound in it. */
export interface Bound {
  sql: string;
  bindings: SqlStorageValue[];
}

/** Where candidates come from: tables of which `c` is that of conversations, and what leads to them by an index. */
export interface Origin {
  from: string;
  where: Bound;
  /** The column that is in the order of the list in the index. */
  position: 'c.position' | 't.position';
}

/** The order and the size of what is read at once. */
export interface Reading {
  ascending: boolean;
  /** Only positions behind this one, or 0 for all. */
  after: number;
  chunk: number;
}

/** Chunks grow by this factor, so that a search that finds little makes few statements. */
const GROWTH = 4;
const MAX_CHUNK = 1_000;

/** The candidates of one origin in the order of the list, read in chunks. No cursor stays open between two chunks. */
export class CandidateSource {
  readonly #sql: SqlStorage;
  readonly #origin: Origin;
  readonly #fits: Bound;
  readonly #ascending: boolean;
  #after: number;
  #chunk: number;
  #read: Candidate[] = [];
  #next = 0;
  #exhausted = false;

  constructor(sql: SqlStorage, origin: Origin, fits: Bound, { ascending, after, chunk }: Reading) {
    this.#sql = sql;
    this.#origin = origin;
    this.#fits = fits;
    this.#ascending = ascending;
    this.#after = after;
    this.#chunk = chunk;
  }

  /** The next candidate, which stays the next one until it is taken. */
  peek(): Candidate | undefined {
    if (this.#next === this.#read.length && !this.#exhausted) this.#readChunk();
    return this.#read[this.#next];
  }

  take(): void {
    this.#next += 1;
  }

  #readChunk(): void {
    const { from, where, position } = this.#origin;
    const order = this.#ascending ? 'ASC' : 'DESC';
    const behind = this.#after === 0 ? 'TRUE' : `${position} ${this.#ascending ? '>' : '<'} ?`;
    this.#read = this.#sql
      .exec<Candidate>(
        `SELECT c.position, c.user_id, c.service_id, (${this.#fits.sql}) AS fits
         FROM ${from} WHERE ${where.sql} AND ${behind} ORDER BY ${position} ${order} LIMIT ?`,
        ...this.#fits.bindings,
        ...where.bindings,
        ...(this.#after === 0 ? [] : [this.#after]),
        this.#chunk,
      )
      .toArray();
    this.#next = 0;
    this.#exhausted = this.#read.length < this.#chunk;
    this.#after = this.#read.at(-1)?.position ?? this.#after;
    this.#chunk = Math.min(this.#chunk * GROWTH, MAX_CHUNK);
  }
}

/** The candidates of several origins, merged into one order. */
export function* merged(sources: readonly CandidateSource[], ascending: boolean): Generator<Candidate, void> {
  for (;;) {
    let first: CandidateSource | null = null;
    let least: Candidate | null = null;
    for (const source of sources) {
      const candidate = source.peek();
      if (candidate === undefined) continue;
      if (least === null || candidate.position < least.position === ascending) {
        least = candidate;
        first = source;
      }
    }
    if (least === null) return;
    first?.take();
    yield least;
  }
}
