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

test('the page at / greets its visitor, and leads to the workbench and the document', async () => {
  const page = await browser.newPage();
  await page.goto(server.url);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByText('This is Nora').or(page.getByText('this is Nora')).first().waitFor();
  expect(await page.title()).toContain('Riverside Clinic');
  const links = await page
    .locator('footer a')
    .evaluateAll((found) => found.map((link) => link.getAttribute('href')));
  expect(links).toEqual(['/workbench', '/docs']);
  await page.close();
});

test.each([
  ['without a demo', 404, 'this deployment has no demo'],
  ['out of order', 503, 'Nora could not be reached'],
])('the page of a deployment %s says so', async (_name, status, words) => {
  const page = await browser.newPage();
  await page.route('**/demo/session', (route) => route.fulfill({ status, json: {} }));
  await page.goto(`${server.url}/?signed-in`);
  await page.getByText(words).waitFor();
  expect(await page.locator('amigo-chat').count()).toBe(0);
  await page.close();
});
