/** Resuming the events of a turn by a cursor: while it runs, afterwards, and after the object was started anew. */
import { abortAllDurableObjects, runInDurableObject } from 'cloudflare:test';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import {
  Client,
  conversationObject,
  newUser,
  parseLines,
  publishTestOrganization,
} from '../../support/client.ts';
import { evict } from '../../support/eviction.ts';
import { Ledger } from '../../support/ledger.ts';
import { ADMIN, NOBODY } from '../../support/organization.ts';
import { openGate } from '../../support/scripted-reasoner.ts';
import { recordingOf } from '../../support/scripted-speech.ts';
import { cursorOf, interactionOf, linesOf, PartialStream, streamOf, turnOf } from '../../support/streams.ts';

beforeAll(publishTestOrganization);

async function textOf(client: Client, path: string): Promise<string> {
  const response = await client.request(path);
  expect(response.status).toBe(200);
  return response.text();
}

const FILTERS = ['^.*$', '^$', '^engage-user', 'state', '^navigate'];

/** The words that the agent is made to say, as the scripted reasoner takes it. */
const script = fc.record({
  say: fc.string({
    unit: fc.constantFrom('a', 'ä', '🙂', ' ', '.', '\u2028', '"'),
    minLength: 1,
    maxLength: 30,
  }),
  long: fc.integer({ min: 0, max: 12 }),
  filter: fc.constantFrom(...FILTERS),
});

describe('the events of an interaction', () => {
  it('are told again byte for byte, from any cut, through eviction and restart', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    await fc.assert(
      fc.asyncProperty(
        script,
        fc.nat(),
        fc.constantFrom('same', 'evicted', 'restarted'),
        async (turn, cut, then) => {
          const query = `&current_agent_action_type=${encodeURIComponent(turn.filter)}`;
          const first = await user.interact(
            id,
            `[say ${turn.say}] [long ${turn.long}] what?`,
            'user-message',
            query,
          );
          const interaction = interactionOf(first);
          const whole = linesOf(await first.text());
          const at = cut % whole.length;
          const after = at === 0 ? '' : `&after=${cursorOf(whole[at - 1] ?? '')}`;
          if (then === 'evicted') await evict(conversationObject(id));
          if (then === 'restarted') await abortAllDurableObjects();
          const path = streamOf(id, interaction, `?${query.slice(1)}${after}`);
          const rest = linesOf(await textOf(user, path));
          expect([...whole.slice(0, at), ...rest].join('')).toBe(whole.join(''));
        },
      ),
      { numRuns: 12 },
    );
  });

  it('are told to five readers with five filters while the turn runs, each from its own cut', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const response = await user.interact(id, '[wait readers] [long 20] pears');
    const interaction = interactionOf(response);
    const first = new PartialStream(response);
    await first.until('new-message');
    const past = first.events.length;
    const readers = await Promise.all(
      FILTERS.map(async (filter, index) => {
        const query = `?after=${index}&current_agent_action_type=${encodeURIComponent(filter)}`;
        const answer = await user.request(streamOf(id, interaction, query));
        expect(Number(answer.headers.get('x-replayed-to'))).toBeGreaterThanOrEqual(past);
        return { index, filter, text: answer.text() };
      }),
    );
    openGate('readers');
    await first.until(null);
    const all = linesOf(first.text);
    expect(all.map(cursorOf)).toEqual(all.map((_, index) => index + 1));
    for (const { index, filter, text } of readers) {
      const wanted = all.filter((line) => {
        const event = JSON.parse(line) as { type: string; cursor: number; action?: { type: string } };
        return (
          event.cursor > index && (event.action === undefined || new RegExp(filter).test(event.action.type))
        );
      });
      expect(linesOf(await text).join('')).toBe(wanted.join(''));
    }
  });

  it('go on for a second reader when the first one has left', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const response = await user.interact(id, '[wait left] pears');
    const first = new PartialStream(response);
    await first.until('new-message');
    const second = user.request(streamOf(id, interactionOf(response), '?after=2'));
    const { body } = await second;
    await first.leave();
    openGate('left');
    const rest = parseLines(await new Response(body).text());
    expect(rest[0]?.cursor).toBe(3);
    expect(rest.at(-1)?.type).toBe('interaction-complete');
  });

  it('are those of a create from its first event on, and end at once with live=false', async () => {
    const user = await newUser();
    const created = await user.create({ initial_message: '[wait created] pears' });
    const interaction = interactionOf(created);
    const stream = new PartialStream(created);
    await stream.until('new-message');
    const id = String(stream.events[0]?.conversation_id);
    expect(stream.events[0]).toMatchObject({
      type: 'conversation-created',
      cursor: 0,
      interaction_id: interaction,
    });
    const past = await textOf(user, streamOf(id, interaction, '?live=false'));
    expect(past).toBe(stream.text);
    openGate('created');
    await stream.until(null);
    expect(await textOf(user, streamOf(id, interaction))).toBe(stream.text);
    expect(await textOf(user, streamOf(id, interaction, '?after=99999'))).toBe('');
  });

  it('are server-sent events where they are accepted, resumed by Last-Event-ID', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const response = await user.interact(id, 'pears');
    const interaction = interactionOf(response);
    const whole = linesOf(await response.text());
    const answer = await user.request(streamOf(id, interaction), {
      headers: { accept: 'text/event-stream', 'last-event-id': '2' },
    });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    const wanted = whole.slice(2).map((line) => `id: ${cursorOf(line)}\ndata: ${line.trimEnd()}\n\n`);
    expect(await answer.text()).toBe(wanted.join(''));
  });

  it('cost no timer each time that the agent waits', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const counts: number[] = [];
    // The reasoner waits at each fiftieth piece.
    for (const pieces of [1, 40, 240]) {
      const before = timers.mock.calls.length;
      await user.say(id, `[long ${pieces}] what?`);
      counts.push(timers.mock.calls.length - before);
    }
    timers.mockRestore();
    expect(counts[2]).toBe(counts[1]);
  });

  it('are read with three rows, however long the conversation is', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const response = await user.interact(id, 'what?');
    const interaction = interactionOf(response);
    await response.text();
    await turnOf(user, id);
    await runInDurableObject(conversationObject(id), (_instance, { storage: { sql } }) => {
      sql.exec(
        `WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
         INSERT INTO interactions (sequence, id, first_message, last_message, started_at, log, actions)
         SELECT i, printf('%024x', i), 2 * i, 2 * i + 1, 0, '{}', '[]' FROM n`,
      );
    });
    await evict(conversationObject(id));
    await turnOf(user, id);
    const ledger = new Ledger();
    await ledger.watch(conversationObject(id));
    await textOf(user, streamOf(id, interaction));
    expect(await ledger.take()).toMatchObject({ read: 3, written: 0 });
  });
});

