/** The examples, built and used in a browser, on sites of other origins than the API, and the backends of such sites. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HttpClient, Server } from '../http/server.ts';
import { ChatPage, demoVisitor } from './chat.ts';
import { launchChromium } from './chromium.ts';
import { publishClinic, Site } from './site.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');
const PACKAGE = join(import.meta.dirname, '../../packages/amigo-chat/src');
const CLINIC = 'react-clinic';
const QUESTION = 'I would like to book an appointment';
const PLENTY = 1_000;

let server: Server;
let browser: Browser;
let site: Site;
let page: Page;
const faults: string[] = [];

async function scriptOf(example: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(EXAMPLES, example, 'main.tsx')],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    minify: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    alias: { 'amigo-chat/react': join(PACKAGE, 'react.ts') },
    logLevel: 'error',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

/** Returns the page of an example with other values of its attributes. */
async function pageOf(example: string, attributes: Record<string, string>): Promise<string> {
  const html = await readFile(join(EXAMPLES, example, 'index.html'), 'utf8');
  return Object.entries(attributes).reduce((text, [name, value]) => {
    const pattern = new RegExp(`\\b${name}="[^"]*"`);
    if (!pattern.test(text)) throw new Error(`The page has no ${name}.`);
    return text.replace(pattern, `${name}="${value}"`);
  }, html);
}

const serviceId = () => demoVisitor().service_ids[0] ?? '';

/** The backend of the example for Node, as a process of its own, which serves the plain page. */
class NodeBackend {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(url: string, process: ChildProcess) {
    this.url = url;
    this.#process = process;
  }

