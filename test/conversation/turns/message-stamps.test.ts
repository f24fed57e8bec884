import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { refuseExternalEvents } from '../../../src/conversation/admission.ts';
import { earliestLastAt, MessageStamps } from '../../../src/conversation/turns/message-stamps.ts';
import { newUser, publishTestOrganization } from '../../support/client.ts';

beforeAll(publishTestOrganization);

describe('the stamps of messages', () => {
  it('are each later than the one before, and never refuse an event that happened after the last message', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4), { minLength: 1, maxLength: 200 }), fc.nat(50), (pauses, wait) => {
        const stamps = new MessageStamps({ last_message: 0, last_at: 1_000_000 });
        let clock = 1_000_000;
        let before = stamps.at;
        for (const pause of pauses) {
          clock += pause;
          stamps.next(clock);
          expect(stamps.at).toBeGreaterThan(before);
          before = stamps.at;
        }
        // The event happened with the last message or later, by the same clock.
        const record = { last_message: stamps.sequence, last_at: stamps.at };
        const at = clock + wait;
        expect(refuseExternalEvents([{ text: 'x', at }], earliestLastAt(record), at)).toBeNull();
        expect(stamps.next(at).created_at).toBeGreaterThan(before);
      }),
    );
  });

  it('still refuse an event from before the last message', () => {
    const code = (record: { last_message: number; last_at: number }, at: number) =>
      refuseExternalEvents([{ text: 'x', at }], earliestLastAt(record), 2_000_000)?.code;
    expect(code({ last_message: 3, last_at: 1_000_000 }, 999_996)).toBe('external_event_out_of_order');
    expect(code({ last_message: 3, last_at: 1_000_000 }, 999_997)).toBeUndefined();
    // A long conversation does not make the tolerance grow without end.
    expect(code({ last_message: 100_000, last_at: 1_000_000 }, 994_000)).toBe('external_event_out_of_order');
  });
});

describe('an external event right after a burst of messages', () => {
  it('is taken, and is stored after all of them', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const send = async (events: number): Promise<number> => {
      const form = new FormData();
      form.set('initial_message_type', 'user-message');
      form.set('recorded_message', 'what?');
      for (let index = 0; index < events; index += 1) {
        form.append('external_event_message_content', `Event ${index}`);
        form.append('external_event_message_timestamp', new Date().toISOString());
      }
      const response = await user.interactForm(id, form);
      await response.text();
      return response.status;
    };
    const statuses: number[] = [];
    for (const events of [20, 20, 1, 0, 3]) statuses.push(await send(events));
    expect(statuses).toEqual([200, 200, 200, 200, 200]);
    const { messages } = await user.get<{ messages: { created_at: string }[] }>(
      `/conversation/${id}/messages/?sort_by=%2Bcreated_at&limit=80`,
    );
    const times = messages.map(({ created_at }) => Date.parse(created_at));
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  });
});
