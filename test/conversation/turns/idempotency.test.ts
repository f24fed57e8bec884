import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createdIdentifier,
  fingerprintOf,
  keyDigest,
  MAX_REMEMBERED_INTERACTIONS,
  readIdempotencyKey,
  RememberedKeys,
} from '../../../src/conversation/turns/idempotency.ts';
import { IDENTIFIER } from '../../../src/identifiers.ts';

const visible = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
const anyKey = fc
  .string({ unit: visible, minLength: 1, maxLength: 255 })
  .filter((key) => !key.startsWith('"'));

describe('the header Idempotency-Key', () => {
  it('is the same key with and without quotes', () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        const quoted = `"${key.replaceAll(/["\\]/g, (mark) => `\\${mark}`)}"`;
        expect(readIdempotencyKey(key)).toEqual({ ok: true, value: key });
        expect(readIdempotencyKey(quoted)).toEqual({ ok: true, value: key });
      }),
    );
  });

  it('is not needed', () => {
    expect(readIdempotencyKey(null)).toEqual({ ok: true, value: null });
    expect(readIdempotencyKey(undefined)).toEqual({ ok: true, value: null });
  });

  it.each([
    ['nothing', ''],
    ['spaces alone', '   '],
    ['empty quotes', '""'],
    ['256 characters', 'k'.repeat(256)],
    ['256 characters in quotes', `"${'k'.repeat(256)}"`],
    ['a space inside', 'one two'],
    ['two headers', 'one, two'],
    ['a tab inside', 'one\ttwo'],
    ['a letter outside ASCII', 'schlüssel'],
    ['a quote that is not closed', '"open'],
    ['a quote inside quotes', '"o"pen"'],
    ['an escape of nothing', String.raw`"o\pen"`],
    ['parameters behind the string', '"one";two=3'],
    ['a control', 'one\u0007'],
  ])('is refused with %s', (_what, header) => {
    expect(readIdempotencyKey(header)).toMatchObject({
      ok: false,
      problem: { code: 'idempotency_key_invalid' },
    });
  });

  it('is read in time linear in its length', () => {
    const header = `"${String.raw`\\`.repeat(500_000)}`;
    expect(readIdempotencyKey(header).ok).toBe(false);
  });
});

describe('what a conversation keeps of a key', () => {
  it('differs by user, operation and key, and has 22 characters', async () => {
    const digests = await Promise.all([
      keyDigest('a', 'interact', 'k'),
      keyDigest('b', 'interact', 'k'),
      keyDigest('a', 'finish', 'k'),
      keyDigest('a', 'interact', 'l'),
      keyDigest('a","interact', '', 'k'),
    ]);
    expect(new Set(digests).size).toBe(digests.length);
    for (const digest of digests) expect(digest).toMatch(/^[\w-]{22}$/);
    expect(await keyDigest('a', 'interact', 'k')).toBe(digests[0]);
  });

  it('knows a content again, whatever the order of its members', async () => {
    const one = await fingerprintOf({ kind: 'interact', text: 'Tuesday?', events: [{ at: 1, text: 'x' }] });
    const other = await fingerprintOf({ text: 'Tuesday?', events: [{ text: 'x', at: 1 }], kind: 'interact' });
    expect(one).toBe(other);
    expect(one).toMatch(/^[\w-]{22}$/);
    expect(await fingerprintOf({ kind: 'interact', text: 'Tuesday', events: [] })).not.toBe(one);
  });
});

describe('the identifier of a conversation that a key creates', () => {
  it('is an identifier, and the same for the same key alone', async () => {
    const parts = ['clinic', 'user', 'service', 'key'] as const;
    const identifier = await createdIdentifier(...parts);
    expect(identifier).toMatch(IDENTIFIER);
    expect(await createdIdentifier(...parts)).toBe(identifier);
    for (let changed = 0; changed < parts.length; changed += 1) {
      const others = parts.map((part, index) => (index === changed ? `${part}2` : part));
      const [organization = '', user = '', service = '', key = ''] = others;
      expect(await createdIdentifier(organization, user, service, key)).not.toBe(identifier);
    }
    expect(await createdIdentifier('clinic', 'user', 'service|key', '')).not.toBe(
      await createdIdentifier('clinic', 'user', 'service', 'key'),
    );
  });
});

describe('the keys that a conversation remembers', () => {
  it('are those of its last 100 interactions, with a key or without', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2), { minLength: 1, maxLength: 260 }), (counts) => {
        const keys = new RememberedKeys();
        for (const [index, count] of counts.entries()) {
          const records = Array.from({ length: count }, (_, at) => [`k${index + 1}-${at}`, 'f'] as const);
          keys.remember(index + 1, records);
        }
        for (const [index, count] of counts.entries()) {
          const isRecent = index + 1 > counts.length - MAX_REMEMBERED_INTERACTIONS;
          for (let at = 0; at < count; at += 1) {
            const expected = isRecent ? { interaction: index + 1, fingerprint: 'f' } : null;
            expect(keys.find(`k${index + 1}-${at}`)).toEqual(expected);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it('are found by their last interaction when one was used again after it was forgotten', () => {
    const keys = new RememberedKeys();
    keys.remember(1, [['k', 'one']]);
    keys.remember(101, [['k', 'two']]);
    keys.remember(102, []);
    expect(keys.find('k')).toEqual({ interaction: 101, fingerprint: 'two' });
  });
});
