/** Users of a chat: an administrator's token, two users of one tab, tokens that outlive a page, signing out. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { allEvents, HttpClient, identities, Server, type Identity } from '../http/server.ts';
import { ChatPage, type Stored } from './chat.ts';
import { launchChromium } from './chromium.ts';
import { publishClinic, Site } from './site.ts';

const QUESTION = 'I would like to book an appointment';
const CLINIC = 'shared-clinic';
const PLENTY = 1_000;

let server: Server;
let browser: Browser;
let site: Site;
let administrator: Identity;
let ann: Identity;
let ben: Identity;
let chat: ChatPage;

beforeAll(async () => {
  const [first, second, third] = identities();
  if (first === undefined || second === undefined || third === undefined)
    throw new Error('Too few identities.');
  [administrator, ann, ben] = [first, second, third];
  [server, browser] = await Promise.all([Server.start(), launchChromium()]);
  site = await Site.start(server, ann);
  await publishClinic(server, CLINIC, {
    allowed_origins: [site.origin],
    rate_limits: {
      'sign-in-with-api-key': PLENTY,
      'create-conversation': PLENTY,
      'get-conversations': PLENTY,
      'get-conversation-messages': PLENTY,
      'finish-conversation': PLENTY,
    },
  });
});

afterAll(async () => {
  await browser.close();
  await site.stop();
  await server.stop();
});

beforeEach(async () => {
  for (const user of [administrator, ann, ben]) await (await clientOf(user)).finishAll();
  site.visitor = ann;
  site.tokens.length = 0;
  site.body = element();
});

afterEach(() => chat.close());

function element(attributes = ''): string {
  const service = ann.service_ids[0] ?? '';
  return `<amigo-chat organization="${CLINIC}" service="${service}" token-url="/token/${CLINIC}" ${attributes}></amigo-chat>`;
}

/** Makes the site's next pages those of a user. `named`: the page says who it is. */
function signIn(user: Identity, named: boolean): void {
  site.visitor = user;
  site.body = element(named ? `user="${user.user_id}"` : '');
}

function clientOf(user: Identity): Promise<HttpClient> {
  return HttpClient.signIn(server, { ...user, organization: CLINIC });
}

/** Returns the texts of a user's newest conversation, the oldest first, read from the API directly. */
async function storedOf(user: Identity): Promise<string[]> {
  const client = await clientOf(user);
  const query = `user_id=${user.user_id}&limit=1`;
  const { conversations } = await client.get<{ conversations: { id: string }[] }>(`/conversation/?${query}`);
  const id = conversations[0]?.id;
  if (id === undefined) return [];
  const { messages } = await client.get<{ messages: Stored[] }>(`/conversation/${id}/messages/`);
  return messages.map(({ message }) => message).reverse();
}

/** All that the tab's storage holds, as one text. */
function storage(page: Page): Promise<string> {
  return page.evaluate(() => JSON.stringify(sessionStorage));
}

describe('an administrator', () => {
  it('resumes their own conversation, although the API also lists those of other users', async () => {
    const visitor = await clientOf(ann);
    const service_id = ann.service_ids[0];
    await allEvents(await visitor.post('/conversation/?response_format=text', { service_id }));
    const before = await storedOf(ann);
    signIn(administrator, false);
    chat = await ChatPage.open(browser, site.origin);
    await chat.answered(1);
    await chat.send(QUESTION);
    await chat.answered(2);
    expect(await storedOf(ann)).toEqual(before);
    expect(await storedOf(administrator)).toContain(QUESTION);
    await chat.page.reload();
    await chat.answered(2);
    expect(await chat.said('user')).toEqual([QUESTION]);
  });
});

describe.each([
  ['whose page names the user', true],
  ['whose page names no user', false],
])('a tab %s', (_name, named) => {
  it('sends the waiting message of a user as that user only', async () => {
    signIn(ann, named);
    chat = await ChatPage.open(browser, site.origin);
    const { page } = chat;
    await chat.answered(1);
    await page.route('**/interact?*', (route) => route.abort());
    await chat.send(QUESTION);
    await chat.alert.getByText('The connection was lost').waitFor();
    await page.unroute('**/interact?*');
    signIn(ben, named);
    await page.reload();
    await chat.answered(1);
    await chat.send('It is for my yearly check-up');
    await chat.answered(2);
    expect(await chat.said('user')).toEqual(['It is for my yearly check-up']);
    expect(await storedOf(ben)).not.toContain(QUESTION);
    signIn(ann, named);
    await page.reload();
    await chat.answered(2);
    expect(await chat.said('user')).toEqual([QUESTION]);
    expect((await storedOf(ann)).filter((text) => text === QUESTION)).toHaveLength(1);
  });
});

