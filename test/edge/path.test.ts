/** The organization in a path: parsed once, before anything is looked up by it, for every route that has one. */
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { OPERATIONS } from '../../src/api/operations.ts';
import type { Env } from '../../src/bindings.ts';
import { issueToken } from '../../src/edge/tokens.ts';
import { organizationIdentifier } from '../../src/edge/path.ts';
import app from '../../src/index.ts';
import { ENDPOINTS } from '../../src/workbench/routes.ts';
import { publishTestOrganization, testEnv } from '../support/client.ts';
import {
  ADMIN,
  AGENT,
  ALICE,
  API_KEY,
  API_KEY_ID,
  GRAPH,
  ORGANIZATION,
  SERVICE,
} from '../support/organization.ts';
import { NO_TARGET, validRequest } from './requests.ts';

beforeAll(publishTestOrganization);

afterEach(() => {
  vi.restoreAllMocks();
});

/** Paths whose first part would be another document of the registry, or none that can be. */
const NO_ORGANIZATIONS = [
  `${ORGANIZATION}:user:${ALICE}`,
  `${ORGANIZATION}:key:${API_KEY_ID}`,
  `${ORGANIZATION}:agent:${AGENT}:1`,
  `${ORGANIZATION}:graph:${GRAPH}:1`,
  `${ORGANIZATION}:catalog`,
  `${ORGANIZATION}:preferences`,
  `${ORGANIZATION}:`,
  ORGANIZATION.toUpperCase(),
  `${ORGANIZATION} `,
  `${ORGANIZATION}\n`,
  `-${ORGANIZATION}`,
  `${ORGANIZATION}_${ALICE}`,
  `${ORGANIZATION}.example`,
  'о'.repeat(10),
  'a'.repeat(64),
  'a'.repeat(2_000),
  '%',
  '%00',
  '*',
];

interface Asked {
  id: string;
  credentials: 'user' | 'optional' | 'api-key' | 'none';
  request: (organization: string, headers: Record<string, string>) => Request;
}

const ASKED: Asked[] = [
  ...OPERATIONS.map((operation): Asked => ({
    id: operation.id,
    credentials: operation.credentials,
    request: (organization, headers) => validRequest(operation, organization, NO_TARGET, headers),
  })),
  ...ENDPOINTS.map(({ id, path }): Asked => ({
    id,
    credentials: 'user',
    request: (organization, headers) => {
      const filled = path
        .replace(':organization', organization)
        .replace(':service_id', SERVICE)
        .replace(':conversation_id', NO_TARGET.conversation)
        .replace(':user_id', ALICE);
      return new Request(`http://localhost${filled}`, { headers });
    },
  })),
  {
    id: 'recording',
    credentials: 'none',
    request: (organization) =>
      new Request(`http://localhost/recordings/${organization}/${'1'.repeat(24)}/${'2'.repeat(24)}`),
  },
];

async function answer(request: Request, env: Env = testEnv): Promise<[number, string]> {
  const incoming = request as Request<unknown, IncomingRequestCfProperties>;
  const response = await app.fetch(incoming, env, {} as ExecutionContext);
  const { code } = await response.json<{ code?: string }>();
  return [response.status, code ?? ''];
}

/** Headers of a request that lacks nothing but an organization. */
async function credentials(): Promise<Record<string, string>> {
  const token = { organization: ORGANIZATION, user_id: ADMIN };
  const { id_token } = await issueToken(testEnv.SIGNING_KEYS, token, Date.now());
  return {
    authorization: `Bearer ${id_token}`,
    'x-api-key': API_KEY,
    'x-api-key-id': API_KEY_ID,
    'x-user-id': ALICE,
  };
}

/** A token that another issuer seems to have signed: its issuer is looked for in the organization that is named. */
const FOREIGN_TOKEN = `Bearer ${['{"alg":"ES256"}', '{"iss":"https://login.example/"}', 'x']
  .map((part) => btoa(part).replaceAll('=', ''))
  .join('.')}`;

