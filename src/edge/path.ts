import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { ORGANIZATION_IDENTIFIER } from '../identifiers.ts';
import { problem, type ProblemError } from '../problems.ts';
import type { Organization } from '../registry/organization.ts';
import type { AppEnv } from './context.ts';

/** Returns the text as an organization's identifier; null when it is none, so that no such organization can exist. */
export function organizationIdentifier(text: string | undefined): string | null {
  return text !== undefined && ORGANIZATION_IDENTIFIER.test(text) ? text : null;
}

/** The answer about an organization that does not exist. */
export function organizationNotFound(id: string | null): ProblemError {
  return problem(
    'organization_not_found',
    id === null ? 'The path names no organization.' : `There is no organization "${id}".`,
  );
}

/**
 * Reads the organization from the path `/…/:organization/…`, before anything is looked up by it. What is no identifier
 * stays null: the registry is never asked for it, and the request ends with 404 where an unknown organization does.
 */
export const organizationInPath = createMiddleware<AppEnv>(async function organizationInPath(c, next) {
  c.set('organizationId', organizationIdentifier(c.req.param('organization')));
  await next();
});

/** Finds the organization that the path names; null when there is none. */
export async function findOrganization(c: Context<AppEnv>): Promise<Organization | null> {
  const id = c.get('organizationId');
  return id === null ? null : c.get('registry').organization(id);
}
