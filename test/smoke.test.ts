import { beforeAll, expect, it } from 'vitest';
import { Client, parseLines, publishTestOrganization } from './support/client.ts';
import { ALICE } from './support/organization.ts';

beforeAll(publishTestOrganization);

it('smokes', async () => {
  const alice = new Client(ALICE);
  const res = await alice.create();
  console.log(res.status);
  const events = parseLines(await res.text());
  console.log(JSON.stringify(events, null, 1));
  const id = String(events[0]?.conversation_id);
  console.log(JSON.stringify(await alice.say(id, 'I would like some apples'), null, 1));
  console.log(JSON.stringify(await alice.say(id, 'Three'), null, 1));
  console.log(await alice.get(`/conversation/`));
  console.log(await alice.get(`/conversation/${id}/messages/`));
  expect(res.status).toBe(201);
});
