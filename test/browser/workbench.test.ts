/** The workbench as a builder uses it: a real server, a real browser, the page's real policy. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DialogueFile } from '../../src/contract/dialogues.ts';
import type { UsageAnswer } from '../../src/contract/usage.ts';
import { identities, Server } from '../http/server.ts';
import { launchChromium } from './chromium.ts';

const ARTEFACTS = join(import.meta.dirname, '../../test-artefacts');
/** Slow enough that a turn can be seen to run. */
const PACE_MS = 60;
const HOSTILE = '<img src=x onerror="document.title=\'owned\'"> <script>document.title="owned"</script>';

let server: Server;
let browser: Browser;
let axe = '';
let page: Page;
/** Errors of the browser, including refusals of the policy. */
let complaints: string[] = [];

beforeAll(async () => {
  [server, browser, axe] = await Promise.all([
    Server.start('--var', `EMBEDDED_PACE_MS:${PACE_MS}`),
    launchChromium(),
    readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'),
  ]);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function newPage(options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
  const opened = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...options });
  complaints = [];
  opened.on('pageerror', (error) => complaints.push(error.message));
  opened.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return opened;
}

beforeEach(async () => {
  page = await newPage();
});

afterEach(async () => {
  await page.close();
});

/** The rules of WCAG 2.2 AA that axe can judge, broken on the page as it stands. */
async function violations(): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe: judge } = globalThis as unknown as {
      axe: { run: (options: object) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations: found } = await judge.run({ runOnly: { type: 'tag', values: tags } });
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  });
}

async function idle(): Promise<void> {
  await page.locator('#progress:not(.active)').waitFor({ state: 'attached' });
}

/** Opens the clinic's workbench as one of its users. */
async function openClinic(user: string, at: Page = page): Promise<void> {
  const [identity] = identities();
  const address = new URLSearchParams({ organization: identity?.organization ?? '', user });
  await at.goto(`${server.url}/workbench#${address}`);
  await at.locator('#graph .node').first().waitFor();
}

async function say(text: string): Promise<void> {
  await page.locator('#message').fill(text);
  await page.locator('#message').press('Enter');
  await page.locator('#message:enabled').waitFor();
}

async function begin(): Promise<void> {
  await idle();
  await page.getByRole('button', { name: 'New', exact: true }).click();
  await page.locator('#message:enabled').waitFor();
}

const current = () => page.locator('#graph .node.current').getAttribute('data-node');
const userIds = () => identities().map(({ user_id }) => user_id);

