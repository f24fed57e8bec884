/** Fetching an issuer's keys: bounded in time and size, never led elsewhere, and not repeated for every token. */
import { exportJWK, generateKeyPair, SignJWT, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { MAX_KEY_SET_BYTES, remoteKeys } from '../../src/edge/issuer-keys.ts';

const ADDRESS = 'https://login.example/jwks.json';

let keyPair: Awaited<ReturnType<typeof generateKeyPair>>;
let keySet: string;

beforeAll(async () => {
  keyPair = await generateKeyPair('ES256');
  keySet = JSON.stringify({ keys: [{ ...(await exportJWK(keyPair.publicKey)), kid: 'k', alg: 'ES256' }] });
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function verifies(keys: JWTVerifyGetKey, kid = 'k'): Promise<boolean> {
  const jwt = await new SignJWT({}).setProtectedHeader({ alg: 'ES256', kid }).sign(keyPair.privateKey);
  return jwtVerify(jwt, keys).then(
    () => true,
    () => false,
  );
}

function answering(answer: () => Response) {
  return vi.spyOn(globalThis, 'fetch').mockImplementation(() => Promise.resolve(answer()));
}

/** A body that gives a chunk whenever it is asked, and counts how many were taken. */
function endless(chunk: Uint8Array): { body: ReadableStream<Uint8Array>; taken: () => number } {
  let count = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        count += 1;
        controller.enqueue(chunk);
      },
    },
    { highWaterMark: 0 },
  );
  return { body, taken: () => count };
}

describe('the keys of an issuer', () => {
  it('are fetched once, without following redirects', async () => {
    const fetched = answering(() => new Response(keySet));
    const keys = remoteKeys(ADDRESS);
    expect([await verifies(keys), await verifies(keys)]).toEqual([true, true]);
    expect(fetched).toHaveBeenCalledOnce();
    expect(fetched.mock.calls[0]).toMatchObject([ADDRESS, { redirect: 'manual' }]);
  });

  it('are not read from a redirect or an error', async () => {
    for (const status of [301, 302, 307, 308]) {
      const headers = { location: 'https://elsewhere.example/jwks.json' };
      const fetched = answering(() => new Response(null, { status, headers }));
      expect(await verifies(remoteKeys(ADDRESS))).toBe(false);
      expect(fetched).toHaveBeenCalledOnce();
      vi.restoreAllMocks();
    }
    for (const status of [203, 206, 404, 500]) {
      answering(() => new Response(keySet, { status }));
      expect(await verifies(remoteKeys(ADDRESS))).toBe(false);
    }
  });

  it('may have other content around them up to a maximum size', async () => {
    answering(() => new Response(keySet + ' '.repeat(MAX_KEY_SET_BYTES - keySet.length)));
    expect(await verifies(remoteKeys(ADDRESS))).toBe(true);
    answering(() => new Response(keySet + ' '.repeat(MAX_KEY_SET_BYTES - keySet.length + 1)));
    expect(await verifies(remoteKeys(ADDRESS))).toBe(false);
    const { body, taken } = endless(new Uint8Array(64 * 1024).fill(0x20));
    answering(() => new Response(body));
    expect(await verifies(remoteKeys(ADDRESS))).toBe(false);
    expect(taken()).toBeLessThanOrEqual(MAX_KEY_SET_BYTES / (64 * 1024) + 1);
  });

  it('fail if the head or the body does not arrive in time', async () => {
    vi.spyOn(globalThis, 'fetch').mockReturnValue(new Promise(() => undefined));
    expect(await verifies(remoteKeys(ADDRESS, 20))).toBe(false);
    vi.restoreAllMocks();
    const stalled = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(keySet.slice(0, 10))),
    });
    answering(() => new Response(stalled));
    expect(await verifies(remoteKeys(ADDRESS, 20))).toBe(false);
  });

  it('verify nothing if they are not a key set', async () => {
    for (const text of ['', '{}', '[]', 'null', '{"keys":{}}', '<html>', keySet.slice(1)]) {
      answering(() => new Response(text));
      expect([text, await verifies(remoteKeys(ADDRESS))]).toEqual([text, false]);
    }
  });

  it('are not fetched for every token while they cannot be read', async () => {
    const fetched = answering(() => new Response('no', { status: 500 }));
    const keys = remoteKeys(ADDRESS);
    for (let index = 0; index < 5; index += 1) expect(await verifies(keys)).toBe(false);
    expect(fetched).toHaveBeenCalledOnce();
    const now = Date.now();
    vi.spyOn(Date, 'now').mockReturnValue(now + 6_000);
    answering(() => new Response(keySet));
    expect(await verifies(keys)).toBe(true);
  });

  it('are not fetched for every token with an unknown kid', async () => {
    const fetched = answering(() => new Response(keySet));
    const keys = remoteKeys(ADDRESS);
    for (let index = 0; index < 5; index += 1) expect(await verifies(keys, `unknown-${index}`)).toBe(false);
    expect(fetched).toHaveBeenCalledOnce();
  });
});
