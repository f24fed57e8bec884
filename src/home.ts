/** The home of an organization's data. Pure. */

/** Jurisdictions in which the data of an organization can be kept, as the platform names them. */
export const JURISDICTIONS = ['eu', 'us', 'fedramp'] as const;
export type Jurisdiction = (typeof JURISDICTIONS)[number];

/** An organization, and the jurisdiction of its data; null or absent for none. It is fixed for life. */
export interface Home {
  organization: string;
  jurisdiction?: Jurisdiction | null | undefined;
}

/** Returns the home of an organization from its document. */
export function homeOf({ id, jurisdiction }: { id: string; jurisdiction?: Jurisdiction | null }): Home {
  return jurisdiction === null || jurisdiction === undefined
    ? { organization: id }
    : { organization: id, jurisdiction };
}
