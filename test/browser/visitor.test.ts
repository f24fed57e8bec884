/** A visitor of a page without a backend: the work that is asked of them, what the browser keeps, and what they read. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HttpClient, Server } from '../http/server.ts';
import { ChatPage, demoVisitor, patientPage, violations } from './chat.ts';
import { launchChromium } from './chromium.ts';
import { publishClinic, Site } from './site.ts';

const QUESTION = 'I would like to book an appointment';
const CLINIC = 'open-clinic';
/** The API lets pages of other origins read this header. */
const EXPOSED = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'retry-after' };

let server: Server;
let browser: Browser;
let site: Site;
let chat: ChatPage;
/** Requests that were sent for a visitor, by the status of their answer. */
let mints: number[] = [];

beforeAll(async () => {
  [server, browser] = await Promise.all([Server.start('--var', 'RATE_LIMITS:off'), launchChromium()]);
  site = await Site.start(server, demoVisitor());
  await publishClinic(server, CLINIC, { allowed_origins: [site.origin] });
});

afterAll(async () => {
  await browser.close();
  await site.stop();
  await server.stop();
});

beforeEach(() => {
  mints = [];
  site.body = element();
});

afterEach(() => chat.close());

function element(attributes = 'visitor'): string {
  const service = demoVisitor().service_ids[0] ?? '';
  return `<amigo-chat organization="${CLINIC}" service="${service}" ${attributes}></amigo-chat>`;
}

/** Opens the site's page in a browser of its own, or in another tab of one. */
async function openSite(
  prepare: (page: Page) => Promise<unknown> = () => Promise.resolve(),
): Promise<ChatPage> {
  const opened = await ChatPage.open(browser, 'about:blank');
  await prepare(opened.page);
  note(opened.page);
  await opened.page.goto(site.origin);
  return opened;
}

function note(page: Page): void {
  page.on('response', (response) => {
    if (response.url().endsWith('/visitor/') && response.request().method() === 'POST')
      mints.push(response.status());
  });
}

/** Returns the visitor that a page is, from what its browser keeps. */
function visitorOf(page: Page): Promise<string> {
  return page.evaluate(() => {
    const [text = '{}'] = Object.values(localStorage) as string[];
    const { id_token = '..' } = JSON.parse(text) as { id_token?: string };
    return (JSON.parse(atob(id_token.split('.')[1] ?? '') || '{}') as { sub?: string }).sub ?? '';
  });
}

/** Answers a page's requests for a visitor with a problem. */
async function refuse(page: Page, status: number, problem: object): Promise<void> {
  await page.route('**/visitor/', (route) => route.fulfill({ status, json: problem }));
}

