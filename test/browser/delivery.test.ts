/** The chat behind a network that delivers its requests twice, late, without their answers, or never. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Server } from '../http/server.ts';
import { ChatPage, patientPage, Visitor } from './chat.ts';
import { launchChromium } from './chromium.ts';
import { Courier, type Delivery } from './courier.ts';

const QUESTION = 'I would like to book an appointment';

let server: Server;
let browser: Browser;
let visitor: Visitor;
let courier: Courier;
let chat: ChatPage;

beforeAll(async () => {
  [server, browser] = await Promise.all([Server.start('--var', 'RATE_LIMITS:off'), launchChromium()]);
  visitor = await Visitor.of(server);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

beforeEach(async () => {
  await visitor.finishAll();
  courier = await Courier.to(server.url);
});

afterEach(async () => {
  await chat.close();
  await courier.stop();
});

const IS_INTERACT = /\/interact\?/;
const IS_CREATE = /\/conversation\/\?.*on_unfinished/;

/** Lets the first request that fits be delivered in this way, and the others once. */
function deliverFirst(pattern: RegExp, delivery: Delivery): void {
  let isFirst = true;
  courier.choose = ({ method, url }) => {
    if (method !== 'POST' || !pattern.test(url) || !isFirst) return 'once';
    isFirst = false;
    return delivery;
  };
}

const DELIVERIES = ['twice', 'late', 'lost', 'never'] as const;

describe.each(DELIVERIES)('a message that is delivered %s', (delivery) => {
  it('is said once and answered once', async () => {
    chat = await ChatPage.open(browser, patientPage(courier.url));
    await chat.answered(1);
    deliverFirst(IS_INTERACT, delivery);
    await chat.send(QUESTION);
    await chat.answered(2);
    const late = await courier.deliverLate();
    expect(late).toEqual(delivery === 'late' ? [200] : []);
    expect(await chat.said('user')).toEqual([QUESTION]);
    expect(await visitor.count(QUESTION)).toBe(1);
    expect(await visitor.messages()).toHaveLength(3);
    const sent = courier.arrived.filter((request) => request.endsWith('/interact'));
    expect(sent).toHaveLength(delivery === 'never' ? 1 : 2);
    await chat.send('Where can I park?');
    await chat.answered(3);
    expect(await visitor.messages()).toHaveLength(5);
  });
});

describe.each(DELIVERIES)('the beginning of a conversation that is delivered %s', (delivery) => {
  it('begins one conversation, in which the agent speaks once', async () => {
    deliverFirst(IS_CREATE, delivery);
    chat = await ChatPage.open(browser, patientPage(courier.url));
    await chat.answered(1);
    await courier.deliverLate();
    expect(await visitor.messages()).toHaveLength(1);
    await chat.page.reload();
    await chat.answered(1);
    await chat.send(QUESTION);
    await chat.answered(2);
    expect(await visitor.messages()).toHaveLength(3);
  });
});
