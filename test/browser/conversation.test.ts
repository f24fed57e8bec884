/** A conversation on the demo page: by keyboard, by screen reader, on a phone, in other languages, with hostile words. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Server } from '../http/server.ts';
import { ChatPage, ndjson, patientPage, violations, Visitor } from './chat.ts';
import { launchChromium } from './chromium.ts';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const DESK = { viewport: { width: 1280, height: 800 } };

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

/** Which part of the widget has the keyboard's focus, by its accessible name or its text. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const active = document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;
    return active?.getAttribute('aria-label') || active?.id || active?.textContent || '';
  });
}

async function tabTo(page: Page, name: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await expect
    .poll(
      async () => {
        await page.keyboard.press(key);
        return focused(page);
      },
      { interval: 20 },
    )
    .toContain(name);
}

describe('a visitor at a desk', () => {
  it('holds a whole conversation by keyboard alone', async () => {
    chat = await ChatPage.open(browser, patientPage(server.url), DESK);
    const { page } = chat;
    await chat.answered(1);
    await tabTo(page, 'message');
    await page.keyboard.type('I would like to book an appointment');
    await page.keyboard.press('Enter');
    await chat.answered(2);
    expect(await focused(page)).toBe('message');
    await chat.suggestions.first().waitFor();
    const suggestion = (await chat.suggestions.allInnerTexts())[0] ?? '';
    await tabTo(page, suggestion, 'Shift+Tab');
    await page.keyboard.press('Enter');
    await chat.answered(3);
    expect(await chat.said('user')).toEqual(['I would like to book an appointment', suggestion]);
    expect(await focused(page)).toBe('message');
    await page.getByRole('button', { name: 'End conversation' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('This conversation has ended').waitFor();
    expect(await focused(page)).toBe('Start a new conversation');
    await page.keyboard.press('Enter');
    await chat.answered(1);
    expect(await chat.said('user')).toEqual([]);
    await chat.screenshot('desk-light');
  });

  it('hears each whole answer once by a live region, and sees the agent’s actions on the screen', async () => {
    chat = await ChatPage.open(browser, patientPage(server.url), DESK);
    const { page } = chat;
    await chat.answered(1);
    await page.evaluate(() => {
      const log = document.querySelector('amigo-chat')?.shadowRoot?.querySelector('[role=log]');
      const heard: string[] = [];
      Object.assign(globalThis, { heard });
      new MutationObserver((records) => {
        for (const { addedNodes } of records)
          for (const node of addedNodes) heard.push(node.textContent ?? '');
      }).observe(log ?? document, { childList: true });
    });
    await chat.send('I would like to book an appointment');
    await chat.answered(2);
    const heard = await page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard);
    expect(heard).toHaveLength(2);
    expect(heard[1]).toContain((await chat.said('agent'))[1]);
    const steps = await page
      .locator('amigo-chat article.agent details')
      .last()
      .locator('li')
      .allTextContents();
    expect(steps).toContain('Decides what to do');
    expect(steps).toContain('Tries to remember');
  });

  it('finds the earlier messages when coming back', async () => {
    chat = await ChatPage.open(browser, patientPage(server.url), DESK);
    await chat.answered(1);
    await chat.send('First line\nsecond line');
    await chat.answered(2);
    const before = [await chat.said('agent'), await chat.said('user')];
    await chat.page.reload();
    await chat.answered(2);
    expect([await chat.said('agent'), await chat.said('user')]).toEqual(before);
  });

  it.each(['light', 'dark'] as const)(
    'finds a page without violations of axe-core (%s)',
    async (colorScheme) => {
      chat = await ChatPage.open(browser, patientPage(server.url), { ...DESK, colorScheme });
      await chat.answered(1);
      await chat.send('I would like to book an appointment');
      await chat.suggestions.first().waitFor();
      expect(await violations(chat.page)).toEqual([]);
      await chat.screenshot(`desk-conversation-${colorScheme}`);
      await chat.page.getByRole('button', { name: 'End conversation' }).click();
      await chat.page.getByText('This conversation has ended').waitFor();
      expect(await violations(chat.page)).toEqual([]);
    },
  );
});

describe('a visitor with a phone', () => {
  it.each(['light', 'dark'] as const)(
    'sees the whole page without horizontal scrolling (%s)',
    async (colorScheme) => {
      chat = await ChatPage.open(browser, patientPage(server.url), { ...PHONE, colorScheme });
      const { page } = chat;
      await chat.answered(1);
      await chat.send('I would like to book an appointment');
      await chat.suggestions.first().waitFor();
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width).toBe(PHONE.viewport.width);
      const box = await chat.sendButton.boundingBox();
      expect((box?.y ?? Infinity) + (box?.height ?? 0)).toBeLessThanOrEqual(PHONE.viewport.height);
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
      expect(await violations(page)).toEqual([]);
      await chat.screenshot(`phone-${colorScheme}`);
    },
  );
});

describe('a visitor who reads another language', () => {
  it('reads Arabic from right to left, and the agent in its own direction', async () => {
    chat = await ChatPage.open(browser, patientPage(server.url), PHONE);
    const { page } = chat;
    await chat.answered(1);
    await page.locator('amigo-chat').evaluate((element) => element.setAttribute('lang', 'ar'));
    const arabic = new ChatPage(page, { field: 'رسالتك', send: 'إرسال' });
    await arabic.answered(1);
    await arabic.send('I would like to book an appointment');
    await arabic.answered(2);
    const directions = await page.locator('amigo-chat').evaluate((element) => {
      const direction = (selector: string) => {
        const found = element.shadowRoot?.querySelector(selector);
        return found ? getComputedStyle(found).direction : '';
      };
      return [direction('.chat'), direction('article.agent .text p')];
    });
    expect(directions).toEqual(['rtl', 'ltr']);
    const [field, send] = [await arabic.field.boundingBox(), await arabic.sendButton.boundingBox()];
    expect(send?.x ?? Infinity).toBeLessThan(field?.x ?? 0);
    expect(await violations(page)).toEqual([]);
    await chat.screenshot('phone-arabic');
  });

  it('reads German', async () => {
    chat = await ChatPage.open(browser, patientPage(server.url), DESK);
    await chat.page.locator('amigo-chat').evaluate((element) => element.setAttribute('lang', 'de-AT'));
    const german = new ChatPage(chat.page, { field: 'Ihre Nachricht', send: 'Senden' });
    await german.answered(1);
    await chat.page.getByRole('button', { name: 'Gespräch beenden' }).waitFor();
  });
});

const HOSTILE = [
  '<img src=x onerror="alert(1)"><script>alert(2)</script>',
  '[a](javascript:alert(3)) [b](data:text/html,x) [c](//evil.example) [d](JaVaScRiPt:alert(4)) [e](java&#115;cript:alert(5))',
  '![picture](https://evil.example/track.gif)',
  '<a href="javascript:alert(6)" onclick="alert(7)">x</a> <svg onload=alert(8)>',
  '**bold** and `code` and [good](https://example.com/a?b=1)',
  '# Heading',
  '| a | b |\n| --- | --- |\n| <b>1</b> | 2 |',
  '- one\n- two <iframe src="https://evil.example"></iframe>',
].join('\n\n');

describe('hostile words', () => {
  it('from the agent are rendered as the allowed Markdown only', async () => {
    chat = await ChatPage.open(browser, patientPage(server.url), DESK);
    const { page } = chat;
    await chat.answered(1);
    const outside: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(server.url)) outside.push(request.url());
    });
    const ids = { message_id: 'b'.repeat(24), interaction_id: 'c'.repeat(24) };
    const pieces = HOSTILE.match(/.{1,7}/gs) ?? [];
    await page.route('**/interact?*', (route) =>
      route.fulfill(
        ndjson(
          { type: 'user-message-available', message_id: 'a'.repeat(24), user_message: 'hi' },
          ...pieces.map((message, index) => ({
            type: 'new-message',
            message,
            transcript_alignment: null,
            stop: index === pieces.length - 1,
            sequence_number: index + 1,
            message_id: ids.message_id,
          })),
          { type: 'interaction-complete', ...ids, full_message: HOSTILE, conversation_completed: false },
        ),
      ),
    );
    await chat.send('hi');
    await chat.answered(2);
    const found = await page
      .locator('amigo-chat article.agent .text')
      .last()
      .evaluate((body) => ({
        elements: [...new Set([...body.querySelectorAll('*')].map(({ localName }) => localName))].sort(),
        attributes: [
          ...new Set([...body.querySelectorAll('*')].flatMap((element) => element.getAttributeNames())),
        ].sort(),
        links: [...body.querySelectorAll('a')].map(({ href, rel, target }) => [href, rel, target]),
        text: body.textContent ?? '',
      }));
    expect(found.elements).toEqual(['a', 'code', 'li', 'p', 'pre', 'strong', 'ul']);
    expect(found.attributes).toEqual(['class', 'dir', 'href', 'part', 'rel', 'target']);
    const rel = 'noopener noreferrer nofollow';
    expect(found.links).toEqual([
      ['https://evil.example/track.gif', rel, '_blank'],
      ['https://example.com/a?b=1', rel, '_blank'],
    ]);
    expect(found.text).toContain('<script>alert(2)</script>');
    expect(found.text).toContain('<iframe src="https://evil.example"></iframe>');
    expect(outside).toEqual([]);
  });

  it('from the visitor are shown as typed, now and after a reload', async () => {
    chat = await ChatPage.open(browser, patientPage(server.url), DESK);
    await chat.answered(1);
    const typed = '<img src=x onerror=alert(1)> **not bold** [x](javascript:alert(2))';
    await chat.send(typed);
    await chat.answered(2);
    expect(await chat.said('user')).toEqual([typed]);
    await chat.page.reload();
    await chat.answered(2);
    expect(await chat.said('user')).toEqual([typed]);
    expect(await chat.page.locator('amigo-chat img, amigo-chat script').count()).toBe(0);
  });
});
