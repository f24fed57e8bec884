/** A conversation that may belong to a page, with the columns that decide about it. */
export interface Candidate extends Record<string, SqlStorageValue> {
  position: number;
  user_id: string;
  service_id: string;
  /** 1 if it matches all filters of the query, else 0. */
  fits: number;
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

/** Order and size of the chunks that are read. */
export interface Reading {
  ascending: boolean;
  /** Reads only positions after this one; 0 for all. */
  after: number;
  chunk: number;
}

/** Factor by which chunks grow, so that a search that finds little needs few statements. */
const GROWTH = 4;
const MAX_CHUNK = 1_000;

/** Reads the candidates of one origin in the order of the list, in chunks. No cursor stays open between two chunks. */
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

  /** Returns the next candidate without removing it; undefined at the end. */
  peek(): Candidate | undefined {
    if (this.#next === this.#read.length && !this.#exhausted) this.#readChunk();
    return this.#read[this.#next];
  }

  /** Removes the next candidate. */
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

/** Yields the candidates of several sources in one order. */
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
