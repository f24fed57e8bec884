/** Settings of a site, also during a conversation: names, language, words, voice, steps, tokens; and mistakes. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HttpClient, Server, type Identity } from '../http/server.ts';
import { ChatPage, demoVisitor, ndjson } from './chat.ts';
import { launchChromium } from './chromium.ts';
import { publishClinic, Site } from './site.ts';

const QUESTION = 'I would like to book an appointment';
const CLINIC = 'changing-clinic';
const PLENTY = 1_000;

let server: Server;
let browser: Browser;
let site: Site;
let identity: Identity;
let chat: ChatPage;

beforeAll(async () => {
  identity = demoVisitor();
  [server, browser] = await Promise.all([Server.start(), launchChromium()]);
  site = await Site.start(server, identity);
  const rate_limits = Object.fromEntries(
    [
      ...['sign-in-with-api-key', 'create-conversation', 'get-conversations', 'get-conversation-messages'],
      ...['finish-conversation', 'interact-with-conversation', 'recommend-responses-for-interaction'],
    ].map((operation) => [operation, PLENTY]),
  );
  await publishClinic(server, CLINIC, { allowed_origins: [site.origin], rate_limits });
});

afterAll(async () => {
  await browser.close();
  await site.stop();
  await server.stop();
});

beforeEach(async () => {
  site.body = element();
  site.tokens.length = 0;
  await (await HttpClient.signIn(server, { ...identity, organization: CLINIC })).finishAll();
});

afterEach(() => chat.close());

function element(attributes: Record<string, string | null> = {}): string {
  const all: Record<string, string | null> = {
    organization: CLINIC,
    service: identity.service_ids[0] ?? '',
    'token-url': `/token/${CLINIC}`,
    ...attributes,
  };
  const text = Object.entries(all).map(([name, value]) => (value === null ? '' : `${name}="${value}"`));
  return `<amigo-chat ${text.join(' ')}></amigo-chat>`;
}

async function set(name: string, value: string): Promise<void> {
  await chat.page
    .locator('amigo-chat')
    .evaluate((found, set) => found.setAttribute(...set), [name, value] as const);
}

/** Counts the requests of a page from now on. The parts of the script are not counted: they are loaded when they are needed. */
function countRequests(page: Page): () => number {
  let count = 0;
  page.on('request', (request) => {
    if (!request.url().includes('/amigo-chat-')) count += 1;
  });
  return () => count;
}

/** Collects what the browser says on its console from now on. */
function consoleOf(page: Page): string[] {
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return errors;
}

async function tokenOfVisitor(): Promise<string> {
  const answer = await (await fetch(`${site.origin}/token/${CLINIC}`)).json();
  return (answer as { id_token: string }).id_token;
}

