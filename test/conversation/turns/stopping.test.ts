/** Stops of a running turn, and cuts of a stored one, through the whole API. */
import { beforeAll, describe, expect, it } from 'vitest';
import { runDurableObjectAlarm } from 'cloudflare:test';
import { PERMISSIONS } from '../../../src/access/permissions.ts';
import { requestTurn, type Question } from '../../../src/api/conversations/conversation-calls.ts';
import { directoryOfUser } from '../../../src/directory/client.ts';
import { Directory } from '../../../src/directory/directory.ts';
import {
  Client,
  conversationObject,
  newUser,
  parseLines,
  publishTestOrganization,
  testEnv,
} from '../../support/client.ts';
import { evict } from '../../support/eviction.ts';
import { failing } from '../../support/faults.ts';
import { Ledger } from '../../support/ledger.ts';
import { ADMIN, ORGANIZATION } from '../../support/organization.ts';
import { openGate } from '../../support/scripted-reasoner.ts';
import { recordingOf, SAMPLES_PER_CHARACTER } from '../../support/scripted-speech.ts';
import { interactionOf, PartialStream, streamOf } from '../../support/streams.ts';

beforeAll(publishTestOrganization);

interface Stopped {
  message_id: string | null;
  full_message: string | null;
  stopped: boolean;
}
interface Shown {
  id: string;
  message: string;
  message_type: string;
  stopped?: boolean;
}

function stop(client: Client, id: string, interaction: string, body: unknown = {}): Promise<Response> {
  return client.post(`/conversation/${id}/interaction/${interaction}/stop`, body);
}

async function lastMessage(client: Client, id: string): Promise<Shown | undefined> {
  const { messages } = await client.get<{ messages: Shown[] }>(`/conversation/${id}/messages/?limit=1`);
  return messages[0];
}

/** The newest message of the user's newest conversation, as the list shows it. */
async function finalMessage(client: Client): Promise<string | undefined> {
  interface Answer {
    conversations: { final_message: string }[];
  }
  return (await client.get<Answer>('/conversation/')).conversations[0]?.final_message;
}

/** A question that the edge would ask, for a user who may do everything. */
function questionOf(client: Client, conversationId: string): Question {
  const grants = PERMISSIONS.map((permission_name) => ({ permission_name, conditions: {} }));
  const caller = { request_id: 'r', organization: ORGANIZATION, user_id: client.userId, grants };
  return { env: testEnv, caller, conversationId };
}

/** A turn without the edge, which takes most of the time of a short one. */
async function directTurn(question: Question, text: string): Promise<Response> {
  const { caller } = question;
  const { body, headers } = await requestTurn(question, {
    kind: 'interact',
    caller,
    sender: { user_id: caller.user_id, name: 'Una' },
    action_filter: '^$',
    response_format: 'text',
    message: { type: 'user-message', text },
    external_events: [],
    refusal: null,
    key: null,
  });
  return new Response(body, headers === undefined ? {} : { headers });
}

let gate = 0;

/** Begins a turn whose answer waits after its first piece. */
async function speaking(client: Client, id: string, said = '') {
  gate += 1;
  const name = `stopping${gate}`;
  const response = await client.interact(id, `[say ${said}] [wait ${name}] [long 3] what?`);
  const stream = new PartialStream(response);
  await stream.until(said);
  return { stream, interaction: interactionOf(response), open: () => openGate(name) };
}