describe('a page without a backend, under a strict policy', () => {
  it('chats, and keeps its thread over a reload with one visitor', async () => {
    chat = await openSite();
    await chat.answered(1);
    await chat.send(QUESTION);
    await chat.answered(2);
    const before = await chat.said('agent');
    await chat.page.reload();
    await chat.answered(2);
    expect(await chat.said('agent')).toEqual(before);
    expect(await chat.said('user')).toEqual([QUESTION]);
    // The challenge, its solution, and nothing after the reload: the token is good for some minutes.
    expect(mints).toEqual([403, 201]);
  });

  it('stays responsive while the browser does the work', async () => {
    chat = await openSite((page) =>
      page.addInitScript(() => {
        const gaps: number[] = [];
        Object.assign(globalThis, { gaps });
        new PerformanceObserver((list) => {
          for (const { duration } of list.getEntries()) gaps.push(duration);
        }).observe({ type: 'longtask' });
      }),
    );
    await chat.answered(1);
    const blocked = await chat.page.evaluate(() =>
      (globalThis as unknown as { gaps: number[] }).gaps.reduce((sum, gap) => sum + gap, 0),
    );
    const whole = await chat.page.evaluate(() => performance.now());
    expect(blocked).toBeLessThan(whole / 2);
  });

  it('is the same visitor in two tabs that open at the same time', async () => {
    chat = await ChatPage.open(browser, 'about:blank');
    const second = new ChatPage(await chat.page.context().newPage());
    for (const { page } of [chat, second]) note(page);
    await Promise.all([chat.page.goto(site.origin), second.page.goto(site.origin)]);
    await Promise.all([chat.answered(1), second.answered(1)]);
    expect(mints.filter((status) => status === 201)).toHaveLength(1);
    expect(await second.said('agent')).toEqual(await chat.said('agent'));
    expect(second.faults).toEqual([]);
  });

  it('is another visitor in another browser, and after forget', async () => {
    chat = await openSite();
    await chat.answered(1);
    const first = await visitorOf(chat.page);
    const other = await openSite();
    await other.answered(1);
    expect(await visitorOf(other.page)).not.toBe(first);
    await other.close();
    await chat.page.evaluate(() => document.querySelector('amigo-chat')?.forget());
    expect(await chat.page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
    await chat.page.evaluate(() => document.querySelector('amigo-chat')?.open());
    await chat.answered(1);
    expect([first, '']).not.toContain(await visitorOf(chat.page));
  });

  it('is a visitor for the life of the page where the browser denies storage', async () => {
    chat = await openSite((page) =>
      page.addInitScript(() => {
        const denied = {
          get: () => {
            throw new DOMException('denied', 'SecurityError');
          },
        };
        Object.defineProperty(globalThis, 'localStorage', denied);
        Object.defineProperty(globalThis, 'sessionStorage', denied);
        Object.defineProperty(navigator, 'locks', denied);
      }),
    );
    await chat.answered(1);
    await chat.send(QUESTION);
    await chat.answered(2);
    await chat.page.reload();
    await chat.answered(1);
    expect(mints).toEqual([403, 201, 403, 201]);
  });

  it('stops the work when the element leaves the page', async () => {
    chat = await openSite(async (page) => {
      await page.addInitScript(() => {
        const derive = crypto.subtle.deriveBits.bind(crypto.subtle);
        Object.assign(globalThis, { derived: 0 });
        crypto.subtle.deriveBits = (...args) => {
          (globalThis as unknown as { derived: number }).derived += 1;
          return derive(...args);
        };
      });
    });
    const derived = () => chat.page.evaluate(() => (globalThis as unknown as { derived: number }).derived);
    await expect.poll(derived, { interval: 5 }).toBeGreaterThan(0);
    const atLeave = await chat.page.evaluate(() => {
      document.querySelector('amigo-chat')?.remove();
      return (globalThis as unknown as { derived: number }).derived;
    });
    await chat.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
    expect((await derived()) - atLeave).toBeLessThanOrEqual(16);
    expect(mints).toEqual([403]);
  });
});

describe('a visitor whose token is not accepted', () => {
  /** Puts a token that no server has signed into the browser, in place of what it keeps. */
  function spoil(page: Page, names: string[]): Promise<void> {
    return page.evaluate((spoilt) => {
      const [key = ''] = Object.keys(localStorage);
      const kept = JSON.parse(localStorage.getItem(key) ?? '{}') as Record<string, string>;
      for (const name of spoilt) kept[name] = `${kept[name]?.slice(0, -8)}AAAAAAAA`;
      localStorage.setItem(key, JSON.stringify(kept));
    }, names);
  }

  it('stays the same by the visitor token when the other one is refused', async () => {
    chat = await openSite();
    await chat.answered(1);
    const before = await visitorOf(chat.page);
    await spoil(chat.page, ['id_token']);
    await chat.page.reload();
    await chat.answered(1);
    expect(mints).toEqual([403, 201, 200]);
    expect(await visitorOf(chat.page)).toBe(before);
  });

  it('stays the same when the token has come to the time of its renewal', async () => {
    chat = await openSite();
    await chat.answered(1);
    const before = await visitorOf(chat.page);
    await chat.page.evaluate(() => {
      const [key = ''] = Object.keys(localStorage);
      const kept = JSON.parse(localStorage.getItem(key) ?? '{}') as object;
      localStorage.setItem(key, JSON.stringify({ ...kept, renewAt: Date.now() - 1 }));
    });
    await chat.page.reload();
    await chat.answered(1);
    expect(mints).toEqual([403, 201, 200]);
    expect(await visitorOf(chat.page)).toBe(before);
  });

  it('begins anew as another visitor when both are refused', async () => {
    chat = await openSite();
    await chat.answered(1);
    await chat.send(QUESTION);
    await chat.answered(2);
    const before = await visitorOf(chat.page);
    await spoil(chat.page, ['id_token', 'visitor_token']);
    await chat.page.reload();
    await chat.answered(1);
    expect(await chat.said('user')).toEqual([]);
    expect(await visitorOf(chat.page)).not.toBe(before);
    expect(mints).toEqual([403, 201, 403, 201]);
  });

  it('does not become one visitor after the other where the API refuses all of them', async () => {
    chat = await openSite((page) =>
      page.route('**/conversation/**', (route) =>
        route.fulfill({ status: 401, json: { code: 'credentials_invalid', detail: 'no' } }),
      ),
    );
    await chat.alert.getByText('not set up correctly').or(chat.alert.getByText('run out')).waitFor();
    expect(mints.filter((status) => status === 201).length).toBeLessThanOrEqual(2);
  });
});

describe('a refusal', () => {
  it.each([
    [403, { code: 'challenge_failed' }, 'make sure that you are a person'],
    [404, { code: 'visitors_not_allowed', detail: 'No visitors.' }, 'not set up correctly'],
    [403, { code: 'challenge_required' }, 'not set up correctly: The service demands Turnstile'],
    [429, { code: 'rate_limit_exceeded' }, 'Try again later'],
    [429, { code: 'budget_exhausted', closed_message: 'Closed until Monday.' }, 'Closed until Monday.'],
    [429, { code: 'budget_exhausted', resets_at: '2030-01-31T00:00:00Z' }, 'opens again at'],
  ])(
    'with status %i and %o is told in words, and not sent again by itself',
    async (status, problem, words) => {
      chat = await openSite((page) =>
        page.route('**/visitor/', (route) =>
          route.fulfill({
            status,
            json: problem,
            headers: { ...EXPOSED, 'retry-after': status === 429 ? '3000' : '1' },
          }),
        ),
      );
      await chat.alert.getByText(words).waitFor();
      const asked = mints.length;
      expect(asked).toBeLessThanOrEqual(2);
      const isShut = problem.code === 'budget_exhausted';
      expect(await chat.page.getByRole('button', { name: 'Try again' }).count()).toBe(isShut ? 0 : 1);
      await chat.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
      expect(mints).toHaveLength(asked);
    },
  );

  it('gives the visitor their words back when a budget is spent', async () => {
    chat = await openSite();
    await chat.answered(1);
    await chat.page.route('**/interact?*', (route) =>
      route.fulfill({ status: 429, json: { code: 'budget_exhausted', closed_message: 'Back tomorrow.' } }),
    );
    await chat.send(QUESTION);
    await chat.alert.getByText('Back tomorrow. Your message is back in the field below.').waitFor();
    expect(await chat.field.inputValue()).toBe(QUESTION);
  });
});

describe('a service that demands Turnstile', () => {
  it('is given the token of getTurnstileToken, together with the proof of work', async () => {
    const bodies: Record<string, string>[] = [];
    chat = await openSite(async (page) => {
      await page.route('**/visitor/', async (route) => {
        const body = route.request().postDataJSON() as Record<string, string>;
        bodies.push(body);
        if (body['proof'] !== undefined && body['turnstile_token'] === undefined) {
          await route.fulfill({ status: 403, json: { code: 'challenge_required' } });
          return;
        }
        const { turnstile_token: _token, ...others } = body;
        const origin = { ...route.request().headers(), origin: site.origin };
        await route.fulfill({ response: await route.fetch({ postData: others, headers: origin }) });
      });
      await page.addInitScript(() => {
        addEventListener('DOMContentLoaded', () => {
          const element = document.querySelector('amigo-chat');
          if (element !== null) element.getTurnstileToken = () => Promise.resolve('of-a-person');
        });
      });
    });
    await chat.answered(1);
    expect(bodies.map((body) => [body['proof'] !== undefined, body['turnstile_token']])).toEqual([
      [false, undefined],
      [true, undefined],
      [true, 'of-a-person'],
    ]);
  });
});

describe('the demo page', () => {
  it('chats as a visitor, without a session of the demo', async () => {
    chat = await ChatPage.open(browser, 'about:blank');
    const asked: string[] = [];
    chat.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await chat.page.goto(server.url);
    await chat.answered(1);
    await chat.send(QUESTION);
    await chat.answered(2);
    expect(asked.filter((path) => path.startsWith('/demo/'))).toEqual(['/demo/features']);
    expect(await violations(chat.page)).toEqual([]);
    await chat.page.getByRole('button', { name: 'Helpful', exact: true }).last().click();
    await chat.screenshot('visitor-demo');
    await expect
      .poll(() =>
        chat.page.getByRole('button', { name: 'Helpful', exact: true }).last().getAttribute('aria-pressed'),
      )
      .toBe('true');
    expect(await chat.alert.count()).toBe(0);
  });

  it('does not show a patient who signs in what a visitor has said', async () => {
    await (await HttpClient.signIn(server, demoVisitor())).finishAll();
    chat = await ChatPage.open(browser, server.url);
    await chat.answered(1);
    await chat.send(QUESTION);
    await chat.answered(2);
    await chat.page.getByRole('link', { name: 'Sign in as Maya Chen' }).click();
    await expect.poll(() => chat.page.url()).toBe(patientPage(server.url));
    await chat.answered(1);
    expect(await chat.said('user')).toEqual([]);
  });
});

describe('two visitors', () => {
  it('see nothing of each other by any path that the chat uses', async () => {
    chat = await openSite();
    await chat.answered(1);
    await chat.send(QUESTION);
    await chat.answered(2);
    const conversation = await chat.page.evaluate(() => document.querySelector('amigo-chat')?.conversation);
    const other = await openSite();
    await other.answered(1);
    expect(await other.said('user')).toEqual([]);
    const statuses = await other.page.evaluate(
      async ([api, organization, id]) => {
        const [text = '{}'] = Object.values(localStorage) as string[];
        const { id_token } = JSON.parse(text) as { id_token: string };
        const headers = { authorization: `Bearer ${id_token}` };
        const base = `${api}/v1/${organization}/conversation/${id}`;
        const paths = ['/messages/', '/turn', '/metrics'];
        return Promise.all(paths.map(async (path) => (await fetch(base + path, { headers })).status));
      },
      [server.url, CLINIC, conversation ?? ''] as const,
    );
    expect(statuses).toEqual([404, 404, 404]);
    await other.close();
  });
});

it('keeps to the words of the page in other languages, on a narrow screen and in the dark', async () => {
  for (const [lang, width, colorScheme] of [
    ['ar', 360, 'light'],
    ['de', 360, 'dark'],
  ] as const) {
    site.body = element(`visitor lang="${lang}"`);
    const words =
      lang === 'ar' ? { field: 'رسالتك', send: 'إرسال' } : { field: 'Ihre Nachricht', send: 'Senden' };
    const context = await browser.newContext({ viewport: { width, height: 740 }, colorScheme });
    const narrow = new ChatPage(await context.newPage(), words);
    await refuse(narrow.page, 429, { code: 'budget_exhausted', resets_at: '2030-01-31T00:00:00Z' });
    await narrow.page.goto(site.origin);
    await narrow.alert.getByText('2030', { exact: false }).or(narrow.alert.getByText('30')).first().waitFor();
    expect(await violations(narrow.page, 'amigo-chat')).toEqual([]);
    expect(await narrow.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await narrow.screenshot(`visitor-closed-${lang}-${colorScheme}`);
    if (lang === 'ar') await narrow.close();
    chat = narrow;
  }
});
