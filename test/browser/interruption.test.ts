/** Interruptions between "send" and the answer: a reload, a lost network, another window, a limit. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Server } from '../http/server.ts';
import { ChatPage, patientPage, Visitor } from './chat.ts';
import { launchChromium } from './chromium.ts';
import { Relay } from './relay.ts';

const QUESTION = 'I would like to book an appointment';
/** Slow enough that a page can be left in the middle of an answer. */
const SLOW = ['--var', 'EMBEDDED_PACE_MS:120'];

let server: Server;
let browser: Browser;
let visitor: Visitor;
let chat: ChatPage;

beforeAll(async () => {
  [server, browser] = await Promise.all([
    Server.start('--var', 'RATE_LIMITS:off', ...SLOW),
    launchChromium(),
  ]);
  visitor = await Visitor.of(server);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

beforeEach(async () => {
  await visitor.finishAll();
  chat = await ChatPage.open(browser, patientPage(server.url));
  await chat.answered(1);
});

afterEach(() => chat.close());

/** Counts the messages that a page hands to the network. */
function countSent(page: Page): () => number {
  let sent = 0;
  page.on('request', (request) => {
    if (request.url().includes('/interact?')) sent += 1;
  });
  return () => sent;
}

/** Returns the stored answers of the agent, oldest first. */
async function agentTexts(): Promise<string[]> {
  const messages = await visitor.messages();
  return messages.filter((one) => one.message_type === 'agent-message').map(({ message }) => message.trim());
}

async function draftOf(page: Page): Promise<void> {
  await page.locator('amigo-chat .draft .text').getByText(/\w/).first().waitFor();
}

describe('a reload in the middle of an answer', () => {
  it('shows the question, and the answer from its beginning', async () => {
    const { page } = chat;
    const keys: (string | undefined)[] = [];
    // The question arrives, and the page is left before it has read the answer, however fast that is.
    await page.route('**/interact?*', async (route) => {
      keys.push(route.request().headers()['idempotency-key']);
      if (keys.length > 1) await route.continue();
      else await route.fetch();
    });
    await chat.send(QUESTION);
    await expect.poll(() => visitor.count(QUESTION)).toBe(1);
    await page.reload();
    await chat.answered(2);
    expect(keys).toEqual([keys[0], keys[0]]);
    expect(await chat.said('user')).toEqual([QUESTION]);
    expect(await visitor.count(QUESTION)).toBe(1);
    expect(await chat.said('agent')).toEqual(await agentTexts());
  });

  it('waits for the conversation that is being created if it comes before the first words', async () => {
    const { page } = chat;
    await visitor.finishAll();
    await page.reload();
    await draftOf(page);
    await page.reload();
    await chat.answered(1);
    expect(await visitor.messages()).toHaveLength(1);
  });
});

describe('a network that is gone', () => {
  it('keeps a sent message with a notice, and sends it once after the network is back', async () => {
    const { page } = chat;
    const sent = countSent(page);
    await page.context().setOffline(true);
    await chat.send(QUESTION);
    await chat.alert.getByText('You are offline').waitFor();
    await page.locator('amigo-chat article.user').getByText('Waits').waitFor();
    await chat.screenshot('desk-offline');
    expect(sent()).toBe(0);
    await page.context().setOffline(false);
    await chat.answered(2);
    expect(await chat.alert.isVisible()).toBe(false);
    expect([sent(), await visitor.count(QUESTION)]).toEqual([1, 1]);
  });

  it('keeps several messages, and sends them in their order', async () => {
    await chat.page.context().setOffline(true);
    await chat.send(QUESTION);
    await chat.alert.getByText('You are offline').waitFor();
    await chat.ready();
    await chat.send('It is for my yearly check-up');
    await chat.page.context().setOffline(false);
    await chat.answered(3);
    expect(await chat.said('user')).toEqual([QUESTION, 'It is for my yearly check-up']);
    expect(
      (await visitor.messages()).filter((message) => message.message_type === 'user-message'),
    ).toHaveLength(2);
  });

  it('does not send a waiting message that the visitor removes, and sends the others', async () => {
    const { page } = chat;
    await page.context().setOffline(true);
    await chat.send(QUESTION);
    await chat.alert.getByText('You are offline').waitFor();
    await chat.ready();
    await chat.send('Where can I park?');
    await page.getByRole('button', { name: 'Remove' }).first().click();
    expect(await chat.said('user')).toEqual(['Where can I park?']);
    await page.context().setOffline(false);
    await chat.answered(2);
    expect(await chat.said('user')).toEqual(['Where can I park?']);
    expect(await page.getByRole('button', { name: 'Remove' }).count()).toBe(0);
    expect([await visitor.count(QUESTION), await visitor.count('Where can I park?')]).toEqual([0, 1]);
  });

  it('shows a removed message with its answer if it had arrived before the failure', async () => {
    const { page } = chat;
    await page.route('**/interact?*', async (route) => {
      await route.fetch();
      await route.abort('connectionreset');
    });
    await page.route('**/stream?*', (route) => route.abort('connectionreset'));
    await chat.send(QUESTION);
    await page.getByRole('button', { name: 'Remove' }).click();
    await chat.answered(2);
    expect(await chat.said('user')).toEqual([QUESTION]);
    expect(await visitor.count(QUESTION)).toBe(1);
  });

  it('keeps waiting messages through a reload', async () => {
    const { page } = chat;
    // The API cannot be reached, and the browser does not know it: as behind a router that has lost its line.
    await page.route('**/v1/**', (route) => route.abort());
    await chat.send(QUESTION);
    await chat.alert.getByText('The connection was lost').waitFor();
    await page.unroute('**/v1/**');
    await page.reload();
    await chat.answered(2);
    expect(await chat.said('user')).toEqual([QUESTION]);
    expect(await visitor.count(QUESTION)).toBe(1);
  });

  it('continues an answer where it was cut', async () => {
    const relay = await Relay.to(server.url);
    const far = await ChatPage.open(browser, patientPage(relay.url));
    await far.answered(1);
    const sent = countSent(far.page);
    await far.send(QUESTION);
    await draftOf(far.page);
    relay.cut();
    await far.alert.getByText('The connection was lost').waitFor();
    await far.page.locator('amigo-chat article.user').getByText('Waits').waitFor();
    relay.mend();
    await far.answered(2);
    expect(await far.said('user')).toEqual([QUESTION]);
    expect([sent(), await visitor.count(QUESTION)]).toEqual([1, 1]);
    await far.close();
    relay.close();
  });

  it('does not store a question again that arrived before the failure', async () => {
    const { page } = chat;
    let lost = 0;
    await page.route('**/interact?*', async (route) => {
      if (lost > 0) {
        await route.continue();
        return;
      }
      lost += 1;
      // It arrives, and its answer does not.
      await route.fetch();
      await route.abort('connectionreset');
    });
    await chat.send(QUESTION);
    await chat.answered(2);
    expect([lost, await visitor.count(QUESTION)]).toEqual([1, 1]);
    expect(await chat.said('agent')).toEqual(await agentTexts());
  });

  it('sends a question again that did not arrive', async () => {
    const { page } = chat;
    let lost = 0;
    await page.route('**/interact?*', async (route) => {
      if (lost++ === 0) await route.abort('connectionreset');
      else await route.continue();
    });
    await chat.send(QUESTION);
    await chat.answered(2);
    expect(await visitor.count(QUESTION)).toBe(1);
    expect(lost).toBeGreaterThan(1);
  });
});

describe('two windows', () => {
  it('show one answer while it grows, and all messages in the end', async () => {
    const second = new ChatPage(await chat.page.context().newPage());
    await second.page.goto(patientPage(server.url));
    await second.answered(1);
    // The browser draws nothing in a window that is behind another.
    await second.page.bringToFront();
    await chat.send(QUESTION);
    await draftOf(second.page);
    expect(await second.said('user')).toEqual([QUESTION]);
    await Promise.all([chat.answered(2), second.answered(2)]);
    await second.send('Where can I park?');
    await Promise.all([chat.answered(3), second.answered(3)]);
    const both = [QUESTION, 'Where can I park?'];
    expect([await chat.said('user'), await second.said('user')]).toEqual([both, both]);
    expect(await chat.said('agent')).toEqual(await second.said('agent'));
    expect(await visitor.count('Where can I park?')).toBe(1);
    await second.page.getByRole('button', { name: 'End conversation' }).click();
    await chat.page.getByText('This conversation has ended').waitFor();
    expect(second.faults).toEqual([]);
  });

  it('in two browsers get their answers one after the other, and show what came in between', async () => {
    const other = await ChatPage.open(browser, patientPage(server.url));
    await other.answered(1);
    const begun = other.page.waitForResponse(/interact/);
    await other.send(QUESTION);
    await begun;
    await chat.send('Where can I park?');
    await Promise.all([other.answered(2), chat.answered(3)]);
    expect(await chat.said('user')).toEqual([QUESTION, 'Where can I park?']);
    expect(await chat.said('agent')).toEqual(await agentTexts());
    expect([await visitor.count(QUESTION), await visitor.count('Where can I park?')]).toEqual([1, 1]);
    await other.close();
  });
});

describe('stopping an answer', () => {
  const stopButton = () => chat.page.getByRole('button', { name: 'Stop', exact: true });

  it('keeps what was shown, for the agent too, and one can go on at once', async () => {
    await chat.send(QUESTION);
    await draftOf(chat.page);
    await chat.screenshot('desk-answering');
    await stopButton().click();
    await chat.answered(2);
    expect(await stopButton().isVisible()).toBe(false);
    const shown = (await chat.said('agent')).at(-1) ?? '';
    expect(shown).toBe((await agentTexts()).at(-1));
    await chat.screenshot('desk-stopped');
    await chat.send('It is for my yearly check-up');
    await chat.answered(3);
    expect(await chat.said('user')).toEqual([QUESTION, 'It is for my yearly check-up']);
  });

  it('from a second window ends it in both', async () => {
    const second = new ChatPage(await chat.page.context().newPage());
    await second.page.goto(patientPage(server.url));
    await second.answered(1);
    await second.page.bringToFront();
    await chat.send(QUESTION);
    await draftOf(second.page);
    await second.page.getByRole('button', { name: 'Stop', exact: true }).click();
    await Promise.all([chat.answered(2), second.answered(2)]);
    expect(await chat.said('agent')).toEqual(await second.said('agent'));
    expect(await chat.said('agent')).toEqual(await agentTexts());
  });
});

describe('a limit', () => {
  it('is counted down on the screen, announced once, and followed by a retry', async () => {
    const { page } = chat;
    await page.clock.install();
    let refused = 0;
    await page.route('**/interact?*', async (route) => {
      if (refused++ > 0) {
        await route.continue();
        return;
      }
      await route.fulfill({
        status: 429,
        headers: { 'retry-after': '20', 'content-type': 'application/problem+json' },
        body: JSON.stringify({
          title: 'Too many requests',
          detail: 'Wait.',
          code: 'rate_limit_exceeded',
          status: 429,
        }),
      });
    });
    await chat.send(QUESTION);
    const heard = chat.alert;
    await expect.poll(() => heard.textContent()).toContain('in 20 s');
    const seen = page.locator('amigo-chat .notice [aria-hidden]');
    expect(await seen.innerText()).toContain('in 20 s');
    await page.clock.runFor(5_000);
    await expect.poll(() => seen.innerText()).toContain('in 15 s');
    expect(await heard.textContent()).toContain('in 20 s');
    expect(refused).toBe(1);
    await page.clock.runFor(15_000);
    await page.clock.resume();
    await chat.answered(2);
    expect([refused, await visitor.count(QUESTION)]).toEqual([2, 1]);
  });
});

describe('a refusal', () => {
  it('puts the message back into the field, and shows what happened', async () => {
    const { page } = chat;
    await page.route('**/interact?*', (route) =>
      route.fulfill({
        status: 500,
        headers: { 'content-type': 'application/problem+json' },
        body: JSON.stringify({ detail: 'Secret stack.', code: 'turn_failed', status: 500 }),
      }),
    );
    await chat.send(QUESTION);
    await chat.alert.getByText('Something went wrong on our side').waitFor();
    expect(await chat.field.inputValue()).toBe(QUESTION);
    expect(await chat.said('user')).toEqual([]);
  });

  it('offers a new conversation and keeps the message if the conversation ended in another window', async () => {
    const { page } = chat;
    await visitor.finishAll();
    await chat.send(QUESTION);
    await chat.alert.getByText('This conversation has ended').waitFor();
    await page.getByRole('button', { name: 'Start a new conversation' }).click();
    await chat.answered(1);
    expect(await chat.field.inputValue()).toBe(QUESTION);
    expect(await visitor.messages()).toHaveLength(1);
  });
});
