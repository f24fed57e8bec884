/** The chat in a page of another site: its policy, its tokens, its permission to be there, and what it is told. */
import { createHash } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HttpClient, Server, type Identity } from '../http/server.ts';
import { ChatPage, demoVisitor } from './chat.ts';
import { launchChromium } from './chromium.ts';
import { publishClinic, Site } from './site.ts';

const PLENTY = 1_000;
/** Limits that tests do not meet unless they want to. */
const GENEROUS = {
  'sign-in-with-api-key': PLENTY,
  'create-conversation': PLENTY,
  'get-conversations': PLENTY,
  'finish-conversation': PLENTY,
};
/** Origins of a listed site, of a site that is not listed, and of one with a low rate limit. */
const [OPEN, CLOSED, NARROW] = ['open-clinic', 'closed-clinic', 'narrow-clinic'];

let server: Server;
let browser: Browser;
let site: Site;
let identity: Identity;
let chat: ChatPage;

beforeAll(async () => {
  identity = demoVisitor();
  [server, browser] = await Promise.all([Server.start(), launchChromium()]);
  site = await Site.start(server, identity);
  const allowed_origins = [site.origin];
  await publishClinic(server, OPEN, { allowed_origins, rate_limits: GENEROUS });
  await publishClinic(server, CLOSED, { rate_limits: GENEROUS });
  await publishClinic(server, NARROW, {
    allowed_origins,
    rate_limits: { ...GENEROUS, 'interact-with-conversation': 1 },
  });
});

afterAll(async () => {
  await browser.close();
  await site.stop();
  await server.stop();
});

function element(organization: string, attributes = ''): string {
  const service = identity.service_ids[0] ?? '';
  return `<amigo-chat organization="${organization}" service="${service}" token-url="/token/${organization}" ${attributes}></amigo-chat>`;
}

beforeEach(async () => {
  site.body = element(OPEN);
  site.tokens.length = 0;
  site.tokenLifeMs = 3_600_000;
  for (const organization of [OPEN, NARROW]) {
    await (await HttpClient.signIn(server, { ...identity, organization })).finishAll();
  }
});

afterEach(() => chat.close());

/** Notes every event that the element sends, from before it is there. */
async function listen(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const events: [string, unknown][] = [];
    Object.assign(globalThis, { events });
    for (const name of ['open', 'message', 'finish', 'error']) {
      document.addEventListener(`amigo-${name}`, (event) =>
        events.push([name, (event as CustomEvent).detail]),
      );
    }
  });
}

function eventsOf(page: Page): Promise<[string, Record<string, unknown>][]> {
  return page.evaluate(
    () => (globalThis as unknown as { events: [string, Record<string, unknown>][] }).events,
  );
}

interface ChatElement extends HTMLElement {
  conversation: string | null;
  send(text: string): Promise<void>;
  finish(): Promise<void>;
  startNew(): Promise<void>;
}

describe('the script', () => {
  it('is served unchanged in every release, with its types as text', async () => {
    chat = await ChatPage.open(browser, 'about:blank');
    const { releases } = (await (await fetch(`${server.url}/amigo-chat.json`)).json()) as {
      releases: { file: string; integrity: string }[];
    };
    expect(releases.length).toBeGreaterThan(0);
    for (const { file, integrity } of releases) {
      const script = Buffer.from(await (await fetch(`${server.url}${file}`)).arrayBuffer());
      expect(`sha384-${createHash('sha384').update(script).digest('base64')}`).toBe(integrity);
    }
    for (const path of ['/amigo-chat.d.ts', ...releases.map(({ file }) => file.replace('.js', '.d.ts'))]) {
      const types = await fetch(`${server.url}${path}`);
      expect(types.headers.get('content-type')).toBe('text/plain; charset=utf-8');
      expect(await types.text()).toContain('interface AmigoChatElement');
    }
  });

  it('is small, has a permanent name beside the stable one, and can be checked by its integrity', async () => {
    chat = await ChatPage.open(browser, site.origin);
    const { file, integrity, gzip_bytes } = (await (await fetch(`${server.url}/amigo-chat.json`)).json()) as {
      file: string;
      integrity: string;
      gzip_bytes: number;
    };
    expect(gzip_bytes).toBeLessThanOrEqual(30 * 1024);
    const headers = async (path: string) => {
      const response = await fetch(`${server.url}${path}`, { headers: { origin: site.origin } });
      return ['cache-control', 'access-control-allow-origin', 'cross-origin-resource-policy'].map((name) =>
        response.headers.get(name),
      );
    };
    expect(await headers(file)).toEqual(['public, max-age=31536000, immutable', '*', 'cross-origin']);
    expect(await headers('/amigo-chat.js')).toEqual([
      'public, max-age=300, must-revalidate',
      '*',
      'cross-origin',
    ]);
    expect(await headers(file.replace('.js', '.d.ts'))).toEqual(await headers(file));
    const before = site.script;
    site.script = `<script type="module" src="${server.url}${file}" integrity="${integrity}" crossorigin></script>`;
    await chat.page.reload();
    await chat.answered(1);
    site.script = before;
  });
});

