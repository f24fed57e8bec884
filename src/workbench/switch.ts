import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { workbenchIsOn } from '../deployment/switches.ts';
import type { AppEnv } from '../edge/context.ts';
import { problem, type ProblemError } from '../problems.ts';

/** Returns the problem of any path that does not exist: a workbench that is switched off looks like none. */
export function nothingHere(c: Context<AppEnv>): ProblemError {
  return problem('path_not_found', `There is nothing at ${c.req.path}.`);
}

/** Hides the workbench where it is switched off. */
export const switchedOn = createMiddleware<AppEnv>(async function switchedOn(c, next) {
  if (!workbenchIsOn(c.env)) throw nothingHere(c);
  await next();
});
