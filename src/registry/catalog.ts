/** The catalog of an organization that has published nothing. */
import type { Catalog } from './organization.ts';

/** Catalog of an organization without one. It also completes catalogs of an earlier format. */
export const EMPTY_CATALOG: Catalog = {
  services: [],
  latest: {},
  tools: [],
  dynamic_behavior_sets: [],
  metrics: [],
  models: [],
};