describe('a builder', () => {
  test('picks a service, talks, watches the graph, rewinds, reads insights and memories', async () => {
    await openClinic(userIds()[1] ?? '');
    await page.locator('#service').selectOption({ label: 'Appointment line' });
    await begin();
    expect(await current()).toBe('greet_new_patient');
    expect(await page.locator('#turn-label').textContent()).toContain('Turn 1 of 1');

    // While the turn runs, the place that is lit moves.
    const live = page.locator('.node.live');
    await page.locator('#message').fill('I need an appointment for my knee');
    await page.locator('#message').press('Enter');
    // All at one moment: the turn may be over at the next.
    await page.waitForFunction(
      () =>
        document.querySelector('.node.live[data-node="ask_visit_time"]') !== null &&
        document.querySelector('#graph')?.getAttribute('aria-busy') === 'true' &&
        document.querySelector('#progress')?.textContent === 'The turn is running …' &&
        document.querySelector<HTMLButtonElement>('#finish')?.disabled === true,
      undefined,
      { polling: 5 },
    );
    await page.locator('#message:enabled').waitFor();
    expect(await live.count()).toBe(0);
    expect(await page.locator('.edge.lit').count()).toBeGreaterThan(3);
    expect(await page.locator('#detail .event').first().textContent()).toContain('user-message-available');
    expect(await page.locator('#detail .event').last().textContent()).toContain('interaction-complete');
    await page.screenshot({ path: join(ARTEFACTS, 'workbench-light.png') });

    await say('My knee has been hurting for two weeks');
    await page.getByRole('tab', { name: 'Insights' }).click();
    expect(await page.locator('#detail').textContent()).toContain('confirm time');

    // Back to the first turn: its state, its insights, and nothing lit that came later.
    await page.getByRole('button', { name: 'Previous' }).click();
    await page.getByRole('button', { name: 'Previous' }).click();
    expect(await page.locator('#turn-label').textContent()).toBe('Turn 1 of 3');
    expect(await current()).toBe('greet_new_patient');
    expect(await page.locator('#detail').textContent()).toContain('greet new patient');
    expect(await page.locator('.edge.lit').count()).toBe(0);
    expect(new URL(page.url()).hash).toContain('interaction=');

    // One click makes a test of the conversation.
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as test' }).click(),
    ]);
    const saved = DialogueFile.parse(JSON.parse(await readFile(await download.path(), 'utf8')));
    expect(saved.dialogues[0]?.turns.map(({ say }) => say)).toEqual([
      'I need an appointment for my knee',
      'My knee has been hurting for two weeks',
    ]);
    expect(saved.dialogues[0]?.turns[1]?.expect.state).toBe('confirm_time');

    await page.getByRole('button', { name: 'Finish', exact: true }).click();
    await page.getByText('This conversation has ended').waitFor();
    await page.getByRole('tab', { name: 'Memories' }).click();
    // The analysis runs after the end: nothing tells the page when it is done, so one reads again.
    await expect
      .poll(
        async () => {
          await page.getByRole('button', { name: 'Reload' }).click();
          return page.locator('.memories').textContent();
        },
        { timeout: 20_000 },
      )
      .toContain('knee');
    expect(complaints).toEqual([]);
  });

  test('opens a turn by its link, without having watched it', async () => {
    const user = userIds()[1] ?? '';
    await openClinic(user);
    await idle();
    await page.locator('#conversations').selectOption({ index: 1 });
    await page.locator('#graph .node.current').waitFor();
    await page.getByRole('button', { name: 'Previous' }).click();
    const link = page.url();
    await page.goto('about:blank');
    await page.goto(link);
    await page.getByText('Turn 2 of 3').waitFor();
    expect(await page.locator('#detail').textContent()).toContain('From the record');
    expect(await page.locator('#graph .node.current').getAttribute('data-node')).toBe('ask_visit_time');
  });

  test('sees a hostile message as text', async () => {
    await openClinic(userIds()[2] ?? '');
    await begin();
    await say(HOSTILE);
    expect(await page.locator('.user-message .text').last().textContent()).toBe(HOSTILE);
    for (const tab of ['Events', 'Insights', 'Memories']) await page.getByRole('tab', { name: tab }).click();
    await idle();
    expect(await page.locator('#bench img, #bench script').count()).toBe(0);
    expect(await page.title()).toBe('Workbench');
    expect(complaints).toEqual([]);
  });

  test('goes through the graph by keyboard', async () => {
    await openClinic(userIds()[2] ?? '');
    await page.locator('#graph .node[tabindex="0"]').focus();
    const before = await page.evaluate(() => document.activeElement?.getAttribute('data-node'));
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-node'))).not.toBe(before);
    await page.keyboard.press('Enter');
    expect(await page.getByRole('tab', { name: 'State' }).getAttribute('aria-selected')).toBe('true');
    expect(await page.locator('#detail').textContent()).toContain('Ways out');
    const box = () => page.locator('.drawing').getAttribute('viewBox');
    const seen = await box();
    await page.keyboard.press('+');
    expect(await box()).not.toBe(seen);
  });

  test('sees a sentence about a refused request', async () => {
    await openClinic(userIds()[0] ?? '');
    await begin();
    await page.getByRole('button', { name: 'New', exact: true }).click();
    await page.locator('#notice').waitFor();
    expect(await page.locator('#notice-words').textContent()).toContain('(conversation_open)');
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    expect(await page.locator('#notice').isHidden()).toBe(true);
  });
});

/** A second of silence: WAV, 8 kHz, one channel of 8 bits. */
function silence(): Buffer {
  const samples = 8_000;
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 1],
    [34, 8],
  ] as const) {
    head.writeUInt16LE(value, at);
  }
  head.writeUInt32LE(samples, 24);
  head.writeUInt32LE(samples, 28);
  head.write('data', 36);
  head.writeUInt32LE(samples, 40);
  return Buffer.concat([head, Buffer.alloc(samples, 128)]);
}

