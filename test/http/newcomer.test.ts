/** Steps of a new user: start the server, read the pages, hold a conversation, kill the server. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allEvents, eventsOf, HttpClient, identities, npmRun, Server, type Identity } from './server.ts';

interface Conversations {
  conversations: { id: string; num_messages: number; is_finished: boolean; is_analyzed: boolean }[];
}
interface Messages {
  messages: { message: string; message_type: string }[];
}

let server: Server;
let everybody: Identity[];

beforeAll(async () => {
  everybody = identities();
  server = await Server.start();
});

afterAll(() => server.stop());

/** A path in the quotation marks of curl's forms. */
function escaped(path: string): string {
  return path.replaceAll(/["\\]/g, '\\$&');
}

function identityOf(index: number): Identity {
  const identity = everybody[index];
  if (identity === undefined) throw new Error(`There is no identity ${index}.`);
  return identity;
}

describe('starting', () => {
  it('prints all addresses, and a curl line that works', async () => {
    expect(server.output).toContain(`${server.url}/docs`);
    const line = /^ *(TOKEN=.*)$/m.exec(server.output)?.[1] ?? '';
    const { stdout } = spawnSync('bash', ['-c', line], { encoding: 'utf8' });
    const kinds = stdout
      .split('\n')
      .filter((text) => text !== '')
      .map((text) => (JSON.parse(text) as { type: string }).type);
    expect(kinds[0]).toBe('conversation-created');
    expect(kinds.at(-1)).toBe('interaction-complete');
  });

  it('prints a second curl line, which continues the conversation of the first', () => {
    const [create, interact] =
      /^ *(TOKEN=.*)$[^]*?^ *(CONVERSATION=.*)$/m.exec(server.output)?.slice(1) ?? [];
    // The conversation of the test before is unfinished: the first line may begin one or be told of it.
    const script = `{ ${create}; } > /dev/null\n${interact}`;
    const { stdout } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
    const events = stdout
      .split('\n')
      .filter((text) => text !== '')
      .map((text) => JSON.parse(text) as { type: string; user_message?: string });
    const said = events.find(({ type }) => type === 'user-message-available');
    expect(said?.user_message).toBe('What are your opening hours?');
    expect(events.at(-1)?.type).toBe('interaction-complete');
  });

  it('prints the status of model, voice and limits', () => {
    expect(server.output).toMatch(/^ +Model +off \(LLM=off\): the embedded agent speaks$/m);
    expect(server.output).toMatch(/^ +Voice +off \(SPEECH=off\)$/m);
    expect(server.output).toMatch(/^ +Limits +on, as published;/m);
  });

  it('serves the page, the viewer, the document and its health', async () => {
    const page = await fetch(`${server.url}/`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect((await fetch(`${server.url}/docs`)).status).toBe(200);
    expect((await fetch(`${server.url}/swagger-ui/swagger-ui-bundle.js`)).status).toBe(200);
    expect(await (await fetch(`${server.url}/healthz`)).json()).toEqual({ status: 'ok' });
    const document = (await (await fetch(`${server.url}/v1/openapi.json`)).json()) as { openapi: string };
    expect(document.openapi).toBe('3.1.0');
  });

  it('answers an unknown path with problem details', async () => {
    const response = await fetch(`${server.url}/v1/nothing/here`);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json',
    ]);
  });

  it('prints the settings of published clients', async () => {
    const exported = npmRun('demo:env', [], server.environment);
    const { stdout } = spawnSync('bash', ['-c', `${exported}\nenv`], { encoding: 'utf8' });
    expect(stdout).toContain(`AMIGO_BASE_URL=${server.url}\n`);
    for (const name of ['ORGANIZATION_ID', 'API_KEY', 'API_KEY_ID', 'USER_ID', 'TEST_SERVICE_ID']) {
      expect(stdout).toMatch(new RegExp(`^AMIGO_${name}=.+$`, 'm'));
    }
    const [first] = everybody;
    const inFirst = everybody.filter(({ organization }) => organization === first?.organization);
    expect(inFirst.map(({ role }) => role).sort()).toEqual([
      'DefaultAdministratorRole',
      'DefaultUserRole',
      'DefaultUserRole',
    ]);
    expect(new Set(everybody.map(({ organization }) => organization)).size).toBe(2);
    expect(first?.service_ids.length).toBeGreaterThanOrEqual(2);
  });

  it.each([0, 1, 2, 3])('lets demo identity %i sign in and see its services', async (index) => {
    const identity = identityOf(index);
    const client = await HttpClient.signIn(server, identity);
    const { services } = await client.get<{ services: { id: string }[] }>('/service/');
    expect(services.map(({ id }) => id)).toEqual(expect.arrayContaining(identity.service_ids));
  });
});

describe('a conversation', () => {
  it('is streamed, continued, finished and analysed', async () => {
    const identity = identityOf(1);
    const client = await HttpClient.signIn(server, identity);
    const response = await client.post('/conversation/?response_format=text', {
      service_id: identity.service_ids[0],
    });
    expect(response.status).toBe(201);
    const arrivals: number[] = [];
    let id = '';
    for await (const event of eventsOf(response)) {
      if (event.type === 'conversation-created') id = String(event.conversation_id);
      if (event.type === 'new-message') arrivals.push(Date.now());
    }
    expect(arrivals.length).toBeGreaterThan(2);
    expect(arrivals.at(-1)).toBeGreaterThan(arrivals[0] ?? Infinity);
    const events = await allEvents(await client.interact(id, 'I would like to book an appointment'));
    expect(events[0]?.type).toBe('user-message-available');
    expect(events.at(-1)?.type).toBe('interaction-complete');
    const finish = await client.request(`/conversation/${id}/finish/`, { method: 'POST' });
    expect(finish.status).toBe(204);
    await expect
      .poll(async () => (await client.get<Conversations>(`/conversation/?id=${id}`)).conversations[0], {
        timeout: 20_000,
        interval: 200,
      })
      .toMatchObject({ is_finished: true, is_analyzed: true, num_messages: 3 });
  });

  it('accepts forms from curl, with file names in any script', async () => {
    const identity = identityOf(2);
    const client = await HttpClient.signIn(server, identity);
    const [created] = await allEvents(
      await client.post('/conversation/?response_format=text', { service_id: identity.service_ids[0] }),
    );
    const folder = await mkdtemp(join(tmpdir(), 'forms-'));
    for (const name of ['录音 001.txt', 'Запись "1".txt', 'a\\b;c.txt']) {
      const path = join(folder, name);
      await writeFile(path, 'What are your hours?');
      const url = `${server.url}/v1/${identity.organization}/conversation/${String(created?.conversation_id)}/interact`;
      const { stdout } = spawnSync(
        'curl',
        [
          ...['-sS', '-F', 'initial_message_type=user-message', '-F', `recorded_message=@"${escaped(path)}"`],
          ...['-H', client.authorization, `${url}?request_format=text&response_format=text`],
        ],
        { encoding: 'utf8' },
      );
      expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({ user_message: 'What are your hours?' });
    }
    await rm(folder, { recursive: true });
    await client.finishAll();
  });

  it('takes one turn at a time', async () => {
    const identity = identityOf(2);
    const client = await HttpClient.signIn(server, identity);
    const [created] = await allEvents(
      await client.post('/conversation/?response_format=text', { service_id: identity.service_ids[0] }),
    );
    const id = String(created?.conversation_id);
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => client.interact(id, 'What are your hours?')),
    );
    await Promise.all(answers.map((answer) => answer.text()));
    const statuses = answers.map(({ status }) => status);
    // On a slow machine one may arrive after another has ended: then it is the only one.
    const admitted = statuses.filter((status) => status === 200).length;
    expect(admitted).toBeGreaterThanOrEqual(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(statuses.length - admitted);
    const { messages } = await client.get<Messages>(`/conversation/${id}/messages/`);
    expect(messages).toHaveLength(1 + 2 * admitted);
    await client.finishAll();
  });
});