describe('a token', () => {
  it('is requested once for six pages that name the same user', async () => {
    signIn(ann, true);
    chat = await ChatPage.open(browser, site.origin);
    await chat.answered(1);
    for (let page = 2; page <= 6; page++) {
      await chat.page.goto(`${site.origin}/?page=${page}`);
      await chat.answered(1);
    }
    await chat.send(QUESTION);
    await chat.answered(2);
    expect(site.tokens).toHaveLength(1);
  });

  it('is not kept for a page that names no user or another user', async () => {
    signIn(ann, true);
    chat = await ChatPage.open(browser, site.origin);
    const { page } = chat;
    await chat.answered(1);
    const [token = ''] = site.tokens;
    expect(await storage(page)).toContain(token);
    signIn(ben, true);
    await page.reload();
    await chat.answered(1);
    expect(await storage(page)).not.toContain(token);
    expect(site.tokens).toHaveLength(2);
    signIn(ben, false);
    await page.reload();
    await chat.answered(1);
    expect(site.tokens).toHaveLength(3);
    for (const given of site.tokens) expect(await storage(page)).not.toContain(given);
  });

  it('is requested once more if the kept one is refused', async () => {
    signIn(ann, true);
    chat = await ChatPage.open(browser, site.origin);
    const { page } = chat;
    await chat.answered(1);
    // The last request of a page that opens; from here on the next page alone asks.
    await chat.suggestions.first().waitFor();
    let refused = 0;
    await page.route('**/v1/**', async (route) => {
      if (route.request().headers()['authorization'] !== `Bearer ${site.tokens[0]}`) {
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
    await page.reload();
    await chat.answered(1);
    expect([refused, site.tokens.length]).toEqual([1, 2]);
    await page.reload();
    await chat.answered(1);
    expect([refused, site.tokens.length]).toEqual([1, 2]);
  });

  it('is not used if it is of another user than the page names', async () => {
    signIn(ann, true);
    site.visitor = ben;
    chat = await ChatPage.open(browser, 'about:blank');
    const { page } = chat;
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/v1/')) asked.push(request.url());
    });
    const complaint = page.waitForEvent('console', (message) => message.text().includes(ann.user_id));
    await page.goto(site.origin);
    await chat.alert.getByText('This site did not sign you in').waitFor();
    expect((await complaint).text()).toContain(ben.user_id);
    expect(asked).toEqual([]);
    expect(await storage(page)).toBe('{}');
  });
});

describe('another user than before', () => {
  it('in a renewed token gets a new chat without earlier messages and draft', async () => {
    chat = await ChatPage.open(browser, 'about:blank');
    const { page } = chat;
    await page.clock.install();
    await page.goto(site.origin);
    await chat.answered(1);
    await chat.send(QUESTION);
    await chat.answered(2);
    signIn(ben, false);
    await page.clock.fastForward(56 * 60_000);
    await chat.field.fill('and my number is 555-0100');
    await chat.send('It is for my yearly check-up');
    await chat.answered(1);
    expect(await chat.said('user')).toEqual([]);
    expect(await chat.field.inputValue()).toBe('');
    expect(await storedOf(ben)).toHaveLength(1);
    expect(await storedOf(ann)).toHaveLength(3);
  });

  it.each(['user', 'token'])('in the attribute "%s" gets a new chat without the draft', async (name) => {
    signIn(ann, true);
    if (name === 'token') site.body = element();
    chat = await ChatPage.open(browser, site.origin);
    await chat.answered(1);
    await chat.send(QUESTION);
    await chat.answered(2);
    await chat.field.fill('my number is 555-0100');
    site.visitor = ben;
    const tokenOfBen = await (await fetch(`${site.origin}/token/${CLINIC}`)).json();
    const { id_token } = tokenOfBen as { id_token: string };
    const value = name === 'user' ? ben.user_id : id_token;
    await chat.page
      .locator('amigo-chat')
      .evaluate((found, set) => found.setAttribute(...set), [name, value] as const);
    await chat.answered(1);
    expect(await chat.said('user')).toEqual([]);
    expect(await chat.field.inputValue()).toBe('');
  });
});

describe('signing out', () => {
  it('by forget() removes everything from screen and tab, and sends no request until the chat is opened again', async () => {
    signIn(ann, true);
    chat = await ChatPage.open(browser, site.origin);
    const { page } = chat;
    await chat.answered(1);
    await page.route('**/interact?*', (route) => route.abort());
    await chat.send(QUESTION);
    await chat.alert.getByText('The connection was lost').waitFor();
    await page.unroute('**/interact?*');
    await chat.field.fill('my number is 555-0100');
    expect(await storage(page)).toContain(QUESTION);
    await page.evaluate(() => {
      sessionStorage.setItem('of-the-site', 'stays');
      document.querySelector('amigo-chat')?.forget();
    });
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    expect(await storage(page)).toBe('{"of-the-site":"stays"}');
    expect([await chat.said('agent'), await chat.said('user'), await chat.field.inputValue()]).toEqual([
      [],
      [],
      '',
    ]);
    await page.evaluate(async () => {
      const found = document.querySelector('amigo-chat');
      if (found !== null) found.heading = 'Signed out';
      await found?.send('not sent');
    });
    expect(asked).toEqual([]);
    await page.evaluate(() => document.querySelector('amigo-chat')?.open());
    await chat.answered(1);
    expect(site.tokens).toHaveLength(2);
    expect(await storedOf(ann)).not.toContain(QUESTION);
  });

  it('by taking the token away closes the chat', async () => {
    const { id_token } = (await (await fetch(`${site.origin}/token/${CLINIC}`)).json()) as {
      id_token: string;
    };
    site.body = element().replace(`token-url="/token/${CLINIC}"`, `token="${id_token}"`);
    chat = await ChatPage.open(browser, site.origin);
    await chat.answered(1);
    await chat.page.locator('amigo-chat').evaluate((found) => found.removeAttribute('token'));
    await chat.alert.getByText('Missing: token-url').waitFor();
    expect(await chat.said('agent')).toEqual([]);
    await chat.page
      .locator('amigo-chat')
      .evaluate((found, token) => found.setAttribute('token', token), id_token);
    await chat.answered(1);
  });
});
