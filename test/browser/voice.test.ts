/** Talking to the agent: a browser with a microphone that beeps, and answers that are written here. */
import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { wavOf } from '../../src/speech/wav.ts';
import { Server } from '../http/server.ts';
import { ChatPage, ndjson, patientPage, Visitor } from './chat.ts';
import { launchChromium } from './chromium.ts';

const RATE = 16_000;
const SPOKEN = 'First sentence. Second sentence, a little longer.';
const MS_PER_CHARACTER = 40;
const IDS = { message_id: 'b'.repeat(24), interaction_id: 'c'.repeat(24) };
/** Time that a recording needs before there is sound to send. */
const TALKING_MS = 900;

let server: Server;
let browser: Browser;
let visitor: Visitor;
let chat: ChatPage;

beforeAll(async () => {
  [server, browser] = await Promise.all([
    Server.start('--var', 'RATE_LIMITS:off'),
    launchChromium('--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'),
  ]);
  visitor = await Visitor.of(server);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

beforeEach(async () => {
  await visitor.finishAll();
  chat = await ChatPage.open(browser, 'about:blank');
});

afterEach(() => chat.close());

/** The demo page where voice is configured. */
async function openWithVoice(page: Page): Promise<void> {
  await page.route('**/demo/session', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), voice: true } });
  });
  await page.goto(patientPage(server.url));
  await chat.answered(1);
}

function tone(milliseconds: number): Int16Array<ArrayBuffer> {
  const length = Math.round((RATE * milliseconds) / 1_000);
  return Int16Array.from({ length }, (_value, index) => Math.round(8_000 * Math.sin(index / 12)));
}

function pcm(milliseconds: number): string {
  return Buffer.from(tone(milliseconds).buffer).toString('base64');
}

function wav(milliseconds: number): Buffer {
  return Buffer.from(wavOf(tone(milliseconds)));
}

/** An answer as the API speaks it: a filler, two pieces of a second or less, and an empty last one. */
function spokenAnswer(text = SPOKEN): ReturnType<typeof ndjson> {
  const characters = Array.from(text).map((character, index): [number, string] => [
    index * MS_PER_CHARACTER,
    character,
  ]);
  const length = characters.length * MS_PER_CHARACTER;
  const piece = (message: string, alignment: [number, string][], sequence_number: number, stop: boolean) => ({
    ...{ type: 'new-message', message, transcript_alignment: alignment, stop, sequence_number },
    message_id: IDS.message_id,
  });
  const half = length / 2;
  return ndjson(
    { type: 'user-message-available', message_id: 'a'.repeat(24), user_message: 'a check-up please' },
    {
      type: 'current-agent-action',
      action: {
        type: 'action-too-long',
        filler: wav(100).toString('base64'),
        previously_started_event: null,
      },
    },
    piece(
      pcm(half),
      characters.filter(([at]) => at < half),
      1,
      false,
    ),
    piece(
      pcm(half),
      characters.filter(([at]) => at >= half),
      2,
      false,
    ),
    piece('', [], 3, true),
    { type: 'interaction-complete', ...IDS, full_message: text, conversation_completed: false },
  );
}

function talkButton(page: Page) {
  return page.getByRole('button', { name: 'Talk' });
}

async function talk(page: Page): Promise<void> {
  await talkButton(page).focus();
  await page.keyboard.press('Enter');
  await page.getByText('Listening').waitFor();
  await page.waitForTimeout(TALKING_MS);
  await page.keyboard.press('Enter');
}

/** The WAV file inside a form. */
function recordingOf(body: Buffer): Buffer {
  return body.subarray(body.indexOf('RIFF'));
}

