/** The example page with React and `useChat`, built and used in a browser, on a site of another origin than the API. */
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Server } from '../http/server.ts';
import { demoVisitor } from './chat.ts';
import { launchChromium } from './chromium.ts';
import { publishClinic, Site } from './site.ts';

const EXAMPLE = join(import.meta.dirname, '../../examples/react-use-chat');
const CLINIC = 'react-clinic';
const QUESTION = 'I would like to book an appointment';
const PLENTY = 1_000;

let server: Server;
let browser: Browser;
let site: Site;
let page: Page;
const faults: string[] = [];

async function exampleScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(EXAMPLE, 'main.tsx')],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    minify: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

/** The page of the example, pointed at the test's clinic. */
async function examplePage(): Promise<string> {
  const html = await readFile(join(EXAMPLE, 'index.html'), 'utf8');
  const pointed = {
    'data-api': server.url,
    'data-organization': CLINIC,
    'data-service': demoVisitor().service_ids[0] ?? '',
    'data-token-url': `/token/${CLINIC}`,
    src: '/main.js',
  };
  return Object.entries(pointed).reduce(
    (text, [name, value]) => text.replace(new RegExp(`${name}="[^"]*"`), `${name}="${value}"`),
    html,
  );
}

beforeAll(async () => {
  [server, browser] = await Promise.all([
    Server.start('--var', 'RATE_LIMITS:off', '--var', 'EMBEDDED_PACE_MS:120'),
    launchChromium(),
  ]);
  site = await Site.start(server, demoVisitor());
  site.files.set('/', { type: 'text/html; charset=utf-8', text: await examplePage() });
  site.files.set('/main.js', { type: 'text/javascript', text: await exampleScript() });
  await publishClinic(server, CLINIC, {
    allowed_origins: [site.origin],
    rate_limits: { 'sign-in-with-api-key': PLENTY },
  });
});

afterAll(async () => {
  await browser.close();
  await site.stop();
  await server.stop();
});

beforeEach(async () => {
  faults.length = 0;
  const context = await browser.newContext({ locale: 'en-US' });
  page = await context.newPage();
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(site.origin);
  await field().waitFor();
});

afterEach(async () => {
  await page.context().close();
  expect(faults).toEqual([]);
});

function field(of = page): Locator {
  return of.getByLabel('Your message');
}

function said(author: 'assistant' | 'user', of = page): Promise<string[]> {
  return of.locator(`article.${author} .text`).allInnerTexts();
}

async function send(text: string): Promise<void> {
  await field().fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
}

/** Resolves when the agent has said so many things and is done. */
async function answered(count: number, of = page): Promise<void> {
  await expect.poll(async () => (await said('assistant', of)).length).toBe(count);
  await expect.poll(() => of.getByRole('button', { name: 'Stop' }).isDisabled()).toBe(true);
}

/** Resolves when the answer has begun and is not done. */
async function answering(count: number): Promise<void> {
  await page
    .locator('article.assistant')
    .nth(count - 1)
    .getByText(/\w/)
    .last()
    .waitFor();
}

describe('the example with useChat', () => {
  it('holds a conversation', async () => {
    await send(QUESTION);
    await answered(1);
    await send('It is for my yearly check-up');
    await answered(2);
    expect(await said('user')).toEqual([QUESTION, 'It is for my yearly check-up']);
    expect((await said('assistant')).every((text) => text.length > 10)).toBe(true);
  });

  it('follows an answer from its beginning after a reload in the middle of it', async () => {
    await send(QUESTION);
    await answered(1);
    await send('It is for my yearly check-up');
    await answering(2);
    await page.reload();
    await answered(2);
    expect(await said('user')).toEqual([QUESTION, 'It is for my yearly check-up']);
    const shown = await said('assistant');
    await page.reload();
    await answered(2);
    expect(await said('assistant')).toEqual(shown);
  });

  it('stops the agent, keeps what it said, and goes on', async () => {
    await send(QUESTION);
    await answering(1);
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('(stopped)').waitFor();
    await answered(1);
    const [kept = ''] = await said('assistant');
    await page.reload();
    await answered(1);
    const [stored = ''] = await said('assistant');
    expect(stored.trim()).toBe(kept.trim());
    await send('It is for my yearly check-up');
    await answered(2);
  });

  it('shows one answer in two tabs', async () => {
    await send(QUESTION);
    await answering(1);
    const second = await page.context().newPage();
    // The tab of a browser that was duplicated has the same chat.
    const id = await page.evaluate(() => sessionStorage.getItem('chat-id'));
    await second.addInitScript((chat) => sessionStorage.setItem('chat-id', chat ?? ''), id);
    await second.goto(site.origin);
    await Promise.all([answered(1), answered(1, second)]);
    expect(await said('assistant', second)).toEqual(await said('assistant'));
  });

  it('begins another chat, which finishes the one before', async () => {
    await send(QUESTION);
    await answered(1);
    await page.getByRole('button', { name: 'New chat' }).click();
    await expect.poll(() => said('user')).toEqual([]);
    await send('Where can I park?');
    await answered(1);
    expect(await said('user')).toEqual(['Where can I park?']);
  });
});
