/** Types of agents and context graphs apart from their versions. */

/** The kinds of things that have versions. */
export type BlueprintKind = 'agent' | 'graph';

/** An agent or a context graph. One that is deprecated serves no further services. */
export interface Blueprint {
  kind: BlueprintKind;
  id: string;
  name: string;
  deprecated: boolean;
}

/** A blueprint in a list, with the number of its latest version; null before the first. */
export type ListedBlueprint = Blueprint & { latest: number | null };

/** Filters of a list of blueprints. Empty `ids` and a `deprecated` of null do not filter. */
export interface BlueprintQuery {
  kind: BlueprintKind;
  ids: string[];
  deprecated: boolean | null;
  limit: number;
  /** Number of blueprints before the page. */
  after: number;
}

/** Filters of a list of versions. Bounds of null mean the latest version. */
export interface VersionQuery {
  kind: BlueprintKind;
  id: string;
  from: number | null;
  to: number | null;
  ascending: boolean;
  limit: number;
  /** Number of versions before the page. */
  after: number;
}

/** A version, and the change that stored it: its time in milliseconds since 1970, and the user who made it. */
export interface StoredVersion {
  value: unknown;
  at: number;
  actor: string;
}

/** A page, with the token of the next one; null on the last page. */
export interface PageOf<Entry> {
  entries: Entry[];
  next: number | null;
}