  static async start(page: string): Promise<NodeBackend> {
    const { api_key, api_key_id } = demoVisitor();
    const child = spawn(process.execPath, [join(EXAMPLES, 'token-backend-node/server.mjs')], {
      env: {
        API: server.url,
        ORGANIZATION: CLINIC,
        API_KEY: api_key,
        API_KEY_ID: api_key_id,
        PAGE: page,
        PORT: '0',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    return new NodeBackend(line.toString().trim(), child);
  }

  async stop(): Promise<void> {
    this.#process.kill();
    await once(this.#process, 'exit');
  }
}

let backend: NodeBackend;
let folder: string;

beforeAll(async () => {
  [server, browser] = await Promise.all([
    Server.start('--var', 'RATE_LIMITS:off', '--var', 'EMBEDDED_PACE_MS:120'),
    launchChromium(),
  ]);
  site = await Site.start(server, demoVisitor());
  const page = await pageOf('react-use-chat', {
    'data-api': server.url,
    'data-organization': CLINIC,
    'data-service': serviceId(),
    'data-token-url': `/token/${CLINIC}`,
    src: '/main.js',
  });
  site.files.set('/', { type: 'text/html; charset=utf-8', text: page });
  site.files.set('/main.js', { type: 'text/javascript', text: await scriptOf('react-use-chat') });
  folder = await mkdtemp(join(tmpdir(), 'example-'));
  const plain = join(folder, 'index.html');
  await writeFile(
    plain,
    await pageOf('widget-plain', {
      src: `${server.url}/amigo-chat.js`,
      organization: CLINIC,
      service: serviceId(),
    }),
  );
  backend = await NodeBackend.start(plain);
  await publishClinic(server, CLINIC, {
    allowed_origins: [site.origin, backend.url],
    rate_limits: { 'sign-in-with-api-key': PLENTY },
  });
});

afterAll(async () => {
  await browser.close();
  await backend.stop();
  await rm(folder, { recursive: true });
  await site.stop();
  await server.stop();
});

beforeEach(async () => {
  faults.length = 0;
  const context = await browser.newContext({ locale: 'en-US' });
  page = await context.newPage();
  page.on('pageerror', (error) => faults.push(error.message));
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
  beforeEach(async () => {
    await page.goto(site.origin);
    await field().waitFor();
  });

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

describe('the example of a plain page', () => {
  it('chats with tokens of the backend for Node', async () => {
    await page.context().addCookies([{ name: 'user', value: demoVisitor().user_id, url: backend.url }]);
    await (await HttpClient.signIn(server, { ...demoVisitor(), organization: CLINIC })).finishAll();
    const chat = new ChatPage(page);
    await page.goto(backend.url);
    await page.getByRole('button', { name: 'Open the chat' }).click();
    await chat.answered(1);
    await chat.send(QUESTION);
    await chat.answered(2);
    expect(chat.faults).toEqual([]);
  });

  it('gets no token without a session, and another site gets none with it', async () => {
    const headers = { 'sec-fetch-site': 'same-origin' };
    const post = (more: Record<string, string>) =>
      fetch(`${backend.url}/chat-token`, { method: 'POST', headers: { ...headers, ...more } });
    const cookie = `user=${demoVisitor().user_id}`;
    expect((await post({})).status).toBe(401);
    expect((await post({ cookie, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    const [first, second] = await Promise.all([post({ cookie }), post({ cookie })]);
    expect(await first?.json()).toEqual(await second?.json());
  });
});

describe('the example of a page without a backend', () => {
  it('chats as a visitor, who is the same after a reload', async () => {
    const html = await pageOf('widget-visitor', {
      src: `${server.url}/amigo-chat.js`,
      organization: CLINIC,
      service: serviceId(),
    });
    site.files.set('/blog', { type: 'text/html; charset=utf-8', text: html });
    const chat = new ChatPage(page);
    const tokens: string[] = [];
    page.on('request', (request) => {
      if (request.url().startsWith(site.origin)) tokens.push(request.url());
    });
    await page.goto(`${site.origin}/blog`);
    await page.getByRole('button', { name: 'Open the chat' }).click();
    await chat.answered(1);
    await chat.send(QUESTION);
    await chat.answered(2);
    await page.reload();
    await chat.answered(2);
    expect(await chat.said('user')).toEqual([QUESTION]);
    expect(tokens.filter((url) => !/\/(?:blog|favicon\.ico)$/.test(url))).toEqual([]);
    expect(chat.faults).toEqual([]);
  });
});

describe('the example of a page with React', () => {
  it('chats with the component, which keeps its tokens and callbacks through renderings', async () => {
    const html = await pageOf('widget-react', {
      'data-api': server.url,
      'data-organization': CLINIC,
      'data-service': serviceId(),
      src: '/react.js',
    });
    site.files.set('/react', { type: 'text/html; charset=utf-8', text: html });
    site.files.set('/react.js', { type: 'text/javascript', text: await scriptOf('widget-react') });
    await (await HttpClient.signIn(server, { ...demoVisitor(), organization: CLINIC })).finishAll();
    let signIns = 0;
    await page.route('**/chat-token', async (route) => {
      signIns += 1;
      const url = `${site.origin}/token/${CLINIC}`;
      await route.fulfill({ response: await route.fetch({ url }) });
    });
    const chat = new ChatPage(page, { field: 'Ask the clinic', send: 'Send' });
    await page.goto(`${site.origin}/react`);
    await chat.answered(1);
    await chat.send(QUESTION);
    await chat.answered(2);
    await expect.poll(() => page.locator('output').textContent()).toBe('2');
    expect(signIns).toBe(1);
    await page.getByRole('button', { name: 'Hide the chat' }).click();
    expect(await page.locator('amigo-chat').count()).toBe(0);
    await page.getByRole('button', { name: 'Show the chat' }).click();
    await chat.answered(2);
    expect(chat.faults).toEqual([]);
  });
});

describe('the example of a backend in a Worker', () => {
  it('gives a token to the own page of a signed-in visitor only', async () => {
    const { api_key, api_key_id, user_id } = demoVisitor();
    const backendWorker = {
      name: 'chat-token',
      modules: true as const,
      scriptPath: join(EXAMPLES, 'token-backend-worker/worker.js'),
      compatibilityDate: '2026-10-01',
      bindings: { API: server.url, ORGANIZATION: CLINIC, API_KEY: api_key, API_KEY_ID: api_key_id },
    };
    const worker = new Miniflare(convertV4MiniflareOptions({ workers: [backendWorker] }));
    try {
      const post = (headers: Record<string, string>) =>
        worker.dispatchFetch('http://site.example/chat-token', { method: 'POST', headers });
      const cookie = `user=${user_id}`;
      expect((await post({ cookie })).status).toBe(403);
      expect((await post({ 'sec-fetch-site': 'same-origin' })).status).toBe(401);
      const answer = await post({ cookie, 'sec-fetch-site': 'same-origin' });
      expect(answer.headers.get('cache-control')).toBe('no-store');
      const { id_token } = (await answer.json()) as { id_token: string };
      const listed = await fetch(`${server.url}/v1/${CLINIC}/conversation/`, {
        headers: { authorization: `Bearer ${id_token}` },
      });
      expect(listed.status).toBe(200);
    } finally {
      await worker.dispose();
    }
  });
});
