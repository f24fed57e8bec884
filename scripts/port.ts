import { createServer } from 'node:net';
import { SettingsError } from './settings.ts';

/** Addresses of `localhost`. */
const LOOPBACK = ['127.0.0.1', '::1'];

/** Returns the code of the error of listening at a port, or null if it succeeds. */
function hindrance(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(null)));
  });
}

/**
 * Checks that the server can listen at a port. Throws `SettingsError` if another program uses it, or it is not allowed.
 */
export async function demandFreePort(port: number): Promise<void> {
  for (const host of LOOPBACK) {
    const code = await hindrance(port, host);
    if (code === 'EADDRINUSE') {
      throw new SettingsError(
        `Port ${port} is taken: another program listens there. Stop it, or choose another port: PORT=${port + 1} npm start`,
      );
    }
    if (code === 'EACCES')
      throw new SettingsError(`Port ${port} is not allowed here. Choose one above 1023 by PORT.`);
  }
}
