/** A visitor who really speaks, to engines that really listen and speak. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Server } from '../http/server.ts';
import { needSpeechEngines, SpeechServer, UNDERSTOOD } from '../http/speech-server.ts';
import { ChatPage, patientPage, Visitor } from './chat.ts';
import { launchChromium } from './chromium.ts';

/** The words that must arrive: the microphone may begin in the middle of the sentence, and plays it again and again. */
const WORDS = ['cancel', 'order'];

let folder: string;
let speech: SpeechServer;
let server: Server;
let browser: Browser;

if (needSpeechEngines()) {
  beforeAll(async () => {
    speech = await SpeechServer.start();
    server = await Server.startWithSpeech(speech.environment, '--var', 'RATE_LIMITS:off');
    folder = await mkdtemp(join(tmpdir(), 'microphone-'));
    const file = join(folder, 'spoken.wav');
    const body = { model: 'tts-1', input: UNDERSTOOD, voice: 'slt', response_format: 'wav' };
    await writeFile(file, Buffer.from(await (await speech.speak(body)).arrayBuffer()));
    browser = await launchChromium(
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-audio-capture=${file}`,
    );
  });

  afterAll(async () => {
    await browser.close();
    await server.stop();
    await speech.stop();
    await rm(folder, { recursive: true, force: true });
  });
}

it('a spoken message is understood, and answered in speech', async () => {
  const visitor = await Visitor.of(server);
  await visitor.finishAll();
  const chat = await ChatPage.open(browser, patientPage(server.url));
  await chat.answered(1);
  const button = chat.page.getByRole('button', { name: 'Talk' });
  await button.focus();
  await chat.page.keyboard.press('Enter');
  await chat.page.getByText('Listening').waitFor();
  // Long enough for the whole sentence, wherever it begins.
  await chat.page.waitForTimeout(5_000);
  await chat.page.keyboard.press('Enter');
  await chat.answered(2);
  const [said = ''] = await chat.said('user');
  for (const word of WORDS) expect(said.toLowerCase()).toContain(word);
  const stored = (await visitor.messages()) as { format?: string; message_type?: string }[];
  expect(stored.filter(({ format }) => format === 'voice')).toHaveLength(2);
  await chat.close();
});
