import type { Caller } from '../access/permissions.ts';
import type { Env } from '../bindings.ts';
import type { Organization, User } from '../registry/organization.ts';
import type { RegistryReader } from '../registry/reader.ts';
import type { Stages } from './stages.ts';
import type { VerifiedToken } from './tokens.ts';

/** What the edge knows about a request by the time its operation runs. */
export interface Variables {
  requestId: string;
  stages: Stages;
  /** The identifier of the operation, for the log. */
  operation: string;
  /** The organization that the path names; null when it names none. Parsed by `organizationInPath`. */
  organizationId: string | null;
  registry: RegistryReader;
  /** The verified token; `null` where the operation does not need one and none, or a bad one, was sent. */
  token: VerifiedToken | null;
  organization: Organization;
  caller: Caller | null;
  user: User | null;
}

export interface AppEnv {
  Bindings: Env;
  Variables: Variables;
}
