import { sha256Hex } from '../../digest.ts';

/** The digits of an identifier. */
const IDENTIFIER_LENGTH = 24;

/** Returns the identifier of a role: its organization and its name make it, so that it is nowhere stored. */
export async function roleId(organization: string, name: string): Promise<string> {
  return (await sha256Hex(`${organization}/${name}`)).slice(0, IDENTIFIER_LENGTH);
}

/** Returns the identifiers of roles by their names. */
export async function roleIds(organization: string, names: readonly string[]): Promise<Map<string, string>> {
  return new Map(
    await Promise.all(names.map(async (name) => [name, await roleId(organization, name)] as const)),
  );
}
