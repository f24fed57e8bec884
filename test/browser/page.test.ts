import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Server } from '../http/server.ts';
import { launchChromium } from './chromium.ts';

let server: Server;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([Server.start(), launchChromium()]);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

test('the page at / greets its visitor', async () => {
  const page = await browser.newPage();
  await page.goto(server.url);
  await page.getByText('Riverside Clinic').first().waitFor();
  expect(await page.title()).not.toBe('');
  await page.close();
});