describe('a stop of an answer', () => {
  it('keeps what was said, ends the stream with it, and leaves the conversation free', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const { stream, interaction, open } = await speaking(user, id, 'One two three.');
    const answer = await (await stop(user, id, interaction)).json<Stopped>();
    await stream.until(null);
    const said = stream.events
      .filter(({ type }) => type === 'new-message')
      .map(({ message }) => String(message));
    expect(answer).toMatchObject({ full_message: said.join(''), stopped: true });
    expect(stream.events.filter(({ type }) => type === 'new-message').at(-1)).toMatchObject({
      message: '',
      stop: true,
    });
    expect(stream.events.at(-1)).toMatchObject({
      type: 'interaction-complete',
      full_message: said.join(''),
      stopped: true,
      conversation_completed: false,
    });
    expect(await lastMessage(user, id)).toMatchObject({
      id: answer.message_id,
      message: said.join(''),
      stopped: true,
    });
    open();
    await evict(conversationObject(id));
    const again = await user.request(streamOf(id, interaction));
    expect(await again.text()).toBe(stream.text);
    expect((await user.say(id, 'what?')).at(-1)?.type).toBe('interaction-complete');
  });

  it('cuts the answer to what was heard of it', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const { interaction } = await speaking(user, id, 'One 🙂 two three.');
    const answer = await (await stop(user, id, interaction, { heard: { characters: 5 } })).json<Stopped>();
    expect(Array.from(answer.full_message ?? '')).toHaveLength(5);
    expect((await lastMessage(user, id))?.message).toBe(answer.full_message);
  });

  it('comes from any window of the user, and changes nothing once the turn is complete', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const { stream, interaction } = await speaking(user, id, 'Hello.');
    const answers = await Promise.all(
      [1, 2, 3].map(async () => (await stop(user, id, interaction)).json<Stopped>()),
    );
    expect(answers.map(({ stopped }) => stopped)).toEqual([true, true, true]);
    await stream.until(null);
    const late = await (await stop(user, id, interaction)).json<Stopped>();
    expect(late).toMatchObject({ full_message: answers[0]?.full_message, stopped: false });
  });

  it('is never followed by a refusal of the next message, in a hundred turns', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const question = questionOf(user, id);
    gate += 1;
    const text = `[say Hello.] [wait stopping${gate}] what?`;
    let answer = await directTurn(question, text);
    for (let turn = 1; turn <= 100; turn += 1) {
      const stream = new PartialStream(answer);
      // At different moments: before the answer, in its beginning, and after some of it.
      await stream.until(['user-message-available', 'new-message', 'Hello.'][turn % 3] ?? null);
      const stopped = conversationObject(id).stopInteraction(question.caller, interactionOf(answer), null);
      expect((await stopped).ok).toBe(true);
      // It throws when the message is refused.
      answer = await directTurn(question, text);
      await stream.leave();
    }
    openGate(`stopping${gate}`);
    expect(parseLines(await answer.text()).at(-1)?.type).toBe('interaction-complete');
  });

  it('does not find what is not there, and is refused to others', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    expect((await stop(user, id, 'f'.repeat(24))).status).toBe(404);
    const { interaction, open, stream } = await speaking(user, id, 'Mine.');
    expect((await stop(await newUser(), id, interaction)).status).toBe(404);
    open();
    await stream.until(null);
    expect(stream.events.at(-1)?.stopped).toBeUndefined();
  });
});

describe('a stop before the agent speaks', () => {
  it('voids the turn: its stream ends with an error, and nothing is stored', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const response = await user.interact(id, '[choose before] what?');
    const stream = new PartialStream(response);
    await stream.until('user-message-available');
    const answer = await (await stop(user, id, interactionOf(response))).json<Stopped>();
    expect(answer).toMatchObject({ message_id: null, stopped: true });
    await stream.until(null);
    expect(stream.events.at(-1)).toMatchObject({ type: 'error', http_error_code: 409, code: 'turn_stopped' });
    expect((await lastMessage(user, id))?.message_type).toBe('agent-message');
    expect((await user.say(id, 'what?')).at(-1)?.type).toBe('interaction-complete');
    openGate('before');
  });
});

describe('a stop of a spoken answer', () => {
  it('keeps the sound and the text that were heard, together', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const text = '[say One two three. Four five six. ] [wait spoken1] what?';
    const response = await user.interactVoice(id, recordingOf(text), 'voice');
    const stream = new PartialStream(response);
    await stream.until('new-message');
    const milliseconds = (SAMPLES_PER_CHARACTER / 16) * 8;
    const body = { heard: { milliseconds } };
    const answer = await (await stop(user, id, interactionOf(response), body)).json<Stopped>();
    expect(answer.stopped).toBe(true);
    expect(answer.full_message).toHaveLength(8);
    await stream.until(null);
    expect(stream.events.at(-1)).toMatchObject({ stopped: true, full_message: answer.full_message });
    expect(
      parseLines(await (await user.request(streamOf(id, interactionOf(response)))).text()).at(-1),
    ).toMatchObject({
      full_message: answer.full_message,
    });
  });
});

