/** A line between the browser and the server that can be cut: what a browser's own "offline" leaves alone is cut too. */
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

export class Relay {
  readonly url: string;
  readonly #sockets = new Set<Socket>();
  readonly #close: () => void;
  #isCut = false;

  private constructor(port: number, close: () => void) {
    this.url = `http://localhost:${port}`;
    this.#close = close;
  }

  static async to(target: string): Promise<Relay> {
    const server = createServer((near) => relay.#join(near, target));
    await new Promise<void>((resolve) => {
      server.listen(0, resolve);
    });
    const relay = new Relay((server.address() as AddressInfo).port, () => server.close());
    return relay;
  }

  /** Breaks every connection, and every one that is tried until it is mended. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  close(): void {
    this.cut();
    this.#close();
  }

  #join(near: Socket, target: string): void {
    if (this.#isCut) {
      near.destroy();
      return;
    }
    const { hostname, port } = new URL(target);
    const far = connect(Number(port), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
  }
}
