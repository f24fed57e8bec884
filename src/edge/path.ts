import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { ORGANIZATION_IDENTIFIER } from '../identifiers.ts';
import { problem, type ProblemError } from '../problems.ts';
import type { Organization } from '../registry/organization.ts';
import type { AppEnv } from './context.ts';

/** Returns a valid identifier of an organization unchanged, and null for every other text. */
export function organizationIdentifier(text: string | undefined): string | null {
  return text !== undefined && ORGANIZATION_IDENTIFIER.test(text) ? text : null;
}

/** Returns the problem of an organization that does not exist (404). */
export function organizationNotFound(id: string | null): ProblemError {
  return problem(
    'organization_not_found',
    id === null ? 'The path names no organization.' : `There is no organization "${id}".`,
  );
}

/**
 * Middleware that reads the organization from the path `/…/:organization/…`. An invalid identifier becomes null: the
 * registry is not asked for it, and the request ends with 404, like one for an unknown organization.
 */
export const organizationInPath = createMiddleware<AppEnv>(async function organizationInPath(c, next) {
  c.set('organizationId', organizationIdentifier(c.req.param('organization')));
  await next();
});

/** Returns the organization in the path, or null if it does not exist. */
export async function findOrganization(c: Context<AppEnv>): Promise<Organization | null> {
  const id = c.get('organizationId');
  return id === null ? null : c.get('registry').organization(id);
}