describe('a spoken message', () => {
  test('is played from the URL of the API', async () => {
    await page.route('**/messages/?*', async (route) => {
      const answer = await route.fetch();
      const body = (await answer.json()) as { messages: { format: string }[] };
      for (const message of body.messages) message.format = 'voice';
      await route.fulfill({ response: answer, json: body });
    });
    const url = `${server.url}/recording-of-the-test.wav`;
    await page.route('**/source', (route) => route.fulfill({ json: { url, content_type: 'audio/wav' } }));
    await page.route(url, (route) => route.fulfill({ contentType: 'audio/wav', body: silence() }));
    await openClinic(userIds()[2] ?? '');
    await page.locator('#graph .node.current').waitFor();
    await page
      .getByRole('button', { name: /^Play the message/ })
      .first()
      .click();
    const length = await page.locator('audio').evaluate(
      (audio: HTMLAudioElement) =>
        new Promise<number>((resolve) => {
          if (audio.readyState > 0) resolve(audio.duration);
          audio.addEventListener('loadedmetadata', () => resolve(audio.duration));
        }),
    );
    expect(length).toBe(1);
    expect(complaints).toEqual([]);
  });
});

describe('axe finds nothing', () => {
  const wide = { width: 1280, height: 800 };
  test.each([
    ['light', wide, 'Events'],
    ['dark', wide, 'Insights'],
    ['light', { width: 390, height: 844 }, 'Memories'],
    ['dark', { width: 390, height: 844 }, 'State'],
  ] as const)('%s, %o, %s', async (colorScheme, viewport, tab) => {
    await page.close();
    page = await newPage({ colorScheme, viewport });
    await openClinic(userIds()[2] ?? '');
    await page.locator('#graph .node.current').waitFor();
    await page.locator('#graph .node.current').click();
    await page.getByRole('tab', { name: tab }).click();
    await idle();
    await page.screenshot({ path: join(ARTEFACTS, `workbench-${colorScheme}-${viewport.width}.png`) });
    expect(await violations()).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
});

describe('an administrator', () => {
  const region = (name: string) => page.getByRole('region', { name });
  const manage = async () => {
    await openClinic(userIds()[0] ?? '');
    await page.getByRole('button', { name: 'People and versions' }).click();
    await region('List of people')
      .getByRole('row', { name: /Administrator/ })
      .first()
      .waitFor();
    await idle();
  };

  test('adds a user, changes the role, and deletes the user after a question, by keyboard', async () => {
    await manage();
    expect(await violations()).toEqual([]);
    await page.getByLabel('First name').fill('Nell');
    await page.getByLabel('Last name').fill(HOSTILE);
    await page.getByLabel('Address').fill('nell@example.com');
    await page.getByLabel('Address').press('Enter');
    const row = region('List of people').getByRole('row', { name: 'nell@example.com' });
    await row.waitFor();
    await idle();
    await row.getByRole('combobox').selectOption('DefaultVisitorRole');
    await idle();
    expect(await row.getByRole('combobox').inputValue()).toBe('DefaultVisitorRole');
    const remove = row.getByRole('button');
    await remove.focus();
    await page.keyboard.press('Enter');
    expect(await remove.textContent()).toBe('Really?');
    await page.keyboard.press('Enter');
    await row.waitFor({ state: 'detached' });
    expect(await page.title()).toBe('Workbench');
  });

  test('creates a key that is shown once', async () => {
    await manage();
    const form = page.locator('#key-form');
    await form.getByLabel('Name').fill('For a test');
    await form.getByRole('button', { name: 'Create' }).click();
    await page.locator('#key-shown code').first().waitFor();
    const key = await page.locator('#key-shown code').first().textContent();
    expect(key?.length).toBeGreaterThan(20);
    await page.reload();
    await page.locator('#graph .node').first().waitFor();
    await page.getByRole('button', { name: 'People and versions' }).click();
    await region('List of keys').getByRole('row', { name: 'For a test' }).waitFor();
    expect(await page.content()).not.toContain(key);
  });

  test('checks and publishes a version, compares it, moves release to it and rolls it back', async () => {
    await manage();
    const draft = page.locator('#draft-version');
    const now = page.locator('#release-now');
    const before = Number(await page.locator('#release-version option').first().getAttribute('value'));
    const content = JSON.parse(await draft.inputValue()) as Record<string, unknown>;
    await draft.fill(JSON.stringify({ ...content, terminal_state: 'nowhere' }));
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.locator('#draft-errors li').filter({ hasText: 'terminal_state' }).first().waitFor();
    await draft.fill(JSON.stringify({ ...content, description: 'The next one.' }));
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.locator(`#release-version option[value="${before + 1}"]`).waitFor({ state: 'attached' });
    await page.locator('#compare-lines li').filter({ hasText: 'The next one.' }).waitFor();
    await idle();
    await page.locator('#release-version').selectOption(String(before + 1));
    await page.getByRole('button', { name: 'Move release' }).click();
    await now.filter({ hasText: `version ${before + 1}.` }).waitFor();
    await page.getByRole('button', { name: 'Roll back by one' }).click();
    await now.filter({ hasText: `version ${before}.` }).waitFor();
    expect(await violations()).toEqual([]);
    expect(complaints.filter((text) => !text.includes('422'))).toEqual([]);
  });
});

describe('usage and budgets', () => {
  const usagePath = (url: URL) => url.pathname.endsWith('/usage');
  const used = (tokens: number, cost_usd: number) => ({
    ...{ input_tokens: tokens, cached_input_tokens: tokens / 2, output_tokens: 100, model_calls: 3 },
    ...{ estimated_calls: 1, cost_usd },
  });
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
  const show = () => page.getByRole('button', { name: 'Usage', exact: true }).press('Enter');

  /** Answers every question about usage with that of one service and two models, one of them with a hostile name. */
  async function answerUsage(budgets: UsageAnswer['budgets']): Promise<void> {
    await page.route(usagePath, (route) => {
      const query = new URL(route.request().url()).searchParams;
      const byDay = query.get('group_by') === 'day';
      const counts = [used(4_000, 0.5), used(1_000, 0.000125)] as const;
      const [large, small] = counts;
      const groups: UsageAnswer['groups'] = byDay
        ? [
            { day: daysAgo(20), ...large },
            { day: daysAgo(1), ...small },
          ]
        : [
            { service_id: 'gone', model: HOSTILE, ...small },
            { service_id: 'gone', model: 'large', ...large },
          ];
      const total = { ...used(5_000, 0.500125), output_tokens: 200, model_calls: 6, estimated_calls: 2 };
      const range = { from: query.get('from') ?? '', to: query.get('to') ?? '' };
      const json: UsageAnswer = { ...range, groups, is_complete: true, total, budgets };
      return route.fulfill({ json });
    });
  }

  async function expectAccessible(name: string): Promise<void> {
    await page.screenshot({ path: join(ARTEFACTS, `workbench-usage-${name}.png`), fullPage: true });
    expect(await violations()).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  }

  test('an administrator sees a budget that a turn has spent from, and that no model was called', async () => {
    const stall = await readFile(join(import.meta.dirname, '../../examples/fruit-stall.json'), 'utf8');
    const budgets = [
      { scope: 'organization', period: 'month', turns: 10, soft_percent: 10 },
      { scope: 'visitor', period: 'day', turns: 5 },
    ];
    const file = JSON.parse(stall) as { organization: object };
    const body = JSON.stringify({ ...file, organization: { ...file.organization, budgets } });
    const headers = { 'content-type': 'application/json' };
    const published = await fetch(`${server.url}/workbench/api/publish`, { method: 'POST', headers, body });
    expect(published.status).toBe(200);
    await page.goto(`${server.url}/workbench#organization=fruit-stall`);
    await page.locator('#graph .node').first().waitFor();
    await begin();
    await say('Apples, please');
    await show();
    const budget = page.getByRole('listitem').filter({ hasText: 'The organization, each month' });
    await budget.getByText('10 turns', { exact: true }).waitFor();
    await budget.getByText('The soft percentage is passed.').waitFor();
    expect(await budget.locator('.standing .mark').count()).toBe(1);
    const visitors = page.getByRole('listitem').filter({ hasText: 'Each visitor, each day' });
    expect(await visitors.textContent()).toContain('there is no common sum');
    expect(await visitors.locator('.standing').count()).toBe(0);
    expect(await page.locator('#usage').getByText('No model was called in these days.').count()).toBe(3);
    await expectAccessible('empty');
    expect(complaints).toEqual([]);
  });

  test.each([
    ['light', { width: 1280, height: 800 }],
    ['dark', { width: 360, height: 740 }],
  ] as const)(
    'are shown by day, service and model, in a range to choose: %s, %o',
    async (colorScheme, viewport) => {
      await page.close();
      page = await newPage({ colorScheme, viewport });
      const money = {
        unit: 'usd',
        limit: 12.5,
        soft_percent: 80,
        spent: 10.5,
        held: 0.5,
        left: 1.5,
      } as const;
      const tokens = {
        unit: 'tokens',
        limit: 5_000,
        soft_percent: null,
        spent: 5_000,
        held: 0,
        left: 0,
      } as const;
      const resets_at = '2099-12-01T00:00:00.000Z';
      await answerUsage([
        { scope: 'organization', service_id: null, period: 'month', ...money, resets_at },
        { scope: 'service', service_id: 'gone', period: 'day', ...tokens, resets_at },
      ]);
      await openClinic(userIds()[0] ?? '');
      await show();
      const chart = page.getByRole('img', { name: /^Tokens by day/ });
      await chart.waitFor();
      expect(await chart.getAttribute('aria-label')).toBe(
        `Tokens by day from ${daysAgo(29)} to ${daysAgo(0)}: 5,200 on 2 of 30 days, the most on ${daysAgo(20)} with 4,100.`,
      );
      const rows = page.getByRole('region', { name: 'List of models' }).getByRole('row');
      expect(await rows.nth(1).locator('th, td').allTextContents()).toEqual([
        'large',
        '4,000',
        '2,000',
        '100',
        '3',
        '1',
        '$0.50',
      ]);
      expect(await rows.nth(2).locator('th, td').allTextContents()).toEqual([
        HOSTILE,
        '1,000',
        '500',
        '100',
        '3',
        '1',
        '$0.000125',
      ]);
      expect(await rows.last().locator('th, td').allTextContents()).toEqual([
        'Total',
        '5,000',
        '2,500',
        '200',
        '6',
        '2',
        '$0.500125',
      ]);
      const first = page.locator('.budgets li').first();
      expect(await first.locator('dd').allTextContents()).toEqual([
        '$12.50',
        '$10.50',
        '$0.50',
        '$1.50',
        '80 % ($10.00)',
        '2099-12-01 00:00 UTC',
      ]);
      await page.getByText('Spent: it refuses turns until the period ends.').waitFor();
      await expectAccessible(`${colorScheme}-${viewport.width}`);
      await page.getByLabel('Range').selectOption('90 days');
      await page.getByRole('img', { name: new RegExp(`from ${daysAgo(89)}.* of 90 days`) }).waitFor();
      expect(await page.title()).toBe('Workbench');
      expect(complaints).toEqual([]);
    },
  );

  test('are refused in words: without the permission, and while the budget does not answer', async () => {
    await openClinic(userIds()[1] ?? '');
    await show();
    await page
      .getByText('This requires the permission Organization:GetUsage. (permission_missing)')
      .waitFor();
    const detail = 'The service is not available at this time.';
    const problem = { status: 503, json: { detail, code: 'dependency_failed' } };
    await page.route(usagePath, (route) => route.fulfill({ ...problem, headers: { 'retry-after': '5' } }));
    await page.getByLabel('Range').selectOption('7 days');
    await page.getByText(`${detail} (dependency_failed) Wait 5 s.`).waitFor();
    expect(await page.locator('#usage table, #usage svg').count()).toBe(0);
    expect(complaints.filter((text) => !/40[34]|503/.test(text))).toEqual([]);
  });
});

describe('in production', () => {
  const answerSettings = (status: number, body: object) =>
    page.route('**/workbench/api/settings', (route) => route.fulfill({ status, json: body }));

  test('the page says how it is switched on', async () => {
    await answerSettings(404, { code: 'path_not_found' });
    await page.goto(`${server.url}/workbench`);
    await page.getByRole('heading', { name: 'The workbench is switched off' }).waitFor();
    expect(await page.locator('#bench').isHidden()).toBe(true);
    expect(await violations()).toEqual([]);
  });

  test('an administrator signs in by key, sees the conversations of all users, and leaves no key in the browser', async () => {
    const [administrator] = identities();
    await answerSettings(200, { development: false });
    await page.goto(`${server.url}/workbench`);
    const field = (name: string, value: string) => page.locator(`[name="${name}"]`).fill(value);
    await field('organization', administrator?.organization ?? '');
    await field('user', administrator?.user_id ?? '');
    await field('key-id', administrator?.api_key_id ?? '');
    await field('key', 'wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('(credentials_invalid)').waitFor();
    expect(await violations()).toEqual([]);
    await field('key', administrator?.api_key ?? '');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('#graph .node').first().waitFor();
    await idle();
    const listed = await page.locator('#conversations option').allTextContents();
    expect(listed.some((text) => text.includes(userIds()[1] ?? ''))).toBe(true);
    // Another user's conversation is looked at, not spoken in.
    const theirs = listed.findIndex((text) => text.includes(userIds()[1] ?? ''));
    await page.locator('#conversations').selectOption({ index: theirs });
    await page.getByText('Only its own user can speak here').waitFor();
    const stored = await page.evaluate(() => localStorage.length + sessionStorage.length);
    expect([stored, await page.evaluate(() => document.cookie)]).toEqual([0, '']);
    expect(page.url()).not.toContain(administrator?.api_key ?? '');
  });
});