describe('a change that makes no other chat', () => {
  const draft = 'half a senten';

  it.each([
    ['heading', 'Front desk', () => chat.page.getByRole('heading', { name: 'Front desk' }).waitFor()],
    ['agent', 'Robin', () => chat.page.getByRole('group', { name: 'Chat with Robin' }).waitFor()],
    ['lang', 'de', () => chat.page.getByRole('button', { name: 'Gespräch beenden' }).waitFor()],
    ['lang', 'ar', () => chat.page.locator('amigo-chat [dir=rtl][lang=ar]').waitFor()],
    ['voice', '', () => chat.page.getByRole('button', { name: 'Talk' }).waitFor()],
    ['starters', 'prices', () => chat.ready()],
    ['actions', '', () => chat.ready()],
    ['feedback', '', () => chat.page.getByRole('button', { name: 'Helpful', exact: true }).waitFor()],
    ['history', '', () => chat.page.getByRole('button', { name: 'Earlier conversations' }).waitFor()],
  ])('to "%s" (%j) is shown, keeps the draft, and sends no request', async (name, value, shown) => {
    chat = await ChatPage.open(browser, site.origin);
    await chat.answered(1);
    await chat.suggestions.first().waitFor();
    await chat.field.fill(draft);
    const field = await chat.page.locator('amigo-chat textarea').elementHandle();
    const requests = countRequests(chat.page);
    await set(name, value);
    await shown();
    expect(await field?.inputValue()).toBe(draft);
    expect(await field?.evaluate((node) => node.isConnected)).toBe(true);
    expect([await chat.said('agent'), requests()]).toEqual([await chat.said('agent'), 0]);
  });

  it.each(['token', 'token-url'])('to "%s" is used by the next request', async (name) => {
    chat = await ChatPage.open(browser, site.origin);
    const { page } = chat;
    await chat.answered(1);
    await chat.suggestions.first().waitFor();
    await chat.field.fill(draft);
    const token = await tokenOfVisitor();
    let asked = 0;
    await page.route('**/other-token', (route) => {
      asked += 1;
      return route.fulfill({ json: { id_token: token, expires_at: '2999-01-01T00:00:00Z' } });
    });
    const used: (string | undefined)[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/v1/')) used.push(request.headers()['authorization']);
    });
    await set(name, name === 'token' ? token : '/other-token');
    await expect.poll(() => asked).toBe(name === 'token' ? 0 : 1);
    expect(await chat.field.inputValue()).toBe(draft);
    expect(used).toEqual([]);
    await chat.sendButton.click();
    await chat.answered(2);
    expect(await chat.said('user')).toEqual([draft]);
    expect(new Set(used)).toEqual(new Set([`Bearer ${token}`]));
  });

  it('during an answer lets the answer finish', async () => {
    chat = await ChatPage.open(browser, site.origin);
    await chat.answered(1);
    const [first] = await chat.said('agent');
    await chat.page.locator('amigo-chat').evaluate((found, text) => {
      const given = found as HTMLElementTagNameMap['amigo-chat'];
      void given.send(text);
      given.lang = 'de';
      given.heading = 'Empfang';
      given.words = { you: 'Der Gast' };
    }, QUESTION);
    const german = new ChatPage(chat.page, { field: 'Ihre Nachricht', send: 'Senden' });
    await german.answered(2);
    expect([await chat.said('user'), (await chat.said('agent'))[0]]).toEqual([[QUESTION], first]);
    await chat.page.locator('amigo-chat article.user').getByText('Der Gast').waitFor();
  });
});

describe('a change that makes another chat', () => {
  it('keeps the draft of the same visitor', async () => {
    chat = await ChatPage.open(browser, site.origin);
    await chat.answered(1);
    const [first] = await chat.said('agent');
    await chat.field.fill('half a senten');
    await set('service', identity.service_ids[1] ?? '');
    await expect.poll(async () => (await chat.said('agent'))[0] ?? first).not.toBe(first);
    await chat.answered(1);
    expect(await chat.field.inputValue()).toBe('half a senten');
  });
});

