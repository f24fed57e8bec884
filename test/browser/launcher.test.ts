/** The chat as a messenger: its bubble, what it asks for and when, and what the visitor does beside writing. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Server } from '../http/server.ts';
import { ChatPage, demoVisitor, violations, Visitor } from './chat.ts';
import { launchChromium } from './chromium.ts';

const QUESTION = 'I would like to book an appointment';
const DESK = { viewport: { width: 1100, height: 760 } };
const PHONE = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true };

let server: Server;
let browser: Browser;
let visitor: Visitor;
let chat: ChatPage;

beforeAll(async () => {
  [server, browser] = await Promise.all([Server.start('--var', 'RATE_LIMITS:off'), launchChromium()]);
  visitor = await Visitor.of(server);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

beforeEach(() => visitor.finishAll());
afterEach(() => chat.close());

/** Requests to the API and for tokens, as method and address. */
let asked: string[];

/** Opens a page of the API's own origin whose chat has attributes of its own. */
async function open(attributes: string, options: BrowserContextOptions = DESK): Promise<Page> {
  const { organization, service_ids, user_id } = demoVisitor();
  chat = await ChatPage.open(browser, 'about:blank', options);
  const { page } = chat;
  const which = `organization="${organization}" service="${service_ids[0]}" user="${user_id}"`;
  const element = `<amigo-chat ${which} token-url="/demo/session" ${attributes}></amigo-chat>`;
  // A launcher is a landmark of its own; a chat in the page stands in one of the page's.
  const chatElement = attributes.includes('launcher')
    ? element
    : `<section aria-label="Chat">${element}</section>`;
  const body = `<!doctype html><html lang="en"><title>A shop</title>
    <meta name="viewport" content="width=device-width">
    <script type="module" src="/amigo-chat.js"></script>
    <main><h1>A shop</h1></main>${chatElement}</html>`;
  await page.route('**/shop', (route) => route.fulfill({ contentType: 'text/html', body }));
  asked = [];
  page.on('request', (request) => {
    if (/\/v1\/|\/demo\//.test(request.url())) asked.push(`${request.method()} ${request.url()}`);
  });
  await page.goto(`${server.url}/shop`);
  await page.waitForFunction(() => customElements.get('amigo-chat') !== undefined);
  return page;
}

const bubble = (page: Page) => page.getByRole('button', { name: /^Open the chat/ });
const closeButton = (page: Page) => page.getByRole('button', { name: 'Close the chat' }).first();

describe('a launcher', () => {
  it('asks for nothing before it is opened, and greets', async () => {
    const page = await open('mode="launcher" greeting="Can I help?"');
    await page.getByText('Can I help?').waitFor();
    expect(await violations(page)).toEqual([]);
    await chat.screenshot('launcher-closed');
    expect(asked).toEqual([]);
    await bubble(page).click();
    await chat.answered(1);
    expect(await page.getByText('Can I help?').isVisible()).toBe(false);
    expect(await violations(page)).toEqual([]);
    await chat.screenshot('launcher-open');
  });

  it('stays open or closed on the next page, and its greeting away', async () => {
    const page = await open('mode="launcher" greeting="Can I help?"');
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await page.reload();
    await bubble(page).waitFor();
    expect(await page.getByText('Can I help?').isVisible()).toBe(false);
    await bubble(page).click();
    await chat.answered(1);
    await page.reload();
    await chat.answered(1);
    await closeButton(page).click();
    asked = [];
    await page.reload();
    await bubble(page).waitFor();
    expect(asked).toEqual([]);
  });

  it('is used by keyboard alone, and Escape closes it', async () => {
    const page = await open('mode="launcher"');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await chat.answered(1);
    await page.keyboard.type(QUESTION);
    await page.keyboard.press('Enter');
    await chat.answered(2);
    await page.keyboard.press('Escape');
    expect(await chat.field.isVisible()).toBe(false);
    await page.keyboard.press('Enter');
    expect(await chat.field.isVisible()).toBe(true);
    await page.keyboard.type('Where');
    expect(await chat.field.inputValue()).toBe('Where');
  });

  it('counts the answers that come while it is closed, until it is opened', async () => {
    const page = await open('mode="launcher"');
    await bubble(page).click();
    await chat.answered(1);
    await closeButton(page).click();
    await page
      .locator('amigo-chat')
      .evaluate(
        (element, text) => (element as unknown as { send(text: string): Promise<void> }).send(text),
        QUESTION,
      );
    await page.getByRole('button', { name: 'Open the chat. New messages: 1' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Open the chat. New messages: 1' }).click();
    await chat.answered(2);
    await closeButton(page).click();
    expect(await bubble(page).getAttribute('aria-label')).toBe('Open the chat');
  });

  it.each(['ltr', 'rtl'])(
    'fills a phone of 360 pixels, and is closed in its header (%s)',
    async (direction) => {
      const page = await open('mode="launcher" history feedback', PHONE);
      await page.evaluate((dir) => document.documentElement.setAttribute('dir', dir), direction);
      await bubble(page).tap();
      await chat.answered(1);
      const box = await page.locator('amigo-chat .panel').boundingBox();
      expect(box).toEqual({ x: 0, y: 0, ...PHONE.viewport });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(PHONE.viewport.width);
      const close = await closeButton(page).boundingBox();
      expect(close?.y ?? Infinity).toBeLessThan(48);
      expect(await violations(page)).toEqual([]);
      await chat.screenshot(`launcher-phone-${direction}`);
      await closeButton(page).tap();
      expect(await chat.field.isVisible()).toBe(false);
    },
  );
});

describe('a lazy chat in the page', () => {
  it('asks for nothing before the first keystroke, and keeps what is typed', async () => {
    const page = await open('lazy');
    await chat.field.click();
    await page.locator('amigo-chat').evaluate((found) => found.setAttribute('heading', 'Front desk'));
    await page.getByRole('heading', { name: 'Front desk' }).waitFor();
    expect(asked).toEqual([]);
    await page.keyboard.type(QUESTION);
    await chat.answered(1);
    expect(await chat.field.inputValue()).toBe(QUESTION);
    await page.keyboard.press('Enter');
    await chat.answered(2);
  });
});

describe('a draft', () => {
  it('is there again after a reload, and not twice', async () => {
    const page = await open('');
    await chat.answered(1);
    await chat.field.fill('Half a sen');
    await page.reload();
    await expect.poll(() => chat.field.inputValue()).toBe('Half a sen');
    await page.locator('amigo-chat').evaluate((element) => element.setAttribute('mode', 'launcher'));
    await bubble(page).click();
    await expect.poll(() => chat.field.inputValue()).toBe('Half a sen');
    await chat.field.fill('');
    await page.reload();
    await chat.answered(1);
    expect(await chat.field.inputValue()).toBe('');
  });
});

describe('an answer', () => {
  it('is rated, by a tag of the conversation that names it', async () => {
    const page = await open('feedback');
    await chat.answered(1);
    await chat.send(QUESTION);
    await chat.answered(2);
    const helpful = page.getByRole('button', { name: 'Helpful', exact: true });
    const tags = async () => (await visitor.conversation()).tags;
    await helpful.nth(1).click();
    await expect.poll(tags).toEqual({ feedback_up: '2' });
    await page.getByRole('button', { name: 'Not helpful' }).first().click();
    await expect.poll(tags).toEqual({ feedback_up: '2', feedback_down: '1' });
    await page.reload();
    await chat.answered(2);
    expect(await helpful.nth(1).getAttribute('aria-pressed')).toBe('true');
    expect(await helpful.first().getAttribute('aria-pressed')).toBe('false');
    await helpful.nth(1).click();
    await expect.poll(tags).toEqual({ feedback_down: '1' });
  });

  it('is not rated if the API refuses it, and the visitor is told', async () => {
    const page = await open('feedback');
    await chat.answered(1);
    await page.route('**/tags/', (route) =>
      route.fulfill({ status: 403, json: { code: 'permission_denied' } }),
    );
    const helpful = page.getByRole('button', { name: 'Helpful', exact: true });
    await helpful.click();
    await expect.poll(() => chat.alert.textContent()).not.toBe('');
    expect(await helpful.getAttribute('aria-pressed')).toBe('false');
  });

  it('is copied as it was written', async () => {
    const page = await open('');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
    await chat.answered(1);
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const [answer] = await chat.said('agent');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(answer);
  });

  it('stands under its day, and under one name with others that follow soon', async () => {
    const page = await open('');
    await chat.answered(1);
    const at = new Date(Date.now() - 24 * 3_600_000).toISOString();
    await page.route('**/messages/?*', async (route) => {
      const response = await route.fetch();
      const { messages, ...rest } = (await response.json()) as { messages: { id: string }[] };
      const [first] = messages;
      const old = ['1', '2'].map((id) => ({ ...first, id, created_at: at }));
      await route.fulfill({ response, json: { ...rest, messages: [...messages, ...old] } });
    });
    await page.reload();
    await chat.answered(3);
    expect(await page.locator('amigo-chat .day').allInnerTexts()).toEqual(['yesterday', 'today']);
    expect(await page.locator('amigo-chat article.grouped').count()).toBe(1);
  });
});

describe('the end of a conversation', () => {
  const end = () => chat.page.getByRole('button', { name: 'End conversation' }).click();

  it('can be undone, and then it goes on', async () => {
    const page = await open('');
    await chat.answered(1);
    await end();
    await page.getByRole('button', { name: 'Undo' }).click();
    await chat.send(QUESTION);
    await chat.answered(2);
    expect((await visitor.conversation()).is_finished).toBe(false);
  });

  it('is final after some seconds, and for a page that is left', async () => {
    const page = await open('');
    await chat.answered(1);
    await end();
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    await page.goto(`${server.url}/healthz`);
    await expect.poll(async () => (await visitor.conversation()).is_finished).toBe(true);
    await page.goto(`${server.url}/shop`);
    await chat.answered(1);
    await end();
    await page.getByRole('button', { name: 'Undo' }).waitFor({ state: 'hidden' });
    expect((await visitor.conversation()).is_finished).toBe(true);
  });
});

describe('earlier conversations', () => {
  it('are listed and read, and the present one goes on', async () => {
    const page = await open('history');
    await chat.answered(1);
    await chat.send(QUESTION);
    await chat.answered(2);
    const said = (await chat.said('agent'))[1] ?? '';
    await page.getByRole('button', { name: 'End conversation' }).click();
    await page.getByRole('button', { name: 'Start a new conversation' }).click();
    await chat.answered(1);
    await page.getByRole('button', { name: 'Earlier conversations' }).click();
    await page.locator('amigo-chat .conversation').first().getByText(said).click();
    await page.locator('amigo-chat .history').getByText(QUESTION).waitFor();
    expect(await violations(page)).toEqual([]);
    await chat.screenshot('history');
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    await chat.send(QUESTION);
    await chat.answered(2);
  });
});
