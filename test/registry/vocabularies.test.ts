/** Closed lists that files are checked against: languages, time zones, operations with limits. */
import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../src/api/operations.ts';
import { isLanguage } from '../../src/registry/languages.ts';
import { LIMITED_OPERATIONS } from '../../src/registry/limited-operations.ts';
import { timeZoneMessage } from '../../src/registry/time-zones.ts';
import { ENDPOINTS } from '../../src/workbench/routes.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'.split('');

describe('a language', () => {
  it.each(['eng', 'deu', 'fra', 'jpn', 'cmn', 'zho', 'urd', 'aaa', 'zza', 'zzj', 'mul'])(
    'may be %s',
    (code) => {
      expect(isLanguage(code)).toBe(true);
    },
  );

  it.each(['en', 'ENG', 'ger', 'fre', 'xxq', 'aax ', 'e\u0301n', '', 'engl'])('is not %j', (code) => {
    expect(isLanguage(code)).toBe(false);
  });

  it('is one of the 7,910 of the reference', () => {
    const codes = LETTERS.flatMap((a) => LETTERS.flatMap((b) => LETTERS.map((c) => `${a}${b}${c}`)));
    expect(codes.filter(isLanguage)).toHaveLength(7_910);
  });
});

describe('a time zone', () => {
  it.each(['Europe/Paris', 'UTC', 'America/Argentina/Buenos_Aires', 'US/Eastern', 'Asia/Kolkata'])(
    'may be %s',
    (name) => {
      expect(timeZoneMessage(name)).toBeNull();
    },
  );

  it.each(['Europe/Pari', '+01:00', '-0500', '', 'Paris', 'constructor'])('is not %j', (name) => {
    expect(timeZoneMessage(name)).toBe(`there is no time zone "${name}"`);
  });
});

describe('the operations whose limits an organization may set', () => {
  it('are those of the API and of the workbench', () => {
    // Those who become visitors are no users yet: the service says how many may begin.
    const ofUsers = OPERATIONS.filter(({ tag, credentials }) => tag !== 'User' || credentials !== 'optional');
    const served = [...ofUsers, ...ENDPOINTS].map(({ id }) => id);
    expect([...LIMITED_OPERATIONS].sort()).toEqual(served.sort());
  });
});