describe("the site's own words", () => {
  it('replace single phrases, are filled in, and are text', async () => {
    chat = await ChatPage.open(browser, site.origin);
    await chat.answered(1);
    const hostile = '<img src=x onerror="alert(1)"> {agent}';
    await chat.page.locator('amigo-chat').evaluate((found, end) => {
      const words = { end, you: 'Guest {constructor}', chatWith: 'A word with {agent}' };
      Object.assign(found, { words });
    }, hostile);
    await chat.page.getByRole('button', { name: hostile }).waitFor();
    await chat.page.getByRole('group', { name: 'A word with Nora' }).waitFor();
    await chat.send(QUESTION);
    await chat.answered(2);
    await chat.page.locator('amigo-chat article.user').getByText('Guest {constructor}').waitFor();
    expect(await chat.page.locator('amigo-chat img').count()).toBe(0);
    await chat.page.locator('amigo-chat').evaluate((found) => Object.assign(found, { words: {} }));
    await chat.page.getByRole('button', { name: 'End conversation' }).waitFor();
  });

  it('can be set before the script is loaded, like other properties', async () => {
    chat = await ChatPage.open(browser, 'about:blank');
    const { page } = chat;
    const { promise: isReady, resolve: release } = Promise.withResolvers<void>();
    await page.route('**/amigo-chat.js', async (route) => {
      await isReady;
      await route.continue();
    });
    await page.goto(site.origin, { waitUntil: 'commit' });
    await page.locator('amigo-chat').waitFor({ state: 'attached' });
    const words = { message: 'Votre message', send: 'Envoyer', end: 'Terminer' };
    await page.locator('amigo-chat').evaluate((found, set) => Object.assign(found, set), {
      words,
      lang: 'fr',
      heading: 'Accueil',
    });
    release();
    const inFrench = new ChatPage(page, { field: words.message, send: words.send });
    await inFrench.answered(1);
    await page.getByRole('button', { name: words.end }).waitFor();
    await page.getByRole('heading', { name: 'Accueil' }).waitFor();
  });

  it('are named on the console if they do not exist, without another effect', async () => {
    chat = await ChatPage.open(browser, site.origin);
    await chat.answered(1);
    const errors = consoleOf(chat.page);
    await chat.page
      .locator('amigo-chat')
      .evaluate((found) =>
        Object.assign(found, { words: { goodBye: 'x', toString: 'y', end: 1, send: 'Off it goes' } }),
      );
    await chat.page.getByRole('button', { name: 'Off it goes' }).waitFor();
    await chat.page.getByRole('button', { name: 'End conversation' }).waitFor();
    for (const name of ['goodBye', 'toString', 'end']) expect(errors.join('\n')).toContain(`"${name}"`);
  });
});

describe('what the agent does', () => {
  /** Notes what the line says that shows the agent at work. */
  async function watchActivity(page: Page): Promise<() => Promise<string[]>> {
    await page.evaluate(() => {
      const line = document.querySelector('amigo-chat')?.shadowRoot?.querySelector('.activity');
      const seen: string[] = [];
      Object.assign(globalThis, { seen });
      new MutationObserver(() => seen.push(line?.textContent ?? '')).observe(line ?? document, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    });
    return () => page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen);
  }

  it('is neither requested nor shown by default', async () => {
    chat = await ChatPage.open(browser, site.origin);
    await chat.answered(1);
    await chat.page.getByRole('heading', { name: 'Nora' }).waitFor();
    const activity = await watchActivity(chat.page);
    const request = chat.page.waitForRequest(/interact/);
    await chat.send(QUESTION);
    await chat.answered(2);
    const filter = new URL((await request).url()).searchParams.get('current_agent_action_type');
    expect(filter).toBe('^action-too-long$');
    expect(new Set(await activity())).toEqual(new Set(['Nora is answering']));
    expect(await chat.page.locator('amigo-chat details').count()).toBe(0);
  });

  it('is not shown if a server sends it unasked, except the agent’s fillers', async () => {
    chat = await ChatPage.open(browser, site.origin);
    await chat.answered(1);
    const ids = { message_id: 'b'.repeat(24), interaction_id: 'c'.repeat(24) };
    await chat.page.route('**/interact?*', (route) =>
      route.fulfill({
        headers: { 'access-control-allow-origin': site.origin },
        ...ndjson(
          { type: 'user-message-available', message_id: 'a'.repeat(24), user_message: QUESTION },
          { type: 'current-agent-action', action: { type: 'tool-call-started' } },
          {
            type: 'current-agent-action',
            action: { type: 'action-too-long', filler: 'One moment, please.' },
          },
          { type: 'interaction-complete', ...ids, full_message: 'Done.', conversation_completed: false },
        ),
      }),
    );
    const activity = await watchActivity(chat.page);
    await chat.send(QUESTION);
    await chat.answered(2);
    expect(await activity()).toContain('One moment, please.');
    expect(await activity()).not.toContain('Looks something up');
    expect(await chat.page.locator('amigo-chat details').count()).toBe(0);
  });

  it('is shown if the site asks for it', async () => {
    site.body = element({ actions: '' });
    chat = await ChatPage.open(browser, site.origin);
    await chat.answered(1);
    await chat.send(QUESTION);
    await chat.answered(2);
    await chat.page.getByText('How this came about').last().click();
    const steps = chat.page.locator('amigo-chat article.agent details').last().locator('li');
    expect(await steps.allTextContents()).toContain('Decides what to do');
    await chat.page.locator('amigo-chat').evaluate((found) => found.removeAttribute('actions'));
    await expect.poll(() => steps.first().isVisible()).toBe(false);
  });
});

