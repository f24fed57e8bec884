/** Turns that are run again after their process died. */
import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  conversationObject,
  newUser,
  parseLines,
  publishTestOrganization,
  type Client,
} from '../../support/client.ts';
import { Ledger } from '../../support/ledger.ts';
import { openGate } from '../../support/scripted-reasoner.ts';
import { interactionOf, PartialStream, streamOf, turnOf } from '../../support/streams.ts';

beforeAll(publishTestOrganization);

function sayWith(client: Client, key: string, id: string, text: string): Promise<Response> {
  const form = new FormData();
  form.set('initial_message_type', 'user-message');
  form.set('recorded_message', text);
  const path = `/conversation/${id}/interact?request_format=text&response_format=text`;
  return client.request(path, { method: 'POST', body: form, headers: { 'idempotency-key': key } });
}

async function sent(client: Client, id: string): Promise<string[]> {
  const { messages } = await client.get<{
    messages: { id: string; message: string; message_type: string }[];
  }>(`/conversation/${id}/messages/?sort_by=%2Bcreated_at`);
  return messages.filter(({ message_type }) => message_type === 'user-message').map(({ message }) => message);
}

/** Begins a turn that waits behind its first piece, and ends its process there. */
async function died(client: Client, key: string, id: string, gate: string) {
  const response = await sayWith(client, key, id, `[wait ${gate}] what?`);
  const stream = new PartialStream(response);
  await stream.until('new-message');
  await abortAllDurableObjects();
  await stream.leave();
  return { interaction: interactionOf(response), opening: stream.events[0] };
}

describe('a turn whose request has a key', () => {
  it('is run again by the alarm, under the same identifiers, and says in each event that it is', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const { interaction, opening } = await died(user, 'alarm', id, 'recover1');
    openGate('recover1');
    expect(await runDurableObjectAlarm(conversationObject(id))).toBe(true);
    const events = parseLines(await (await user.request(streamOf(id, interaction))).text());
    expect(events[0]).toEqual({ ...opening, attempt: 2 });
    expect(events.map(({ attempt }) => attempt)).toEqual(events.map(() => 2));
    expect(events.at(-1)).toMatchObject({ type: 'interaction-complete', interaction_id: interaction });
    expect(await sent(user, id)).toEqual(['[wait recover1] what?']);
  });

  it('is run again by the same request, which joins it, however often its process died', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const { interaction } = await died(user, 'resend', id, 'recover2');
    const second = await died(user, 'resend', id, 'recover2');
    expect(second.interaction).toBe(interaction);
    openGate('recover2');
    const again = await sayWith(user, 'resend', id, '[wait recover2] what?');
    expect(interactionOf(again)).toBe(interaction);
    const events = parseLines(await again.text());
    expect(events.at(-1)).toMatchObject({
      type: 'interaction-complete',
      interaction_id: interaction,
      attempt: 3,
    });
    expect(await sent(user, id)).toEqual(['[wait recover2] what?']);
    const replayed = await sayWith(user, 'resend', id, '[wait recover2] what?');
    expect(replayed.headers.get('idempotent-replayed')).toBe('true');
    expect(parseLines(await replayed.text())).toEqual(events);
  });

  it('is met as running by every other request', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const { interaction } = await died(user, 'met', id, 'recover3');
    expect(await turnOf(user, id)).toMatchObject({ is_running: true, interaction_id: interaction });
    expect((await user.interact(id, 'and?')).status).toBe(409);
    openGate('recover3');
    await (await user.request(streamOf(id, interaction))).text();
    expect((await user.say(id, 'what?')).at(-1)?.type).toBe('interaction-complete');
  });

  it('is given up after its process died three times', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const { interaction } = await died(user, 'three', id, 'recover4');
    await died(user, 'three', id, 'recover4');
    await died(user, 'three', id, 'recover4');
    expect((await turnOf(user, id)).is_running).toBe(false);
    const answer = await user.request(streamOf(id, interaction));
    expect((await answer.json<{ code: string }>()).code).toBe('interaction_void');
    openGate('recover4');
    expect((await user.say(id, 'what?')).at(-1)?.type).toBe('interaction-complete');
  });

  it('is not run again when it failed by itself', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    expect(parseLines(await (await sayWith(user, 'failed', id, '[fail] what?')).text()).at(-1)?.type).toBe(
      'error',
    );
    await abortAllDurableObjects();
    expect((await turnOf(user, id)).is_running).toBe(false);
  });

  it('writes one row more', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    await (await sayWith(user, 'first', id, 'what?')).text();
    const ledger = new Ledger();
    await ledger.watch(conversationObject(id));
    await user.say(id, 'how?');
    const plain = await ledger.take();
    await (await sayWith(user, 'second', id, 'why?')).text();
    const keyed = await ledger.take();
    expect(keyed.written + keyed.alarms).toBe(plain.written + plain.alarms + 1);
  });
});

describe('a turn without a key', () => {
  it('is not run again, unless its service says so', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const plain = new PartialStream(await user.interact(id, '[wait recover5] what?'));
    await plain.until('new-message');
    await abortAllDurableObjects();
    await plain.leave();
    expect((await turnOf(user, id)).is_running).toBe(false);
    await runInDurableObject(conversationObject(id), (_instance, { storage: { sql } }) => {
      const { identity } = sql.exec<{ identity: string }>('SELECT identity FROM conversation').one();
      sql.exec(
        'UPDATE conversation SET identity = ?',
        JSON.stringify({ ...JSON.parse(identity), recover: true }),
      );
    });
    await abortAllDurableObjects();
    const kept = new PartialStream(await user.interact(id, '[wait recover5] what?'));
    await kept.until('new-message');
    await abortAllDurableObjects();
    await kept.leave();
    expect((await turnOf(user, id)).is_running).toBe(true);
    openGate('recover5');
  });
});
