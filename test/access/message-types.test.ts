import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SENT_MESSAGE_TYPES } from '../../src/contract/messages.ts';
import { allowsSending } from '../../src/access/message-types.ts';
import type { Condition, PermissionGrant } from '../../src/access/permissions.ts';

const PERMISSION = 'Conversation:InteractWithConversation';
const THING = { org_id: 'o', user_id: 'u', service_id: 's' };

function grant(message_type?: Condition): PermissionGrant {
  return { permission_name: PERMISSION, conditions: message_type === undefined ? {} : { message_type } };
}

const USER_MESSAGES = grant({ type: 'Equals', value: 'user-message' });
const EVENTS = grant({ type: 'Equals', value: 'external-event' });

describe('sending messages', () => {
  it.each<[string, PermissionGrant[], [user: boolean, event: boolean, both: boolean, none: boolean]]>([
    ['no grant', [], [false, false, false, false]],
    ['a grant without a condition', [grant()], [true, true, true, true]],
    ['a grant for user messages', [USER_MESSAGES], [true, false, false, true]],
    ['a grant for events', [EVENTS], [false, true, false, true]],
    ['a grant for each', [USER_MESSAGES, EVENTS], [true, true, true, true]],
    [
      'a grant for all but events',
      [grant({ type: 'NotEquals', value: 'external-event' })],
      [true, false, false, true],
    ],
    [
      'a grant for a type that is never sent',
      [grant({ type: 'Equals', value: 'x' })],
      [false, false, false, false],
    ],
    ['a grant for no type', [grant({ type: 'In', values: [] })], [false, false, false, false]],
  ])('is decided by the role: %s', (_name, grants, [user, event, both, none]) => {
    const allowed = (...types: ('user-message' | 'external-event')[]) =>
      allowsSending(grants, PERMISSION, THING, types);
    expect([
      allowed('user-message'),
      allowed('external-event'),
      allowed('user-message', 'external-event'),
      allowed(),
    ]).toEqual([user, event, both, none]);
  });

  const value = fc.constantFrom(...SENT_MESSAGE_TYPES, 'x');
  const condition: fc.Arbitrary<Condition> = fc.oneof(
    fc.record({ type: fc.constant('Equals' as const), value }),
    fc.record({ type: fc.constant('NotEquals' as const), value }),
    fc.record({ type: fc.constant('In' as const), values: fc.array(value, { maxLength: 3 }) }),
  );

  it('is never allowed for more types if it is refused for fewer', () => {
    const types = fc.subarray([...SENT_MESSAGE_TYPES]);
    fc.assert(
      fc.property(fc.array(condition), types, types, (conditions, some, more) => {
        const grants = conditions.map((each) => grant(each));
        const allowed = (sent: typeof some) => allowsSending(grants, PERMISSION, THING, sent);
        return !allowed([...some, ...more]) || allowed(some);
      }),
    );
  });
});
