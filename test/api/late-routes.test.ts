import type { Hono } from 'hono';
import { HonoBase } from 'hono/hono-base';
import { TrieRouter } from 'hono/router/trie-router';
import { createExecutionContext } from 'cloudflare:test';
import { expect, describe, it, vi } from 'vitest';
import { FIRST_OPERATIONS } from '../../src/api/conversation-operations.ts';
import { addLateRoutes, type LateRoutes } from '../../src/api/late-routes.ts';
import { OPERATIONS } from '../../src/api/operations.ts';
import { createApp } from '../../src/app.ts';
import type { AppEnv } from '../../src/edge/context.ts';
import { onError } from '../../src/edge/problem-details.ts';
import { testEnv } from '../support/client.ts';
import { LATE_ROUTES } from '../../src/late-groups.ts';

const key = ({ method, path }: { method: string; path: string }) => `${method.toUpperCase()} ${path}`;
const routerPath = (path: string) => path.replaceAll(/\{(\w+)\}/g, ':$1').replace(/\/$/, '');
/** A path as a caller sends it. */
const sentPath = (path: string) => path.replaceAll(/\{\w+\}|:\w+/g, 'abc');

/** Returns the routes that a group adds, without middleware. */
async function routesOf(group: LateRoutes): Promise<string[]> {
  const app = new HonoBase<AppEnv>({ router: new TrieRouter() });
  (await group.load())(app);
  return app.routes.filter(({ path }) => !path.includes('*')).map(key);
}

describe('routes that are added late', () => {
  it('are, with those of the start, the routes of every operation', async () => {
    const late = (await Promise.all(LATE_ROUTES.map(routesOf))).flat();
    const first = createApp().routes.map(key);
    const wanted = OPERATIONS.map(({ method, path }) => key({ method, path: routerPath(path) }));
    expect(wanted.filter((route) => !late.includes(route) && !first.includes(route))).toEqual([]);
    expect(wanted.filter((route) => late.includes(route) && first.includes(route))).toEqual([]);
  });

  it('are found by their paths alone, and no route of the start is', async () => {
    const groups = await Promise.all(
      LATE_ROUTES.map(async (group) => ({ group, routes: await routesOf(group) })),
    );
    const first = FIRST_OPERATIONS.map(({ path }) => sentPath(path));
    for (const { group, routes } of groups) {
      const paths = routes.map((route) => sentPath(route.replace(/^\w+ /, '')));
      expect(paths.filter((path) => !group.paths.test(path))).toEqual([]);
      expect(paths.filter((path) => !group.paths.test(`${path}/`))).toEqual([]);
      expect(first.filter((path) => group.paths.test(path))).toEqual([]);
      const others = groups.filter((each) => each.group !== group).flatMap((each) => each.routes);
      const foreign = others.map((route) => sentPath(route.replace(/^\w+ /, '')));
      expect(foreign.filter((path) => group.paths.test(path))).toEqual([]);
    }
  });
});

/** An app with a late group, a route of the start, and a middleware that counts requests. */
function appWith(load: LateRoutes['load']) {
  const app = new HonoBase<AppEnv>({ router: new TrieRouter() });
  const counted = vi.fn();
  addLateRoutes(app, [{ paths: /^\/late\//, load }]);
  app.use(async (_c, next) => {
    counted();
    await next();
  });
  app.onError(onError);
  app.get('/first', (c) => c.text('first'));
  app.notFound((c) => {
    const error = (c.var as Partial<AppEnv['Variables']>).missingRoutes;
    if (error !== undefined) throw error;
    return c.text('nothing', 404);
  });
  const ask = async (path: string, method = 'GET') => {
    const response = await app.request(path, { method }, testEnv, createExecutionContext());
    return [response.status, await response.text()] as const;
  };
  return { ask, counted };
}

const routes = (app: Hono<AppEnv>) => {
  app.post('/late/:name', async (c) => c.text(`${c.req.param('name')} ${await c.req.text()}`));
  app.get('/late/:name', (c) => c.text(c.req.param('name')));
};

describe('a request for a late route', () => {
  it('adds the group, runs each middleware once, and is answered', async () => {
    const load = vi.fn(() => Promise.resolve(routes));
    const { ask, counted } = appWith(load);
    expect(await ask('/first')).toEqual([200, 'first']);
    expect(load).not.toHaveBeenCalled();
    expect(await ask('/late/one')).toEqual([200, 'one']);
    expect(await ask('/late/two')).toEqual([200, 'two']);
    expect(await ask('/late/three', 'HEAD')).toEqual([200, '']);
    expect(await ask('/late/four/more')).toEqual([404, 'nothing']);
    expect([load.mock.calls.length, counted.mock.calls.length]).toEqual([1, 5]);
  });

  it('is answered beside another first one, and the group is added once', async () => {
    const add = vi.fn(routes);
    const { ask } = appWith(() => Promise.resolve(add));
    expect(await Promise.all([ask('/late/one'), ask('/late/two')])).toEqual([
      [200, 'one'],
      [200, 'two'],
    ]);
    expect(add).toHaveBeenCalledTimes(1);
  });

  it('gets a problem where the group cannot be loaded, and the next one is answered', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const load = vi.fn(() => Promise.resolve(routes));
    load.mockRejectedValueOnce(new Error('swordfish'));
    const { ask } = appWith(load);
    const [status, body] = await ask('/late/one');
    expect([status, (JSON.parse(body) as { code: string }).code]).toEqual([500, 'internal_error']);
    expect(body).not.toContain('swordfish');
    expect(await ask('/late/one')).toEqual([200, 'one']);
    vi.restoreAllMocks();
  });
});
