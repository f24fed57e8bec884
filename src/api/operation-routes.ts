import type { Hono } from 'hono';
import { apiKeyCredentials } from '../edge/api-keys.ts';
import type { AppEnv } from '../edge/context.ts';
import { credentials, organization } from '../edge/credentials.ts';
import { maintenance } from '../edge/maintenance.ts';
import { operationNamed } from '../edge/observe.ts';
import { problemResponse } from '../edge/problem-details.ts';
import { rateLimit } from '../edge/rate-limit.ts';
import type { Operation } from './operation.ts';

/**
 * Returns a path of the OpenAPI document in the router's syntax: `{name}` becomes `:name`. The router does not
 * distinguish paths with and without a slash at the end, and takes them without.
 */
function routerPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1').replace(/\/$/, '');
}

/**
 * Mounts operations with the steps before their handlers, and answers 405 to other methods of their paths. Operations on
 * the same path are mounted together.
 */
export function mountOperations(app: Hono<AppEnv>, operations: readonly Operation[]): void {
  for (const operation of operations) {
    app.on(
      operation.method,
      routerPath(operation.path),
      operationNamed(operation.id),
      maintenance,
      credentials(operation.credentials),
      organization(operation.credentials),
      ...(operation.credentials === 'api-key' ? [apiKeyCredentials(operation)] : []),
      rateLimit(operation),
      operation.handler,
    );
  }
  for (const path of new Set(operations.map((operation) => operation.path))) {
    const methods = operations.filter((operation) => operation.path === path).map(({ method }) => method);
    app.all(routerPath(path), (c) => {
      c.header('allow', methods.map((method) => method.toUpperCase()).join(', '));
      return problemResponse(c, {
        code: 'method_not_allowed',
        detail: `This path does not take ${c.req.method}.`,
      });
    });
  }
}
