/** The workbench of a developer follows what is published. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Server } from '../http/server.ts';
import { launchChromium } from './chromium.ts';

let server: Server;
let browser: Browser;
let page: Page;
let starter = '';

async function publish(text: string): Promise<void> {
  const answer = await fetch(`${server.url}/workbench/api/publish`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: text,
  });
  expect(answer.status).toBe(200);
}

beforeAll(async () => {
  const path = join(import.meta.dirname, '../../examples/fruit-stall.json');
  [server, browser, starter] = await Promise.all([Server.start(), launchChromium(), readFile(path, 'utf8')]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});
beforeEach(async () => {
  await publish(starter);
  page = await browser.newPage();
  await page.goto(`${server.url}/workbench#organization=fruit-stall`);
  await page.locator('#graph .node[data-node="count"]').waitFor();
});
afterEach(() => page.close());

/** The starter with another name for the state in which fruit is counted. */
const renamed = (name: string) => starter.replaceAll('"count"', `"${name}"`);

test('a new version is drawn as soon as it is published, with a notice', async () => {
  expect(await page.locator('#notice').isVisible()).toBe(false);
  await publish(renamed('how_many'));
  await page.locator('#graph .node[data-node="how_many"]').waitFor();
  expect(await page.locator('#notice-words').textContent()).toContain('A new version is published.');
  await page.reload();
  await page.locator('#graph .node[data-node="how_many"]').waitFor();
  expect(await page.locator('#notice').isVisible()).toBe(false);
});

test('a publication without a change, or in another organization, does not change the page', async () => {
  await page.evaluate(() => document.body.setAttribute('data-mark', ''));
  await publish(starter);
  await publish(starter.replaceAll('fruit-stall', 'other-stall').replaceAll('6b00', '6c00'));
  await publish(renamed('amount'));
  // The change of its own organization is noticed: so the others would have been.
  await page.locator('#graph .node[data-node="amount"]').waitFor();
  expect(await page.locator('[data-mark]').count()).toBe(0);
});

test('a draft is not lost when a new version is published', async () => {
  await page.getByRole('button', { name: 'New', exact: true }).click();
  await page.locator('#message:enabled').fill('Apples, pl');
  await publish(renamed('quantity'));
  const asked = page.waitForRequest((request) => request.url().includes('/workbench/api/identities'));
  await page.waitForResponse((response) => response.url().includes('/workbench/api/revision'));
  expect(await page.locator('#message').inputValue()).toBe('Apples, pl');
  await page.locator('#message').fill('');
  await asked;
  await page.locator('#notice-words').waitFor();
});
