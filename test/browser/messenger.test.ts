/** The chat as a messenger: what a page holds on to, loads when it is needed, and shows in a window of its own. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Server } from '../http/server.ts';
import { ChatPage, ndjson, patientPage, Visitor } from './chat.ts';
import { launchChromium } from './chromium.ts';

const QUESTION = 'I would like to book an appointment';
/** Slow enough that a page can be left and come back in the middle of an answer, however busy the machine is. */
const SLOW = ['--var', 'EMBEDDED_PACE_MS:400'];

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

beforeEach(() => visitor.finishAll());
afterEach(() => chat.close());

async function agentTexts(): Promise<string[]> {
  const messages = await visitor.messages();
  return messages.filter((one) => one.message_type === 'agent-message').map(({ message }) => message.trim());
}

async function draftOf(page: Page): Promise<void> {
  await page.locator('amigo-chat .draft .text').getByText(/\w/).first().waitFor();
}

/** Notes what a page asks for from now on, as method and address. */
function requestsOf(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(`${request.method()} ${request.url()}`));
  return asked;
}

describe('a reload in the middle of an answer', () => {
  beforeEach(async () => {
    chat = await ChatPage.open(browser, patientPage(server.url));
    await draftOf(chat.page);
  });

  it('keeps what was shown of the answer, and asks only for the rest', async () => {
    const { page } = chat;
    await chat.answered(1);
    await chat.send(QUESTION);
    await draftOf(page);
    const asked = requestsOf(page);
    await page.reload();
    await chat.answered(2);
    const streams = asked.filter((line) => line.includes('/stream?'));
    expect(streams).toHaveLength(1);
    expect(Number(new URL(streams[0]?.slice('GET '.length) ?? '').searchParams.get('after'))).toBeGreaterThan(
      1,
    );
    expect(asked.filter((line) => line.includes('/interact?'))).toEqual([]);
    expect(await chat.said('user')).toEqual([QUESTION]);
    expect(await chat.said('agent')).toEqual(await agentTexts());
    expect(await visitor.count(QUESTION)).toBe(1);
  });

  it('keeps what was shown of a first answer, whose conversation is not listed yet', async () => {
    const { page } = chat;
    const asked = requestsOf(page);
    await page.reload();
    await chat.answered(1);
    expect(asked.filter((line) => /POST .*\/conversation\/\?/.test(line))).toEqual([]);
    expect(asked.filter((line) => line.includes('/stream?') && line.includes('after='))).toHaveLength(1);
    expect(await visitor.messages()).toHaveLength(1);
    expect(await chat.said('agent')).toEqual(await agentTexts());
  });
});

const IDS = { message_id: 'b'.repeat(24), interaction_id: 'c'.repeat(24) };

/** Makes the agent answer the next message with a text. */
async function answerWith(page: Page, text: string): Promise<void> {
  await page.route('**/interact?*', (route) =>
    route.fulfill(
      ndjson(
        { type: 'user-message-available', message_id: 'a'.repeat(24), user_message: 'hi' },
        {
          ...{ type: 'new-message', message: text, transcript_alignment: null, stop: true },
          ...{ sequence_number: 1, message_id: IDS.message_id },
        },
        { type: 'interaction-complete', ...IDS, full_message: text, conversation_completed: false },
      ),
    ),
  );
}

describe('a part of the widget', () => {
  const bold = () => chat.page.locator('amigo-chat article.agent strong');

  it('is loaded with the first answer that needs it, and checked by its integrity', async () => {
    chat = await ChatPage.open(browser, patientPage(server.url));
    const { page } = chat;
    const asked = requestsOf(page);
    const parts = () => asked.filter((line) => /amigo-chat-\w+-\w+\.js/.test(line));
    await chat.answered(1);
    expect(parts()).toEqual([]);
    await answerWith(page, 'It is **open**.');
    await chat.send('hi');
    await bold().getByText('open').waitFor();
    expect(parts().length).toBeGreaterThan(0);
    expect(new Set(parts()).size).toBe(1);
  });

  it('is not run if it was changed on its way, and the answer stays readable', async () => {
    chat = await ChatPage.open(browser, patientPage(server.url));
    const { page } = chat;
    let isChanged = true;
    await page.route('**/amigo-chat-markdown-*', async (route) => {
      const response = await route.fetch();
      const body = `globalThis.wasRun = true;${await response.text()}`;
      await route.fulfill(isChanged ? { response, body } : { response });
    });
    await chat.answered(1);
    await answerWith(page, 'It is **open**.');
    await chat.send('hi');
    await chat.answered(2);
    await page.waitForResponse('**/amigo-chat-markdown-*').catch(() => null);
    expect(await chat.said('agent')).toContain('It is **open**.');
    expect(await page.evaluate(() => 'wasRun' in globalThis)).toBe(false);
    isChanged = false;
    await chat.send('hi');
    await bold().getByText('open').first().waitFor();
  });
});
