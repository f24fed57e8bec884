/** A site of another origin that embeds the chat: a strict policy, a backend that signs its visitors in, one page. */
import {
  createServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { npmRun, type Identity, type Server } from '../http/server.ts';

const CLINIC = join(import.meta.dirname, '../../seed/riverside-clinic.json');

interface OrganizationText {
  organization: Record<string, unknown>;
}

/** Publishes the demo's clinic under another name, with settings of its own. */
export async function publishClinic(
  server: Server,
  id: string,
  settings: { allowed_origins?: string[]; rate_limits?: Record<string, number> },
): Promise<void> {
  const text = (await readFile(CLINIC, 'utf8')).replaceAll('"riverside-clinic"', JSON.stringify(id));
  const file = JSON.parse(text) as OrganizationText;
  Object.assign(file.organization, settings);
  const path = join(tmpdir(), `${id}-${process.pid}.json`);
  await writeFile(path, JSON.stringify(file));
  npmRun('seed', ['--', path], server.environment);
  await rm(path);
}

export class Site {
  /** Stated lifetime of the backend's tokens. */
  tokenLifeMs = 3_600_000;
  /** Tokens that the backend gave, in order. */
  readonly tokens: string[] = [];
  /** Content of the page's body. */
  body = '';
  /** The script's tag; every test of a site loads it from the API's origin. */
  script = '';
  /** Pages and scripts of the site besides: by their paths, and without its policy. */
  readonly files = new Map<string, { type: string; text: string }>();
  /** User who is signed in to the site. */
  visitor: Identity;
  readonly #api: Server;
  readonly #http: HttpServer;

  private constructor(api: Server, visitor: Identity) {
    this.#api = api;
    this.visitor = visitor;
    this.#http = createServer((request, response) => {
      void this.#answer(request, response);
    });
  }

  static async start(api: Server, visitor: Identity): Promise<Site> {
    const site = new Site(api, visitor);
    await new Promise<void>((resolve) => {
      site.#http.listen(0, resolve);
    });
    site.script = `<script type="module" src="${api.url}/amigo-chat.js"></script>`;
    return site;
  }

  get origin(): string {
    return `http://localhost:${(this.#http.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#http.closeAllConnections();
    await new Promise((resolve) => {
      this.#http.close(resolve);
    });
  }

  /** The path `/token/{organization}` stands for the backend, every other for the page. */
  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const file = this.files.get(request.url ?? '');
    if (file !== undefined) {
      response.setHeader('content-type', file.type);
      response.end(file.text);
      return;
    }
    const organization = /^\/token\/(.+)$/.exec(request.url ?? '')?.[1];
    if (organization === undefined) {
      const { url } = this.#api;
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.setHeader(
        'content-security-policy',
        `default-src 'none'; script-src ${url}; connect-src 'self' ${url}; require-trusted-types-for 'script'`,
      );
      response.end(
        `<!doctype html><html lang="en"><title>A shop</title>${this.script}<body>${this.body}</body></html>`,
      );
      return;
    }
    const answer = await this.#signIn(organization);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
  }

  async #signIn(organization: string): Promise<{ id_token: string; expires_at: string }> {
    const { api_key, api_key_id, user_id } = this.visitor;
    const response = await fetch(`${this.#api.url}/v1/${organization}/user/signin_with_api_key`, {
      method: 'POST',
      headers: { 'x-api-key': api_key, 'x-api-key-id': api_key_id, 'x-user-id': user_id },
    });
    if (!response.ok) throw new Error(await response.text());
    const { id_token } = (await response.json()) as { id_token: string };
    this.tokens.push(id_token);
    return { id_token, expires_at: new Date(Date.now() + this.tokenLifeMs).toISOString() };
  }
}