describe('a site of another origin', () => {
  it('holds a conversation under a strict policy if the organization lists it', async () => {
    chat = await ChatPage.open(browser, site.origin);
    await chat.answered(1);
    await chat.send('I would like to book an appointment');
    await chat.answered(2);
    await chat.page.locator('amigo-chat').getByRole('heading', { name: 'Nora' }).waitFor();
  });

  it('shows that it is probably not listed if the organization does not list it', async () => {
    site.body = element(CLOSED);
    chat = await ChatPage.open(browser, site.origin);
    await chat.alert.getByText(`This site (${site.origin}) cannot reach the chat`).waitFor();
    expect(await chat.alert.textContent()).toContain('list of allowed sites');
    expect(await chat.sendButton.getAttribute('aria-disabled')).toBe('true');
  });

  it('receives events, and calls methods', async () => {
    chat = await ChatPage.open(browser, 'about:blank');
    const { page } = chat;
    await listen(page);
    await page.goto(site.origin);
    await chat.answered(1);
    const conversation = await page.evaluate(async () => {
      const found = document.querySelector<ChatElement>('amigo-chat');
      const before = found?.conversation;
      await found?.send('  I would like to book an appointment ');
      await found?.finish();
      return before;
    });
    await page.getByText('This conversation has ended').waitFor();
    const events = await eventsOf(page);
    expect(events.map(([name]) => name)).toEqual(['open', 'message', 'message', 'message', 'finish']);
    expect(events[0]?.[1]).toEqual({ conversation, resumed: false });
    expect(events[2]?.[1]).toMatchObject({ role: 'user', text: 'I would like to book an appointment' });
    expect(events[3]?.[1]).toMatchObject({ role: 'agent', text: (await chat.said('agent'))[1] });
    expect(events[4]?.[1]).toEqual({ conversation });
    await page.evaluate(() => document.querySelector<ChatElement>('amigo-chat')?.startNew());
    await chat.answered(1);
  });

  it('shows starters if it asks for them, and sends the chosen one', async () => {
    site.body = element(OPEN, 'starters="appointments, prescriptions"');
    chat = await ChatPage.open(browser, site.origin);
    const starters = chat.page
      .getByRole('group', { name: 'What would you like to begin with?' })
      .getByRole('button');
    await starters.first().waitFor();
    expect(await chat.said('agent')).toEqual([]);
    const chosen = await starters.first().innerText();
    await starters.first().click();
    await chat.answered(1);
    expect(await chat.said('user')).toEqual([chosen]);
    await chat.page.reload();
    await chat.answered(1);
    expect(await chat.said('user')).toEqual([chosen]);
  });

  it('can have several chats, change the service of one, and remove one during an answer', async () => {
    const second = identity.service_ids[1] ?? '';
    site.body = `${element(OPEN, 'id="a"')}${element(OPEN, 'id="b"').replace(identity.service_ids[0] ?? '', second)}`;
    chat = await ChatPage.open(browser, site.origin);
    const { page } = chat;
    const texts = (id: string) => page.locator(`#${id} article.agent .text`).allInnerTexts();
    await expect.poll(async () => [(await texts('a')).length, (await texts('b')).length]).toEqual([1, 1]);
    expect(await texts('a')).not.toEqual(await texts('b'));
    const inB = await texts('b');
    await page.locator('#a').evaluate((found, service) => found.setAttribute('service', service), second);
    await expect.poll(() => texts('a')).toEqual(inB);
    await page.locator('#b').evaluate(async (found) => {
      const answered = (found as ChatElement).send('I would like to leave a message');
      found.remove();
      // An answer that is no longer waited for does not stay open.
      await answered;
    });
    await expect.poll(() => page.locator('amigo-chat').count()).toBe(1);
  });
});

