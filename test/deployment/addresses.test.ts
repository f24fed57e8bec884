/** The addresses of a deployment: its public origin, and the hosts that a development server answers for. */
import { describe, expect, it, vi } from 'vitest';
import { isOwnHost, publicOrigin, publicOriginFault } from '../../src/deployment/addresses.ts';
import { ProblemError } from '../../src/problems.ts';

const REQUEST = 'http://10.0.0.7:8080/v1/o/service/?x=1';

describe('the public origin', () => {
  it('is that of the request, unless one is configured', () => {
    expect(publicOrigin({}, REQUEST)).toBe('http://10.0.0.7:8080');
    expect(publicOrigin({ PUBLIC_ORIGIN: '' }, REQUEST)).toBe('http://10.0.0.7:8080');
  });

  it.each([
    ['https://api.example', 'https://api.example'],
    ['https://api.example/', 'https://api.example'],
    ['https://API.example:443', 'https://api.example'],
    ['https://api.example:8443', 'https://api.example:8443'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['https://[2001:db8::1]', 'https://[2001:db8::1]'],
  ])('may be %s', (PUBLIC_ORIGIN, origin) => {
    expect(publicOrigin({ PUBLIC_ORIGIN }, REQUEST)).toBe(origin);
    expect(publicOriginFault({ PUBLIC_ORIGIN })).toBeNull();
  });

  it.each([
    'api.example',
    'https://',
    '//api.example',
    'ftp://api.example',
    'javascript:alert(1)',
    'https://api.example/base',
    'https://api.example/?x',
    'https://api.example/#x',
    'https://user@api.example',
    'https://user:secret@api.example',
    'https://api.example:99999',
    'null',
  ])(
    'may not be %s: the log names the variable once, the caller learns no more than 503',
    (PUBLIC_ORIGIN) => {
      const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
      for (let index = 0; index < 3; index += 1) {
        let thrown: unknown = null;
        try {
          publicOrigin({ PUBLIC_ORIGIN }, REQUEST);
        } catch (error) {
          thrown = error;
        }
        expect(thrown).toBeInstanceOf(ProblemError);
        const { problem } = thrown as ProblemError;
        expect(problem.code).toBe('deployment_misconfigured');
        expect(problem.detail).not.toContain(PUBLIC_ORIGIN);
      }
      expect(log.mock.calls.map(([line]) => JSON.parse(String(line)) as object)).toMatchObject([
        { event: 'deployment_misconfigured', variable: 'PUBLIC_ORIGIN' },
      ]);
      expect(publicOriginFault({ PUBLIC_ORIGIN })?.variable).toBe('PUBLIC_ORIGIN');
      log.mockRestore();
    },
  );
});

describe('a host that a development server answers for', () => {
  const own = (url: string, env: Parameters<typeof isOwnHost>[0] = {}, host?: string) =>
    isOwnHost(env, new Request(url, host === undefined ? {} : { headers: { host } }));

  it.each([
    'http://localhost/',
    'http://localhost:8787/',
    'http://LOCALHOST:1/',
    'http://127.0.0.1:8787/',
    'http://[::1]:8787/',
    'https://localhost/',
  ])('is that of %s', (url) => {
    expect(own(url)).toBe(true);
  });

  it.each([
    'http://evil.example/',
    'http://evil.example:8787/',
    'http://localhost.evil.example/',
    'http://evil-localhost/',
    'http://127.0.0.1.evil.example/',
    'http://192.168.1.7:8787/',
    'http://0.0.0.0:8787/',
    'http://[::2]/',
    'http://api.example/',
  ])('is not that of %s', (url) => {
    expect(own(url)).toBe(false);
  });

  it('is one of a list, and that of the public origin', () => {
    const env = {
      ALLOWED_HOSTS: 'devbox, Devbox.Internal:8787 ,,192.168.1.7',
      PUBLIC_ORIGIN: 'https://api.example',
    };
    const found = ['devbox', 'devbox.internal', '192.168.1.7', 'api.example', 'other'].map((host) =>
      own(`http://${host}:9000/`, env),
    );
    expect(found).toEqual([true, true, true, true, false]);
  });

  it('is none of an entry that is no host', () => {
    const env = { ALLOWED_HOSTS: '*,http://evil.example,evil.example/x,user@evil.example' };
    expect(own('http://evil.example/', env)).toBe(false);
    expect(own('http://localhost/', env)).toBe(true);
  });

  it('is that of the header as well as that of the address, when they differ', () => {
    expect(own('http://localhost/', {}, 'evil.example')).toBe(false);
    expect(own('http://evil.example/', {}, 'localhost')).toBe(false);
    expect(own('http://localhost/', {}, 'localhost@evil.example')).toBe(false);
    expect(own('http://localhost/', {}, 'localhost:8787')).toBe(true);
  });
});
