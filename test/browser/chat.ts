/** The chat in a page, as a visitor finds it: by what its parts are called and say, never by how it is made. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { HttpClient, identities, type Identity, type Server } from '../http/server.ts';

const ARTEFACTS = join(import.meta.dirname, '../../test-artefacts');

/** Returns the address of the demo page of a patient who has signed in. The page without it is that of a visitor. */
export function patientPage(url: string): string {
  return `${url}/?signed-in`;
}

/** The patient that the demo page chats as when they have signed in. */
export function demoVisitor(): Identity {
  const visitor = identities()[1];
  if (visitor === undefined) throw new Error('The demo has no visitor.');
  return visitor;
}

export interface Stored {
  id: string;
  message: string;
  message_type: string;
}

export interface Listed {
  id: string;
  is_finished: boolean;
  tags: Record<string, string | null>;
}

/** Returns what axe-core finds wrong with a page, or with the element of it that a selector names. */
export async function violations(page: Page, selector = 'html'): Promise<string[]> {
  await page.evaluate(axe.source);
  const result = await page.evaluate(
    (within) => (globalThis as unknown as { axe: typeof axe }).axe.run(within),
    selector,
  );
  return result.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** Conversations of the demo visitor, read from the API directly. */
export class Visitor {
  readonly #client: HttpClient;

  private constructor(client: HttpClient) {
    this.#client = client;
  }

  static async of(server: Server): Promise<Visitor> {
    return new Visitor(await HttpClient.signIn(server, demoVisitor()));
  }

  /** So that the next test begins at the beginning. */
  finishAll(): Promise<void> {
    return this.#client.finishAll();
  }

  /** The newest conversation. */
  async conversation(): Promise<Listed> {
    const { conversations } = await this.#client.get<{ conversations: Listed[] }>('/conversation/?limit=1');
    return conversations[0] ?? { id: '', is_finished: true, tags: {} };
  }

  /** The messages of the newest conversation, the oldest first. */
  async messages(): Promise<Stored[]> {
    const { id } = await this.conversation();
    const { messages } = await this.#client.get<{ messages: Stored[] }>(`/conversation/${id}/messages/`);
    return messages.toReversed();
  }

  /** Returns the number of the user's messages with a text. */
  async count(text: string): Promise<number> {
    const said = await this.messages();
    return said.filter(({ message_type, message }) => message_type === 'user-message' && message === text)
      .length;
  }
}

export class ChatPage {
  readonly page: Page;
  readonly field: Locator;
  readonly sendButton: Locator;
  readonly alert: Locator;
  readonly suggestions: Locator;
  /** Errors of the page. A test ends with none. */
  readonly faults: string[] = [];

  constructor(page: Page, words: { field: string; send: string } = { field: 'Your message', send: 'Send' }) {
    this.page = page;
    this.field = page.getByLabel(words.field);
    this.sendButton = page.getByRole('button', { name: words.send, exact: true });
    this.alert = page.locator('amigo-chat').getByRole('alert');
    this.suggestions = page.getByRole('group', { name: 'Suggested answers' }).getByRole('button');
    page.on('pageerror', (error) => this.faults.push(error.message));
    page.on('dialog', (dialog) => {
      this.faults.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('console', (message) => {
      const text = message.text();
      if (message.type() === 'error' && /Content Security Policy|TrustedHTML/i.test(text))
        this.faults.push(text);
    });
  }

  static async open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<ChatPage> {
    const context = await browser.newContext({ locale: 'en-US', ...options });
    const chat = new ChatPage(await context.newPage());
    await chat.page.goto(url);
    return chat;
  }

  /** All messages of an author, without their names and times. */
  said(author: 'agent' | 'user'): Promise<string[]> {
    return this.page.locator(`amigo-chat article.${author} .text`).allInnerTexts();
  }

  /** Resolves when so many messages of the agent are there in full and the visitor may write. */
  async answered(count: number): Promise<void> {
    await expect.poll(async () => (await this.said('agent')).length, { timeout: 20_000 }).toBe(count);
    await this.ready();
  }

  async ready(): Promise<void> {
    await expect.poll(() => this.sendButton.getAttribute('aria-disabled'), { timeout: 20_000 }).toBe('false');
  }

  async send(text: string): Promise<void> {
    await this.field.fill(text);
    await this.sendButton.click();
  }

  async screenshot(name: string): Promise<void> {
    await mkdir(ARTEFACTS, { recursive: true });
    await this.page.screenshot({ path: join(ARTEFACTS, `${name}.png`) });
  }

  async close(): Promise<void> {
    await this.page.context().close();
    expect(this.faults).toEqual([]);
  }
}

/** An answer's stream, line by line. */
export function ndjson(...events: object[]): { contentType: string; body: string } {
  return {
    contentType: 'application/x-ndjson',
    body: events.map((event) => `${JSON.stringify(event)}\n`).join(''),
  };
}