describe('a cut of the newest message', () => {
  it('shortens the stored text, once, and the list shows it', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const before = await lastMessage(user, id);
    const path = `/conversation/${id}/messages/${before?.id}/truncate`;
    const cut = await (await user.post(path, { heard: { characters: 7 } })).json<Record<string, unknown>>();
    expect(cut).toEqual({
      message_id: before?.id,
      full_message: before?.message.slice(0, 7),
      truncated: true,
    });
    const again = await (
      await user.post(path, { heard: { characters: 90 } })
    ).json<Record<string, unknown>>();
    expect(again.truncated).toBe(false);
    expect(await lastMessage(user, id)).toMatchObject({
      message: before?.message.slice(0, 7),
      stopped: true,
    });
    expect(await finalMessage(user)).toBe(before?.message.slice(0, 7));
  });

  it('writes two rows: the message, and its entry in the list', async () => {
    const user = await newUser();
    const { id, interactionId } = await user.begin();
    const message = await lastMessage(user, id);
    const ledger = new Ledger();
    await ledger.watch(conversationObject(id));
    const organization = { id: ORGANIZATION, directory_shards: 4 };
    await ledger.watch(directoryOfUser(testEnv, organization, user.userId));
    await user.post(`/conversation/${id}/messages/${message?.id}/truncate`, { heard: { characters: 5 } });
    expect(await ledger.take()).toMatchObject({ written: 2, alarms: 0 });
    const path = `/conversation/${id}/interaction/${interactionId}/insights`;
    const insights = await new Client(ADMIN).get<{ stopped?: boolean }>(path);
    expect(insights.stopped).toBe(true);
    const events = parseLines(await (await user.request(streamOf(id, interactionId))).text());
    expect(events.at(-1)).toMatchObject({ full_message: message?.message.slice(0, 5), stopped: true });
    // A turn after it is newer than the cut, for the list too.
    await user.say(id, 'what?');
    expect(await finalMessage(user)).toBe((await lastMessage(user, id))?.message);
  });

  it('is reported by the alarm when the list cannot be told', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const message = await lastMessage(user, id);
    while (await runDurableObjectAlarm(conversationObject(id)));
    const down = failing(Directory.prototype, 'record');
    const path = `/conversation/${id}/messages/${message?.id}/truncate`;
    expect((await user.post(path, { heard: { characters: 5 } })).status).toBe(200);
    down.end();
    expect(await runDurableObjectAlarm(conversationObject(id))).toBe(true);
    expect(await finalMessage(user)).toBe(message?.message.slice(0, 5));
  });

  it('is refused for another message, and while a turn runs', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const first = await lastMessage(user, id);
    const { stream, open } = await speaking(user, id, 'Busy.');
    const path = `/conversation/${id}/messages/${first?.id}/truncate`;
    expect((await user.post(path, { heard: { characters: 1 } })).status).toBe(409);
    open();
    await stream.until(null);
    const late = await user.post(path, { heard: { characters: 1 } });
    expect([late.status, (await late.json<{ code: string }>()).code]).toEqual([409, 'message_not_latest']);
  });
});

describe('a stop after any number of events', () => {
  it('stores a prefix of what was streamed, in a conversation that goes on', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    for (let events = 1; events <= 14; events += 1) {
      const response = await user.interact(id, `[say Piece one. ] [long ${events * 9}] what?`);
      const stream = new PartialStream(response);
      await stream.until(`"cursor":${events}`);
      const answer = await (await stop(user, id, interactionOf(response))).json<Stopped>();
      await stream.until(null);
      const last = stream.events.at(-1);
      if (answer.message_id === null) {
        expect(last).toMatchObject({ type: 'error', code: 'turn_stopped' });
      } else {
        const streamed = stream.events
          .filter(({ type }) => type === 'new-message')
          .map(({ message }) => String(message))
          .join('');
        expect(streamed.startsWith(answer.full_message ?? '?')).toBe(true);
        expect(last).toMatchObject({ type: 'interaction-complete', full_message: answer.full_message });
        expect(last?.stopped === true).toBe(answer.stopped);
        expect((await lastMessage(user, id))?.message).toBe(answer.full_message);
      }
      expect((await user.say(id, 'what?')).at(-1)?.type).toBe('interaction-complete');
    }
  });
});
