import type { Caller } from '../access/permissions.ts';
import type { Env } from '../bindings.ts';
import type { Organization, User } from '../registry/organization.ts';
import type { RegistryReader } from '../registry/reader.ts';
import type { Stages } from './stages.ts';
import type { VerifiedToken } from './tokens.ts';

/** Variables of a request that the middleware sets before the operation runs. */
export interface Variables {
  requestId: string;
  stages: Stages;
  /** Identifier of the operation, for the log. */
  operation: string;
  /** Set when the routes of the request could not be loaded: what `import()` threw. */
  missingRoutes: unknown;
  /** Code of the problem that the request is answered with, for the log. Not set for other answers. */
  problemCode: string;
  /** Identifier of the organization in the path, set by `organizationInPath`; null if the path has no valid one. */
  organizationId: string | null;
  registry: RegistryReader;
  /** Verified token. Null if the operation needs none and the request has no valid one. */
  token: VerifiedToken | null;
  organization: Organization;
  caller: Caller | null;
  user: User | null;
  /**
   * Resolves when the rate limit has let the request through, and rejects with the problem of its refusal. The caller may be
   * another one then: see `identifyAnew`.
   */
  admission: Promise<unknown>;
  /** Finds out anew who the caller is: for when the copies that told it are too old. */
  identifyAnew: () => Promise<void>;
}

/** Environment of the app, in Hono's terms: bindings of the deployment, and variables of the request. */
export interface AppEnv {
  Bindings: Env;
  Variables: Variables;
}