describe('push to talk', () => {
  it('is not offered without voice', async () => {
    await chat.page.goto(patientPage(server.url));
    await chat.answered(1);
    expect(await talkButton(chat.page).isVisible()).toBe(false);
  });

  it('sends the recording as 16 kHz mono WAV, and shows the transcript', async () => {
    const { page } = chat;
    await openWithVoice(page);
    const requests: { url: URL; body: Buffer }[] = [];
    await page.route('**/interact?*', async (route: Route) => {
      requests.push({
        url: new URL(route.request().url()),
        body: route.request().postDataBuffer() ?? Buffer.alloc(0),
      });
      await route.fulfill(spokenAnswer('Fine.'));
    });
    await talk(page);
    await chat.answered(2);
    expect(requests).toHaveLength(1);
    const [{ url, body } = { url: new URL(server.url), body: Buffer.alloc(0) }] = requests;
    expect(Object.fromEntries(url.searchParams)).toEqual({
      if_busy: 'queue',
      request_format: 'voice',
      response_format: 'voice',
      request_audio_config: '{"type":"pcm","frame_rate":16000,"n_channels":1,"sample_width":2}',
    });
    const file = recordingOf(body);
    expect([file.readUInt16LE(22), file.readUInt32LE(24), file.readUInt16LE(34)]).toEqual([1, RATE, 16]);
    const samples = file.readUInt32LE(40) / 2;
    expect(samples / RATE).toBeGreaterThan((TALKING_MS / 1_000) * 0.6);
    const loudest = Math.max(
      ...Array.from({ length: samples }, (_, index) => Math.abs(file.readInt16LE(44 + index * 2))),
    );
    expect(loudest).toBeGreaterThan(1_000);
    expect(await chat.said('user')).toEqual(['a check-up please']);
  });

  it('records while the button is held, and drops the recording after Escape', async () => {
    const { page } = chat;
    await openWithVoice(page);
    await page.route('**/interact?*', (route) => route.fulfill(spokenAnswer('Fine.')));
    await talkButton(page).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Listening').waitFor();
    await chat.screenshot('desk-voice');
    await page.keyboard.press('Escape');
    expect(await talkButton(page).getAttribute('aria-pressed')).toBe('false');
    await talkButton(page).hover();
    await page.mouse.down();
    await page.getByText('Listening').waitFor();
    await page.waitForTimeout(TALKING_MS);
    await page.mouse.up();
    await chat.answered(2);
    expect(await chat.said('user')).toHaveLength(1);
  });

  it('shows the words of the answer as they are spoken, and stops on request', async () => {
    const { page } = chat;
    await openWithVoice(page);
    await page.route('**/interact?*', (route) => route.fulfill(spokenAnswer()));
    await talk(page);
    const draft = page.locator('amigo-chat .draft .text');
    await expect.poll(() => draft.textContent(), { interval: 30, timeout: 10_000 }).toMatch(/^First/);
    const early = (await draft.textContent()) ?? '';
    expect(early.length).toBeLessThan(SPOKEN.length);
    await expect
      .poll(async () => ((await draft.textContent()) ?? '').length, { interval: 30 })
      .toBeGreaterThan(early.length);
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await chat.answered(2);
    expect((await chat.said('agent'))[1]).toBe(SPOKEN);
  });

  it('shows whole sentences to users who prefer reduced motion', async () => {
    const { page } = chat;
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await openWithVoice(page);
    await page.route('**/interact?*', (route) => route.fulfill(spokenAnswer()));
    await talk(page);
    const draft = page.locator('amigo-chat .draft .text');
    await expect
      .poll(() => draft.textContent(), { interval: 30, timeout: 10_000 })
      .toMatch(/^First sentence\.\s*$/);
    await chat.answered(2);
  });

  it('interrupts an agent that speaks', async () => {
    const { page } = chat;
    await openWithVoice(page);
    await page.route('**/interact?*', (route) => route.fulfill(spokenAnswer(SPOKEN.repeat(5))));
    await talk(page);
    const draft = page.locator('amigo-chat .draft .text');
    await expect.poll(() => draft.textContent(), { interval: 30, timeout: 10_000 }).toMatch(/^First/);
    await talkButton(page).focus();
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await chat.said('agent')).length).toBe(2);
    await page.keyboard.press('Escape');
    await chat.ready();
  });
});

describe('an obstacle to speaking', () => {
  it.each(['voice_not_configured', 'agent_without_voice', 'language_without_voice'])(
    'is shown as a notice: %s',
    async (code) => {
      const { page } = chat;
      await openWithVoice(page);
      await page.route('**/interact?*', (route) =>
        route.fulfill({
          status: 400,
          headers: { 'content-type': 'application/problem+json' },
          body: JSON.stringify({ code, detail: 'No voice.', status: 400 }),
        }),
      );
      await talk(page);
      await chat.alert.getByText('This agent cannot talk').waitFor();
      expect(await talkButton(page).isVisible()).toBe(false);
      expect(
        await chat.field.evaluate((field) => (field.getRootNode() as ShadowRoot).activeElement === field),
      ).toBe(true);
      expect(await chat.said('user')).toEqual([]);
      await chat.ready();
    },
  );

  it('is shown as a notice: a refused microphone', async () => {
    const { page } = chat;
    await page.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    });
    await openWithVoice(page);
    await talkButton(page).click();
    await chat.alert.getByText('The microphone cannot be used').waitFor();
    expect(await talkButton(page).getAttribute('aria-pressed')).toBe('false');
  });
});

describe('a voice message from before', () => {
  it('can be heard again, and stopped', async () => {
    const { page } = chat;
    await page.route('**/messages/?*', async (route) => {
      const answer = await route.fetch();
      const { messages, ...rest } = (await answer.json()) as { messages: object[] };
      const spoken = messages.map((message) => ({ ...message, format: 'voice' }));
      await route.fulfill({ response: answer, json: { ...rest, messages: spoken } });
    });
    await page.route('**/source', (route) =>
      route.fulfill({
        json: { url: `${server.url}/v1/recording.wav`, expires_at: '', content_type: 'audio/wav' },
      }),
    );
    await page.route('**/recording.wav', (route) =>
      route.fulfill({ contentType: 'audio/wav', body: wav(1_500) }),
    );
    await openWithVoice(page);
    await page.reload();
    const transcript = page.getByRole('region', { name: 'Conversation' });
    await transcript.getByRole('button', { name: 'Play' }).click();
    const stop = transcript.getByRole('button', { name: 'Stop' });
    await stop.click();
    await transcript.getByRole('button', { name: 'Play' }).click();
    await stop.waitFor();
    // To its end.
    await transcript.getByRole('button', { name: 'Play' }).waitFor();
  });
});