describe('a crash', () => {
  it('during turns leaves only complete turns, and the conversations continue', async () => {
    const identity = identityOf(2);
    const client = await HttpClient.signIn(server, identity);
    const [created] = await allEvents(
      await client.post('/conversation/?response_format=text', { service_id: identity.service_ids[0] }),
    );
    const id = String(created?.conversation_id);
    const turn = eventsOf(await client.interact(id, 'What are your opening hours?'));
    for await (const event of turn) if (event.type === 'new-message') break;
    const otherService = identity.service_ids[1];
    const create = eventsOf(
      await client.post('/conversation/?response_format=text', { service_id: otherService }),
    );
    for await (const event of create) if (event.type === 'new-message') break;
    await server.kill();
    await server.start();

    const again = await HttpClient.signIn(server, identity);
    const { messages } = await again.get<Messages>(`/conversation/${id}/messages/`);
    // The turns were cut wherever the crash found them: each is there with both its messages, or not at all.
    expect([1, 3]).toContain(messages.length);
    const events = await allEvents(await again.interact(id, 'I would like to book an appointment'));
    expect(events.at(-1)?.type).toBe('interaction-complete');
    const { conversations } = await again.get<Conversations>(`/conversation/?id=${id}`);
    expect(conversations[0]?.num_messages).toBe(messages.length + 2);
    const retry = await again.post('/conversation/?response_format=text', { service_id: otherService });
    // 400 only if the interrupted create had been committed before the crash.
    if (retry.status === 400) {
      const open = (await retry.json()) as { conversation_id: string };
      expect(
        (await again.get<Messages>(`/conversation/${open.conversation_id}/messages/`)).messages,
      ).toHaveLength(1);
    } else {
      expect((await allEvents(retry)).at(-1)?.type).toBe('interaction-complete');
    }
    await again.finishAll();
  });
});
