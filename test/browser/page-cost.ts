/**
 * Measures what the chat costs a page: bytes before any interaction, and time of the main thread, of the same page without the
 * chat, with a launcher, and with a chat in the page, both for a visitor. `npm run bench:widget -- http://localhost:8787`
 * measures a running server with the demo's clinic. The pages come from the server's own origin, so nothing is configured.
 */
import type { Browser, CDPSession } from 'playwright-core';
import { launchChromium } from './chromium.ts';

/** Visits of each page. The first one is left out: it warms the server. */
const VISITS = 8;
/** Time that a page is given after its load event, in milliseconds. */
const SETTLE_MS = 3_000;

const CHAT = 'organization="riverside-clinic" service="6a08efc45525e50eb52b0a43" visitor';
const SCRIPT = '<script type="module" src="/amigo-chat.js"></script>';
const PAGES: Readonly<Record<string, string>> = {
  'without the chat': '',
  'with a launcher': `${SCRIPT}<amigo-chat mode="launcher" ${CHAT}></amigo-chat>`,
  'with a chat in the page': `${SCRIPT}<amigo-chat ${CHAT}></amigo-chat>`,
};

interface Visit {
  bytes: number;
  requests: number;
  task_ms: number;
  script_ms: number;
}

async function secondsOf(session: CDPSession, name: string): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find((metric) => metric.name === name)?.value ?? 0;
}

/** Visits a page in a new browser context, whose cache and storage are empty. */
async function visit(browser: Browser, origin: string, body: string): Promise<Visit> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  let bytes = 0;
  let requests = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
    requests += 1;
  });
  await session.send('Network.enable');
  await session.send('Performance.enable');
  const text = `<!doctype html><html lang="en"><title>A page</title><h1>A page</h1><p>${'Text. '.repeat(500)}</p>${body}`;
  await page.route(`${origin}/measured`, (route) => route.fulfill({ contentType: 'text/html', body: text }));
  await page.goto(`${origin}/measured`, { waitUntil: 'load' });
  await page.waitForTimeout(SETTLE_MS);
  const [task, script] = [
    await secondsOf(session, 'TaskDuration'),
    await secondsOf(session, 'ScriptDuration'),
  ];
  await context.close();
  return { bytes, requests, task_ms: task * 1_000, script_ms: script * 1_000 };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

const origin = process.argv[2] ?? 'http://localhost:8787';
const browser = await launchChromium();
try {
  for (const [name, body] of Object.entries(PAGES)) {
    const visits: Visit[] = [];
    for (let count = 0; count < VISITS; count += 1) visits.push(await visit(browser, origin, body));
    const of = (member: keyof Visit) => median(visits.slice(1).map((one) => one[member]));
    console.log(
      `${name}: ${of('requests')} requests, ${(of('bytes') / 1024).toFixed(1)} KiB, ` +
        `${of('task_ms').toFixed(0)} ms of the main thread, ${of('script_ms').toFixed(0)} ms of it scripts`,
    );
  }
} finally {
  await browser.close();
}