describe("the agent's name", () => {
  /** Notes every name that the heading and the agent's messages ever have, frame by frame. */
  async function watchNames(page: Page): Promise<() => Promise<string[]>> {
    await page.addInitScript(() => {
      const names = new Set<string>();
      Object.assign(globalThis, { names });
      const look = () => {
        const root = document.querySelector('amigo-chat')?.shadowRoot;
        const found = root?.querySelectorAll('h2, article.agent .author span') ?? [];
        for (const node of found) names.add(node.textContent ?? '');
        requestAnimationFrame(look);
      };
      look();
    });
    return () => page.evaluate(() => [...(globalThis as unknown as { names: Set<string> }).names]);
  }

  it('is that of its messages from the beginning', async () => {
    chat = await ChatPage.open(browser, 'about:blank');
    const names = await watchNames(chat.page);
    await chat.page.goto(site.origin);
    await chat.answered(1);
    await chat.page.locator('amigo-chat article.agent').getByText('Nora', { exact: true }).waitFor();
    await chat.page.getByRole('heading', { name: 'Nora' }).waitFor();
    expect(new Set(await names())).toEqual(new Set(['Conversation', '', 'Nora']));
  });

  it('is the one that the site sets, now and after a reload', async () => {
    site.body = element({ agent: 'Robin' });
    chat = await ChatPage.open(browser, 'about:blank');
    const names = await watchNames(chat.page);
    for (let visit = 1; visit <= 2; visit++) {
      await chat.page.goto(site.origin);
      await chat.answered(1);
      await chat.page.locator('amigo-chat article.agent').getByText('Robin', { exact: true }).waitFor();
      expect(await names()).toEqual(['Robin']);
    }
  });

  it('is that of its messages again after the site removes its own', async () => {
    site.body = element({ agent: 'Robin' });
    chat = await ChatPage.open(browser, site.origin);
    await chat.answered(1);
    await chat.page.getByRole('heading', { name: 'Robin' }).waitFor();
    await chat.page.locator('amigo-chat').evaluate((found) => found.removeAttribute('agent'));
    await chat.page.getByRole('heading', { name: 'Nora' }).waitFor();
    await chat.page.locator('amigo-chat article.agent').getByText('Nora', { exact: true }).waitFor();
  });
});

