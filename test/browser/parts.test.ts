/** The widget's decisions that need no browser. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AgentAction } from '../../src/contract/agent-actions.ts';
import { readIdempotencyKey } from '../../src/conversation/turns/idempotency.ts';
import { claimsOf } from '../../widget/api/claims.ts';
import { renewalTime, Session } from '../../widget/api/session.ts';
import type { TokenSource } from '../../widget/api/token-source.ts';
import { KeptAnswers } from '../../widget/chat/kept-answers.ts';
import { Outbox } from '../../widget/chat/outbox.ts';
import { storageKey } from '../../widget/tab-storage.ts';
import { Timeline } from '../../widget/voice/timeline.ts';
import { encodeWav, samplesOfPcm } from '../../widget/voice/wav.ts';
import { describeAction } from '../../widget/words/activity.ts';
import { PHRASES } from '../../widget/words/phrases.ts';
import { fill, languageOf } from '../../widget/words/words.ts';

describe('renewing a token', () => {
  it.each([
    ['an hour', 60, 55],
    ['ten minutes', 10, 8],
    ['a minute', 1, 0.8],
  ])('happens in time for a token that lives %s', (_name, minutes, expected) => {
    expect(renewalTime(0, minutes * 60_000)).toBe(expected * 60_000);
  });
});

/** A token that nothing has signed. */
function tokenWith(claims: unknown): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2lnbmVk`;
}

describe('what a token says of itself', () => {
  it.each([
    [
      'one of the API',
      { iss: 'conversation-api', sub: 'a', exp: 2 },
      { user: 'a', isOfApi: true, endsAt: 2_000 },
    ],
    ['one of another issuer', { iss: 'x', sub: 'Zoë 🦊' }, { user: 'Zoë 🦊', isOfApi: false, endsAt: null }],
    [
      'one whose claims are no texts',
      { iss: 1, sub: 2, exp: '3' },
      { user: null, isOfApi: false, endsAt: null },
    ],
    ['one that claims nothing', null, { user: null, isOfApi: false, endsAt: null }],
  ])('is read from %s', (_name, claims, expected) => {
    expect(claimsOf(tokenWith(claims))).toEqual(expected);
  });

  it.each(['', 'of-yesterday', '..', 'a.b.c', 'a.%.c'])(
    'is empty for a text that is not a token: %j',
    (token) => {
      expect(claimsOf(token)).toEqual({ user: null, isOfApi: false, endsAt: null });
    },
  );
});

/** A tab's storage. */
class Storage {
  getItem(key: string): string | null {
    return Object.hasOwn(this, key) ? String(Reflect.get(this, key)) : null;
  }
  setItem(key: string, value: string): void {
    Reflect.set(this, key, value);
  }
  removeItem(key: string): void {
    Reflect.deleteProperty(this, key);
  }
}

describe('what a tab keeps', () => {
  const HOUR_MS = 3_600_000;
  let now: number;

  beforeEach(() => {
    now = Date.now();
    vi.stubGlobal('sessionStorage', new Storage());
  });

  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  /** Returns a function that acts as a new page of `user` with each call, and returns the token that it used. */
  function pagesOf(user: string | null, claims: object, more: Partial<TokenSource> = {}) {
    const asked: (string | null)[] = [];
    const source: TokenSource = {
      ask: (refused) => {
        asked.push(refused);
        return Promise.resolve({ id_token: tokenWith({ ...claims, n: asked.length }) });
      },
      isRenewable: true,
      isKept: true,
      ...more,
    };
    const open = () =>
      new Session({ source, user, key: storageKey('token', 'api', 'clinic'), onOtherUser: () => undefined });
    return { asked, open };
  }

  it('is a token of the user that the page names, until its renewal', async () => {
    const { asked, open } = pagesOf('ann', { sub: 'ann', exp: (now + HOUR_MS) / 1_000 });
    const first = await open().bearer();
    expect([await open().bearer(), asked]).toEqual([first, [null]]);
    vi.spyOn(Date, 'now').mockReturnValue(now + HOUR_MS - 4 * 60_000);
    expect(await open().bearer()).not.toBe(first);
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['of a page that names no user', null, { sub: 'ann', exp: 9e9 }, {}],
    ['that a function of the site gives', 'ann', { sub: 'ann', exp: 9e9 }, { isKept: false }],
    ['of which nothing says when it ends', 'ann', { sub: 'ann' }, {}],
  ])('is no token %s', async (_name, user, claims, more) => {
    const { asked, open } = pagesOf(user, claims, more);
    await open().bearer();
    await open().bearer();
    expect(asked).toHaveLength(2);
    expect(Object.keys(sessionStorage)).toEqual([]);
  });

  it('is no token after the page names another user or the API refuses the token', async () => {
    const ann = pagesOf('ann', { sub: 'ann', exp: 9e9 });
    const ben = pagesOf('ben', { sub: 'ben', exp: 9e9 });
    const token = await ann.open().bearer();
    await ben.open().bearer();
    expect(JSON.stringify(sessionStorage)).not.toContain(token);
    const again = ann.open();
    const second = await again.bearer();
    expect(again.renew(second)).toBe(true);
    expect(Object.keys(sessionStorage)).toEqual([]);
    await again.bearer();
    expect(ann.asked).toEqual([null, null, second]);
  });

  it.each(['{"user":"ann"}', '[]', 'null', '7', '{', '{"user":"ann","token":1,"renewAt":9e99}'])(
    'is ignored if it has another form: %s',
    async (text) => {
      sessionStorage.setItem(storageKey('token', 'api', 'clinic'), text);
      sessionStorage.setItem(storageKey('outbox'), text);
      const { asked, open } = pagesOf('ann', { sub: 'ann', exp: 9e9 });
      await open().bearer();
      expect(asked).toHaveLength(1);
      const outbox = new Outbox();
      outbox.keepAs(storageKey('outbox'));
      expect(outbox.items).toEqual([]);
    },
  );

  it('is an unsent text, only for the user who wrote it', () => {
    const said = { recording: null, conversation: null };
    const outbox = new Outbox();
    outbox.add({ ...said, text: 'before it was known whose' });
    outbox.keepAs(storageKey('outbox', 'ann'));
    outbox.add({ ...said, text: 'after' });
    const later = new Outbox();
    later.add({ ...said, text: 'on the next page' });
    later.keepAs(storageKey('outbox', 'ann'));
    expect(later.items.map(({ text }) => text)).toEqual([
      'before it was known whose',
      'after',
      'on the next page',
    ]);
    const other = new Outbox();
    other.keepAs(storageKey('outbox', 'ben'));
    expect(other.items).toEqual([]);
  });

  it('has the key of each text, and no two texts have the same', () => {
    const outbox = new Outbox();
    outbox.keepAs(storageKey('outbox', 'ann'));
    const said = { recording: null, conversation: 'c', text: 'yes' };
    const keys = [outbox.add(said), outbox.add(said)].map(({ key }) => key);
    const later = new Outbox();
    later.keepAs(storageKey('outbox', 'ann'));
    expect(later.items.map(({ key }) => key)).toEqual(keys);
    expect(new Set(keys).size).toBe(2);
    for (const key of keys) expect(readIdempotencyKey(key)).toEqual({ ok: true, value: key });
  });

  it('is the answer that was on its way, once, for its interaction or its message', () => {
    const page = new EventTarget();
    vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
    const { signal } = new AbortController();
    const answer = {
      ...{ conversation: 'c', interaction: 'i', cursor: 4, text: 'Good', steps: ['Decides'], key: 'k' },
      question: { id: 'q', text: 'Hello?' },
    };
    const first = new KeptAnswers(signal);
    first.keepAs('ann');
    first.current = () => answer;
    page.dispatchEvent(new Event('pagehide'));
    const open = (key: string) => {
      const answers = new KeptAnswers(signal);
      answers.keepAs(key);
      return answers;
    };
    expect(open('bob').take({ interaction: 'i' })).toBeNull();
    const second = open('ann');
    expect([second.take({ interaction: 'j' }), second.take({ key: '' })]).toEqual([null, null]);
    expect(second.take({ key: 'k' })).toEqual(answer);
    expect(second.take({ interaction: 'i' })).toBeNull();
    expect(open('ann').kept).toBeNull();
  });

  it.each([
    null,
    [],
    'x',
    { conversation: 'c' },
    {
      ...{ conversation: 'c', interaction: 'i', cursor: '4' },
      ...{ text: '', steps: [1], key: '', question: null },
    },
  ])('is no answer of another form: %j', (value) => {
    vi.stubGlobal('addEventListener', () => undefined);
    sessionStorage.setItem('ann', JSON.stringify(value));
    const answers = new KeptAnswers(new AbortController().signal);
    answers.keepAs('ann');
    expect(answers.kept).toBeNull();
  });

  it('has a different name for every list of parts', () => {
    const names = [
      ['a', 'b/c'],
      ['a/b', 'c'],
      ['a', 'b', 'c'],
      ['a","b', 'c'],
      ['a', 'b,c'],
    ];
    expect(new Set(names.map((parts) => storageKey(...parts))).size).toBe(names.length);
  });

  it('is empty, and the chat works, if the page has no storage', async () => {
    vi.stubGlobal('sessionStorage', undefined);
    const { asked, open } = pagesOf('ann', { sub: 'ann', exp: 9e9 });
    await open().bearer();
    await open().bearer();
    expect(asked).toHaveLength(2);
  });
});

describe('a session', () => {
  it('drops the token of a source that the site has replaced meanwhile', async () => {
    const { promise, resolve } = Promise.withResolvers<{ id_token: string }>();
    const source: TokenSource = { ask: () => promise, isRenewable: true, isKept: false };
    const session = new Session({ source, user: null, key: 'k', onOtherUser: () => undefined });
    const asked = session.bearer();
    const ofBen = tokenWith({ sub: 'ben' });
    session.change({ ...source, ask: () => Promise.resolve({ id_token: ofBen }) });
    resolve({ id_token: tokenWith({ sub: 'ann' }) });
    expect([await asked, await session.user()]).toEqual([ofBen, 'ben']);
  });

  it('refuses a token of the API for another user than the page names, and accepts any token of another issuer', async () => {
    const of = (claims: object) => {
      const source: TokenSource = {
        ask: () => Promise.resolve({ id_token: tokenWith(claims) }),
        isRenewable: true,
        isKept: false,
      };
      return new Session({ source, user: 'ann', key: 'k', onOtherUser: () => undefined });
    };
    await expect(of({ iss: 'conversation-api', sub: 'ben' }).bearer()).rejects.toThrow('"ann"');
    expect(await of({ iss: 'https://login.example', sub: '4711' }).user()).toBe('ann');
  });
});

describe('the words of a spoken answer', () => {
  function timeline(): Timeline {
    const made = new Timeline();
    made.addWords(Array.from('Hi there. Bye now.', (character, index) => [index * 100, character] as const));
    made.addAudio(10, 900);
    // The second piece came late: half a second of silence.
    made.addAudio(11.4, 900);
    return made;
  }

  it.each([
    ['before it begins', 9.9, '', ''],
    ['at its first character', 10, 'H', 'Hi there. '],
    ['in the silence between two pieces', 11.2, 'Hi there. ', 'Hi there. '],
    ['in the second piece', 11.75, 'Hi there. Bye', 'Hi there. Bye now.'],
    ['at the end', 20, 'Hi there. Bye now.', 'Hi there. Bye now.'],
  ])('are shown as far as they are spoken: %s', (_name, now, letters, sentences) => {
    expect([timeline().textAt(now, false), timeline().textAt(now, true)]).toEqual([letters, sentences]);
  });
});

describe('sound', () => {
  it('is equal after writing and reading a WAV file, and is clipped instead of wrapped', () => {
    const file = new Uint8Array(encodeWav(Float32Array.from([0, 0.5, -0.5, 1, -1, 3])));
    expect(new TextDecoder().decode(file.subarray(0, 4))).toBe('RIFF');
    const samples = [...samplesOfPcm(file.slice(44))].map((sample) => Math.round(sample * 1_000) / 1_000);
    expect(samples).toEqual([0, 0.5, -0.5, 1, -1, 1]);
  });
});

describe('words', () => {
  const { words } = languageOf('en-GB');

  it('describe every action except pieces of the answer', () => {
    const types = AgentAction.options.map((option) => option.shape.type.value);
    expect(types.length).toBeGreaterThan(20);
    const silent = types.filter((type) => {
      const action = { type, filler: 'One moment.' } as unknown as AgentAction;
      return describeAction(action, words) === null;
    });
    expect(silent).toEqual(['engage-user-message-fragment-generated']);
  });

  it('show a filler that is a text, and not one that is a sound', () => {
    const filler = (text: string): AgentAction => ({
      type: 'action-too-long',
      filler: text,
      previously_started_event: null,
    });
    const sound = Buffer.from(encodeWav(new Float32Array(10))).toString('base64');
    expect(describeAction(filler(sound), words)).toBeNull();
    expect(describeAction(filler('One moment.'), words)).toBe('One moment.');
  });

  it('are English for unknown languages, and have a direction', () => {
    expect(['de-AT', 'AR', 'xx', '', 'constructor'].map((tag) => languageOf(tag).tag)).toEqual([
      'de',
      'ar',
      'en',
      'en',
      'en',
    ]);
    expect(languageOf('ar').direction).toBe('rtl');
  });

  it('replace single phrases if they are the site’s, and set the language if they are most of the phrases', () => {
    const some = languageOf('he', { send: 'שלח' });
    expect([some.tag, some.direction, some.words.send, some.words.end]).toEqual([
      ...['en', 'ltr', 'שלח', 'End conversation'],
    ]);
    const most = Object.fromEntries(Object.keys(PHRASES).map((name) => [name, 'מילה']));
    expect(languageOf('he-IL', most)).toMatchObject({ tag: 'he', direction: 'rtl' });
    expect(languageOf('fr', most)).toMatchObject({ tag: 'fr', direction: 'ltr' });
    expect(languageOf('no tag', most)).toMatchObject({ tag: 'en', direction: 'ltr' });
  });

  it('are all named in the document', async () => {
    const text = await readFile(join(import.meta.dirname, '../../docs/widget.md'), 'utf8');
    expect(Object.keys(PHRASES).filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  it('have only their named placeholders replaced', () => {
    expect(fill('{agent} {toString} {agent}{b}', { agent: '{b}', b: 1 })).toBe('{b} {toString} {b}1');
  });
});
