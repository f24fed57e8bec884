/** Tests of corrections in a stored conversation: its position survives evictions and turns that fail. */
import { expect, it } from 'vitest';
import { ORDER_GRAPH } from '../agent/order-graph.ts';
import { parseLines, testEnv } from '../support/client.ts';
import { evict } from '../support/eviction.ts';
import { GRAPH } from '../support/organization.ts';
import { Tenant } from '../support/tenant.ts';

it('a correction goes back and on from a stored position, and a turn that fails leaves the position', async () => {
  const tenant = await Tenant.publish({ graphs: [{ ...ORDER_GRAPH, id: GRAPH }] });
  const user = await tenant.user();
  const created = parseLines(await (await user.create()).text());
  const id = String(created[0]?.['conversation_id']);
  const say = async (text: string) => parseLines(await (await user.interact(id, text)).text());
  const object = testEnv.CONVERSATION.getByName(`${tenant.id}/${id}`);
  for (const text of ['Jon Baker', 'medium', '555 123 4567', 'jon@example.org']) await say(text);

  await evict(object);
  expect((await say('wait, the size should be large [fail]')).at(-1)?.type).toBe('error');
  await evict(object);
  const path = (events: Awaited<ReturnType<typeof say>>) =>
    events.flatMap(({ action }) => {
      const { type, next_state } = (action ?? {}) as { type?: string; next_state?: string };
      return type === 'navigate-state-machine-state-transitioned' ? [next_state] : [];
    });
  const corrected = await say('wait, the size should be large');
  expect(path(corrected)).toEqual([
    'ask_size',
    'sort_size',
    'large_note',
    'ask_phone',
    'ask_email',
    'confirm',
  ]);
  expect(corrected.at(-1)).toMatchObject({
    type: 'interaction-complete',
    full_message: 'A large one, call 555 123 4567, receipt to jon@example.org. Shall I place the order?',
  });
  await evict(object);
  expect(path(await say('yes please'))).toEqual(['pay']);
});