describe('a mistake of the site', () => {
  it.each(['organization', 'service', 'token-url'])(
    'is shown in the chat and on the console: no %s',
    async (name) => {
      site.body = element({ [name]: null });
      chat = await ChatPage.open(browser, 'about:blank');
      const errors = consoleOf(chat.page);
      await chat.page.goto(site.origin);
      await chat.alert.getByText(`Missing: ${name}.`).waitFor();
      expect(errors.join('\n')).toContain(`<amigo-chat> lacks ${name}.`);
      const value = {
        organization: CLINIC,
        service: identity.service_ids[0] ?? '',
        'token-url': `/token/${CLINIC}`,
      }[name];
      await set(name, value ?? '');
      await chat.answered(1);
      expect(await chat.alert.isVisible()).toBe(false);
    },
  );

  it('is reported with all missing attributes at once', async () => {
    site.body = '<amigo-chat lang="de"></amigo-chat>';
    chat = await ChatPage.open(browser, site.origin);
    await chat.alert.getByText('Es fehlt: organization, service, token-url.').waitFor();
    await chat.screenshot('site-missing-attributes');
  });

  it.each([
    ['organization', { organization: 'no-such-clinic' }, 'There is no organization "no-such-clinic"'],
    ['service', { service: 'f'.repeat(24) }, 'not set up correctly'],
  ])('in the %s is not reported as a site that is not listed', async (_name, attributes, words) => {
    site.body = element(attributes);
    chat = await ChatPage.open(browser, 'about:blank');
    const errors = consoleOf(chat.page);
    await chat.page.goto(site.origin);
    await chat.alert.getByText(words).waitFor();
    expect(await chat.alert.textContent()).toContain('This chat is not set up correctly');
    expect(await chat.alert.textContent()).not.toContain('list of allowed sites');
    expect(errors.join('\n')).toMatch(/does not exist|There is no/);
  });

  it('is not reported if the API cannot be reached', async () => {
    chat = await ChatPage.open(browser, 'about:blank');
    for (const path of ['v1/**', 'healthz'])
      await chat.page.route(`${server.url}/${path}`, (route) => route.abort());
    await chat.page.goto(site.origin);
    await chat.alert.getByText('The connection was lost').waitFor();
  });
});

describe('getToken', () => {
  /** The page's own function: notes what it is asked with, and gives the site's tokens as `shape` makes them. */
  async function openWith(shape: string): Promise<() => Promise<(string | null)[]>> {
    site.body = element({ 'token-url': null });
    chat = await ChatPage.open(browser, 'about:blank');
    await chat.page.clock.install();
    await chat.page.goto(site.origin);
    await chat.page.evaluate(
      ([path, made]) => {
        const asked: (string | null)[] = [];
        Object.assign(globalThis, { asked });
        const found = document.querySelector('amigo-chat');
        if (found === null) return;
        found.getToken = async (refused) => {
          asked.push(refused);
          const answer = (await (await fetch(path, { method: 'POST' })).json()) as { id_token: string };
          if (made === 'text') return answer.id_token;
          if (made === 'bare') return { id_token: answer.id_token };
          if (made === 'nothing') return {} as { id_token: string };
          if (made === 'refusal') throw new Error('signed out');
          return answer;
        };
      },
      [`/token/${CLINIC}`, shape] as const,
    );
    return () => chat.page.evaluate(() => (globalThis as unknown as { asked: (string | null)[] }).asked);
  }

  it.each(['text', 'bare', 'answer'])(
    'is asked once, before its token ends, and when it is refused (%s)',
    async (shape) => {
      const asked = await openWith(shape);
      const { page } = chat;
      await chat.answered(1);
      await chat.suggestions.first().waitFor();
      expect(await asked()).toEqual([null]);
      await page.clock.fastForward(56 * 60_000);
      await chat.send(QUESTION);
      await chat.answered(2);
      await chat.suggestions.first().waitFor();
      expect(await asked()).toEqual([null, null]);
      const refused = site.tokens.at(-1) ?? '';
      await page.route('**/interact?*', (route) =>
        route.request().headers()['authorization'] === `Bearer ${refused}`
          ? route.fulfill({
              status: 401,
              headers: {
                'access-control-allow-origin': site.origin,
                'content-type': 'application/problem+json',
              },
              body: JSON.stringify({ code: 'credentials_invalid', detail: 'No.', status: 401 }),
            })
          : route.continue(),
      );
      await chat.send('It is for my yearly check-up');
      await chat.answered(3);
      expect(await asked()).toEqual([null, null, refused]);
      expect(await page.evaluate(() => Object.keys(sessionStorage))).toEqual([]);
    },
  );

  it.each(['refusal', 'nothing'])('leads to a notice if it returns no token (%s)', async (shape) => {
    await openWith(shape);
    await chat.alert.getByText('This site did not sign you in').waitFor();
  });
});
