/** The production bundle in a workerd process with its databases on a disk, which is killed and started again. */
import { bundle, PRODUCT, workerConfiguration } from './bundle.ts';
import { signingSecret } from './conversations.ts';
import { startServer, type Server } from './server.ts';
import { issueToken } from '../src/edge/tokens.ts';
import type { OrganizationFile } from '../src/registry/organization.ts';
import { publishOrganization } from '../src/registry/publish.ts';

/** Options of the server. */
export interface KillServerOptions {
  /** Folder of the databases. */
  directory: string;
  /** Pause between two pieces of an answer in milliseconds. */
  paceMs: number;
}

/** A server that `kill` ends as a crash does: nothing gets the chance to clean up. */
export class KillServer {
  readonly #start: () => Promise<Server>;
  readonly #secret: string;
  #server: Server | null = null;
  /** Resolves when the server answers again. */
  #ready: Promise<void> = Promise.resolve();

  private constructor(start: () => Promise<Server>, secret: string) {
    this.#start = start;
    this.#secret = secret;
  }

  /** Bundles the Worker and starts it with an organization. */
  static async start(file: OrganizationFile, options: KillServerOptions): Promise<KillServer> {
    const [files, secret] = [await bundle(PRODUCT), await signingSecret()];
    const configuration = workerConfiguration();
    const bindings = {
      ...configuration.bindings,
      SIGNING_KEYS: secret,
      DEVELOPMENT: 'true',
      RATE_LIMITS: 'off',
      EMBEDDED_PACE_MS: String(options.paceMs),
    };
    const { directory } = options;
    const start = () => startServer({ files, directory, worker: { ...configuration, bindings } });
    const server = new KillServer(start, secret);
    server.#server = await start();
    await publishOrganization(await server.#server.miniflare.getKVNamespace('REGISTRY'), file);
    return server;
  }

  /** Returns the origin of the server, once it runs. A server that was killed gets another one. */
  async origin(): Promise<string> {
    await this.#ready;
    if (this.#server === null) throw new Error('The server does not run.');
    return this.#server.origin.origin;
  }

  /** Returns the header of a signed-in user. */
  async authorization(organization: string, user_id: string): Promise<string> {
    const { id_token } = await issueToken(this.#secret, { organization, user_id }, Date.now());
    return `Bearer ${id_token}`;
  }

  /** Kills the process at once, and starts another one on the same databases. */
  async killAndStart(): Promise<void> {
    await this.#ready;
    this.#ready = this.#again();
    await this.#ready;
  }

  async #again(): Promise<void> {
    const server = this.#server;
    if (server === null) throw new Error('The server does not run.');
    process.kill(server.pid, 'SIGKILL');
    await server.stop().catch(() => undefined);
    this.#server = await this.#start();
  }

  /** Stops the server. */
  async stop(): Promise<void> {
    await this.#ready;
    await this.#server?.stop();
    this.#server = null;
  }
}