describe.each(ASKED.map((asked) => [asked.id, asked] as const))('%s', (_id, asked) => {
  it('finds an organization only by a valid identifier, without a lookup for other texts', async () => {
    const headers = await credentials();
    const get = vi.spyOn(testEnv.REGISTRY, 'get');
    const raw = NO_ORGANIZATIONS.filter((name) => /^[\w:.-]+$/.test(name));
    for (const name of [...NO_ORGANIZATIONS.map(encodeURIComponent), ...raw]) {
      const outcome = await answer(asked.request(name, headers));
      expect([name, ...outcome]).toEqual([name, 404, 'organization_not_found']);
    }
    expect(get).not.toHaveBeenCalled();
  });

  it.runIf(asked.credentials !== 'none')(
    'asks for credentials first, and for maintenance before',
    async () => {
      const name = encodeURIComponent(`${ORGANIZATION}:user:${ALICE}`);
      expect(await answer(asked.request(name, {}))).toEqual(
        asked.credentials === 'user' ? [401, 'credentials_invalid'] : [404, 'organization_not_found'],
      );
      const closed = { ...testEnv, MAINTENANCE: 'true' };
      expect(await answer(asked.request(name, await credentials()), closed)).toEqual([503, 'maintenance']);
    },
  );

  it.runIf(asked.credentials === 'user')('takes no token of what is no organization', async () => {
    // A header carries no control characters, and no white space at its ends.
    const names = NO_ORGANIZATIONS.filter((name) => /^[!-~]*$/.test(name));
    for (const name of names) {
      for (const authorization of [(await credentials()).authorization ?? '', FOREIGN_TOKEN]) {
        const outcome = await answer(asked.request(ORGANIZATION, { authorization, 'x-org-id': name }));
        expect([name, ...outcome]).toEqual([name, 401, 'credentials_invalid']);
      }
    }
  });

  it.runIf(asked.credentials === 'user')('takes no token that claims to be of one', async () => {
    const claim = { organization: `${ORGANIZATION}:user:${ALICE}`, user_id: ADMIN };
    const { id_token } = await issueToken(testEnv.SIGNING_KEYS, claim, Date.now());
    const headers = { authorization: `Bearer ${id_token}` };
    expect(await answer(asked.request(ORGANIZATION, headers))).toEqual([401, 'credentials_invalid']);
    const named = { ...headers, 'x-org-id': ORGANIZATION };
    expect(await answer(asked.request(ORGANIZATION, named))).toEqual([401, 'credentials_invalid']);
  });
});

describe('a page of another origin', () => {
  it('causes no lookup for a path without an organization', async () => {
    const get = vi.spyOn(testEnv.REGISTRY, 'get');
    const path = `/v1/${encodeURIComponent(`${ORGANIZATION}:user:${ALICE}`)}/organization/`;
    for (const method of ['GET', 'OPTIONS']) {
      const headers = { origin: 'https://shop.example', 'access-control-request-method': 'GET' };
      const request = new Request(`http://localhost${path}`, { method, headers });
      const incoming = request as Request<unknown, IncomingRequestCfProperties>;
      const response = await app.fetch(incoming, testEnv, {} as ExecutionContext);
      // A preflight carries no token: its page may have one, and may read that the organization does not exist.
      const allowed = method === 'OPTIONS' ? 'https://shop.example' : null;
      expect(response.headers.get('access-control-allow-origin')).toBe(allowed);
    }
    expect(get).not.toHaveBeenCalled();
  });
});

describe('the identifier of an organization', () => {
  it.each(['a', '0', 'a-b', 'riverside-clinic', 'a'.repeat(63)])('can be %s', (name) => {
    expect(organizationIdentifier(name)).toBe(name);
  });

  it.each([undefined, '', ...NO_ORGANIZATIONS])('cannot be %j', (name) => {
    expect(organizationIdentifier(name)).toBeNull();
  });
});
