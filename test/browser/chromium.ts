/** Debian's Chromium, as the browser tests drive it. */
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/** Path of Debian's package `chromium`; `CHROMIUM` names another one. */
const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Keeps the browser from calling its maker's servers, which a closed network refuses one by one. */
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the browser. `args` are further switches. Throws, saying what to install, when there is none. */
export async function launchChromium(...args: string[]): Promise<Browser> {
  if (!existsSync(EXECUTABLE)) {
    throw new Error(`There is no browser at ${EXECUTABLE}: apt-get install chromium, or set CHROMIUM.`);
  }
  // The sandbox of the browser does not work for root, the user of containers.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: EXECUTABLE, args: [...QUIET, ...sandbox, ...args] });
}
