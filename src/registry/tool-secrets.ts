/** The names of secrets that tools may be given: each belongs to one organization. */

const TOOL_SECRET = /^TOOL_([A-Z0-9][A-Z0-9_]*)__([A-Z0-9]+(?:_[A-Z0-9]+)*)$/;

/** What is wrong with a name of another form. */
export const TOOL_SECRET_FORM =
  'must be TOOL_<ORGANIZATION>__<NAME>: the identifier of the organization in capitals, with _ for each -';

/** Returns whether `name` has the form of a tool's secret. */
export function isToolSecretName(name: string): boolean {
  return TOOL_SECRET.test(name);
}

/**
 * Returns whether a tool of an organization may be given a secret. The two underscores before the last part keep
 * organizations apart: with one, `TOOL_A_B_KEY` would belong to `a` and to `a-b`.
 */
export function isToolSecretOf(name: string, organization: string): boolean {
  return TOOL_SECRET.exec(name)?.[1] === organization.toUpperCase().replaceAll('-', '_');
}
