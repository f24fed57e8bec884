/** Names of the secrets of tools. Each belongs to one organization. */

const TOOL_SECRET = /^TOOL_([A-Z0-9][A-Z0-9_]*)__([A-Z0-9]+(?:_[A-Z0-9]+)*)$/;

/** Error of a name in another form. */
export const TOOL_SECRET_FORM =
  'must be TOOL_<ORGANIZATION>__<NAME>: the identifier of the organization in capitals, with _ for each -';

/** Tells whether `name` has the form of a tool's secret. */
export function isToolSecretName(name: string): boolean {
  return TOOL_SECRET.test(name);
}

/**
 * Tells whether tools of an organization may use a secret. Two underscores before the last part separate organizations:
 * with one, `TOOL_A_B_KEY` would belong to `a` and to `a-b`.
 */
export function isToolSecretOf(name: string, organization: string): boolean {
  return TOOL_SECRET.exec(name)?.[1] === organization.toUpperCase().replaceAll('-', '_');
}
