/** Objects leave memory when they have nothing left to do. Each keeps its database open while it is in memory. */
import { readdir, readlink } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allEvents, HttpClient, identities, Server } from './server.ts';

/** The platform forgets an object that was idle for ten seconds. A timer of two minutes is far longer than this. */
const FORGOTTEN_MS = 45_000;

/** An object's database is named after the object. */
const OBJECT_DATABASE = /\/[0-9a-f]{64}\.sqlite$/;

let server: Server;

beforeAll(async () => {
  server = await Server.start();
});

afterAll(() => server.stop());

/** Returns the number of open databases of a class of objects in the server's processes. Linux only. */
async function openDatabases(stateDir: string, className: string): Promise<number> {
  const databases = new Set<string>();
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const process of processes) {
    const descriptors = await readdir(`/proc/${process}/fd`).catch(() => []);
    for (const descriptor of descriptors) {
      const path = await readlink(`/proc/${process}/fd/${descriptor}`).catch(() => '');
      const isObject = path.includes(className) && OBJECT_DATABASE.test(path);
      if (path.startsWith(stateDir) && isObject) databases.add(path);
    }
  }
  return databases.size;
}

describe.runIf(process.platform === 'linux')('the object of a conversation', () => {
  it(
    'an object leaves memory after a turn, recommendations, and the analysis at the end',
    { timeout: 120_000 },
    async () => {
      const [identity] = identities();
      if (identity === undefined) throw new Error('There is no identity.');
      const client = await HttpClient.signIn(server, identity);
      await client.finishAll();
      const created = await client.post('/conversation/?response_format=text', {
        service_id: identity.service_ids[0],
      });
      const events = await allEvents(created);
      const id = String(events[0]?.conversation_id);
      const interaction = String(events.at(-1)?.interaction_id);
      await client.post(`/conversation/${id}/interaction/${interaction}/recommend_responses`, {});
      await client.request(`/conversation/${id}/finish/`, { method: 'POST' });
      const analyzed = async () =>
        (await client.get<{ conversations: { is_analyzed: boolean }[] }>(`/conversation/?id=${id}`))
          .conversations[0]?.is_analyzed;
      await expect.poll(analyzed, { timeout: 20_000, interval: 500 }).toBe(true);
      const stateDir = server.environment.STATE_DIR ?? '';
      expect(await openDatabases(stateDir, 'Conversation')).toBe(1);
      const open = () => openDatabases(stateDir, 'Conversation');
      await expect.poll(open, { timeout: FORGOTTEN_MS, interval: 1_000 }).toBe(0);
    },
  );
});