describe('the events of a spoken interaction', () => {
  it('are told again byte for byte with their sound, from any cut, through eviction', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const response = await user.interactVoice(id, recordingOf('[say One. Two 🙂 three. ] what?'), 'voice');
    const interaction = interactionOf(response);
    const whole = linesOf(await response.text());
    await evict(conversationObject(id));
    for (let cut = 0; cut < whole.length; cut += 3) {
      const after = cut === 0 ? '' : `?after=${cursorOf(whole[cut - 1] ?? '')}`;
      const rest = linesOf(await textOf(user, streamOf(id, interaction, after)));
      expect([...whole.slice(0, cut), ...rest].join('')).toBe(whole.join(''));
    }
  });

  it('are told to a second reader while the agent speaks', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const response = await user.interactVoice(
      id,
      recordingOf('[say One. Two. ] [wait sounds] what?'),
      'voice',
    );
    const first = new PartialStream(response);
    await first.until('new-message');
    const second = await user.request(streamOf(id, interactionOf(response)));
    openGate('sounds');
    expect(linesOf(await second.text()).join('')).toBe(linesOf(await first.until(null)).join(''));
  });
});

describe('an interaction that came to nothing', () => {
  it('is void after a crash, and the turn says that none is running', async () => {
    const user = await newUser();
    const { id, interactionId } = await user.begin();
    const response = await user.interact(id, '[wait crash] pears');
    const stream = new PartialStream(response);
    await stream.until('new-message');
    await abortAllDurableObjects();
    await stream.leave();
    const answer = await user.request(streamOf(id, interactionOf(response)));
    expect([answer.status, (await answer.json<{ code: string }>()).code]).toEqual([404, 'interaction_void']);
    expect(await turnOf(user, id)).toMatchObject({
      is_running: false,
      interaction_id: null,
      last_interaction_id: interactionId,
      last_outcome: null,
    });
  });

  it('is void after a failure, also when a later turn took its number, and the turn names its failure', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const failed = await user.interact(id, '[fail] pears');
    await failed.text();
    const interaction = interactionOf(failed);
    expect((await turnOf(user, id)).last_outcome).toEqual({
      interaction_id: interaction,
      code: 'turn_failed',
    });
    await user.say(id, 'pears');
    expect((await turnOf(user, id)).last_outcome).toBeNull();
    const answer = await user.request(streamOf(id, interaction));
    expect((await answer.json<{ code: string }>()).code).toBe('interaction_void');
  });

  it('is not found when its number was never reached', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    for (const unknown of [`${'0'.repeat(16)}00000009`, '0'.repeat(24), 'f'.repeat(24)]) {
      const answer = await user.request(streamOf(id, unknown));
      expect([answer.status, (await answer.json<{ code: string }>()).code]).toEqual([
        404,
        'interaction_not_found',
      ]);
    }
  });
});

describe('the turn of a conversation', () => {
  it('is told while it runs, with the path of its events, and names them in a refusal', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const response = await user.interact(id, '[wait told] pears');
    const stream = new PartialStream(response);
    await stream.until('new-message');
    const turn = await turnOf(user, id);
    expect(turn).toMatchObject({
      is_running: true,
      interaction_id: interactionOf(response),
      is_finished: false,
    });
    expect(turn.stream).toBe(response.headers.get('content-location'));
    expect(turn.cursor).toBeGreaterThanOrEqual(stream.events.length);
    const refused = await (await user.interact(id, 'and?')).json<Record<string, unknown>>();
    expect(refused).toMatchObject({ code: 'operation_in_progress', stream: turn.stream });
    openGate('told');
    await stream.until(null);
    expect((await turnOf(user, id)).is_running).toBe(false);
  });

  it('is hidden from other users, and its events from users who may not read them', async () => {
    const user = await newUser();
    const { id, interactionId } = await user.begin();
    const other = await newUser();
    for (const client of [other, new Client(NOBODY)]) {
      expect((await client.request(`/conversation/${id}/turn`)).status).toBe(404);
      expect((await client.request(streamOf(id, interactionId))).status).toBe(404);
    }
    expect((await new Client(ADMIN).request(streamOf(id, interactionId))).status).toBe(200);
  });
});