describe('tokens', () => {
  it('are renewed before they end, once for requests at the same time', async () => {
    chat = await ChatPage.open(browser, 'about:blank');
    await chat.page.clock.install();
    await chat.page.goto(site.origin);
    await chat.answered(1);
    await chat.suggestions.first().waitFor();
    expect(site.tokens).toHaveLength(1);
    await chat.page.clock.fastForward(54 * 60_000);
    await chat.send('I would like to book an appointment');
    await chat.answered(2);
    expect(site.tokens).toHaveLength(1);
    await chat.page.clock.fastForward(2 * 60_000);
    await chat.send('It is for my yearly check-up');
    await chat.answered(3);
    await chat.suggestions.first().waitFor();
    expect(site.tokens).toHaveLength(2);
  });

  it('are renewed once if the API refuses them, and the message is sent once', async () => {
    chat = await ChatPage.open(browser, site.origin);
    await chat.answered(1);
    let refused = 0;
    await chat.page.route('**/interact?*', async (route) => {
      const isOld = route.request().headers()['authorization'] === `Bearer ${site.tokens[0]}`;
      if (!isOld) {
        await route.continue();
        return;
      }
      refused += 1;
      await route.fulfill({
        status: 401,
        headers: { 'access-control-allow-origin': site.origin, 'content-type': 'application/problem+json' },
        body: JSON.stringify({ code: 'credentials_invalid', detail: 'No.', status: 401 }),
      });
    });
    await chat.send('I would like to book an appointment');
    await chat.answered(2);
    expect([refused, site.tokens.length]).toEqual([1, 2]);
    expect(await chat.said('user')).toEqual(['I would like to book an appointment']);
  });

  it('are reported as missing if the site gives none', async () => {
    chat = await ChatPage.open(browser, 'about:blank');
    await chat.page.route('**/token/*', (route) => route.fulfill({ status: 403, body: 'no' }));
    await chat.page.goto(site.origin);
    await chat.alert.getByText('This site did not sign you in').waitFor();
    await chat.page.unroute('**/token/*');
    await chat.page.getByRole('button', { name: 'Try again' }).click();
    await chat.answered(1);
  });

  it('are used unchanged if an attribute gives them, and their expiry is shown', async () => {
    site.body = element(OPEN).replace(`token-url="/token/${OPEN}"`, 'token="of-yesterday"');
    chat = await ChatPage.open(browser, site.origin);
    await chat.alert.getByText('Your sign-in has run out').waitFor();
    const { id_token } = (await (await fetch(`${site.origin}/token/${OPEN}`)).json()) as { id_token: string };
    await chat.page
      .locator('amigo-chat')
      .evaluate((found, token) => Object.assign(found, { token }), id_token);
    await chat.answered(1);
  });
});

describe("the API's own limit", () => {
  it('is counted down from the seconds of the API', async () => {
    site.body = element(NARROW);
    chat = await ChatPage.open(browser, site.origin);
    await chat.answered(1);
    await chat.send('I would like to book an appointment');
    await chat.answered(2);
    await chat.send('It is for my yearly check-up');
    const seen = chat.page.locator('amigo-chat .notice [aria-hidden]');
    await expect.poll(() => seen.innerText()).toMatch(/goes on by itself in \d+ s/);
    const seconds = Number(/\d+/.exec(await seen.innerText())?.[0]);
    expect(seconds).toBeGreaterThan(30);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(await chat.said('user')).toHaveLength(2);
  });
});
