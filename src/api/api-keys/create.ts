import * as z from 'zod';
import { CreateKeyAnswer } from '../../contract/api-keys.ts';
import { newIdentifier } from '../../identifiers.ts';
import { problem } from '../../problems.ts';
import { hashApiKey } from '../../registry/api-key.ts';
import { atMost, MAX_NAME_LENGTH, Name } from '../../registry/primitives.ts';
import { change } from '../management.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, ChangeHeaders, NoQuery, OrganizationParams } from '../parameters.ts';
import { durationMs, MAX_DURATION_LENGTH } from './duration.ts';

const DAY_MS = 86_400_000;
const MAX_DAYS = 90;
/** The random bytes of a key. */
const KEY_BYTES = 32;

const CreateKeyBody = z
  .object({
    name: Name.nullable().meta({ description: 'A name by which people tell keys apart.' }),
    duration: atMost(MAX_DURATION_LENGTH)
      .transform((text, ctx) => {
        const ms = durationMs(text);
        if (ms !== null && ms >= DAY_MS && ms <= MAX_DAYS * DAY_MS) return ms;
        const message = `must be a duration of 1 to ${MAX_DAYS} days (ISO 8601), such as P30D`;
        ctx.addIssue({ code: 'custom', message });
        return z.NEVER;
      })
      .meta({ format: 'duration', description: 'How long the key is valid: 1 to 90 days (ISO 8601).' }),
    role_name: atMost(MAX_NAME_LENGTH)
      .default('DefaultAdministratorRole')
      .meta({ description: 'The key signs in users whose role grants less than this one.' }),
  })
  .meta({ id: 'CreateAPIKeyRequest' });

export const createApiKey = operation(
  {
    id: 'create-api-key',
    tag: 'Organization',
    summary: 'Create an API key',
    description:
      'Creates an API key, which signs in users. It cannot be shown again, nor extended. An organization has at most 20.',
    method: 'post',
    path: '/v1/{organization}/organization/api_key/',
    credentials: 'user',
    rateLimit: 5,
    access: {
      requires: [
        {
          permission: 'Organization:CreateAPIKey',
          on: 'the organization, and a role that grants no less than that of the key',
        },
      ],
      impactedBy: [],
    },
    params: OrganizationParams,
    query: NoQuery,
    headers: ChangeHeaders,
    body: CreateKeyBody,
    answers: {
      201: { description: 'The key.', content: { type: 'application/json', schema: CreateKeyAnswer } },
      400: { description: 'The organization has 20 API keys.' },
      404: { description: 'The organization or the role does not exist.' },
      409: { description: 'The request was repeated: its key was shown already.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, body, answer }) => {
    const now = Date.now();
    const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
    const api_key = bytes.toBase64({ alphabet: 'base64url', omitPadding: true });
    const expires_at = new Date(now + body.duration).toISOString();
    const { about, repeated } = await change(
      c,
      'create-api-key',
      {
        type: 'create-key',
        id: newIdentifier(now),
        hash: await hashApiKey(api_key),
        name: body.name,
        role: body.role_name,
        expires_at,
      },
      body,
    );
    if (repeated === true) {
      throw problem(
        'api_key_shown',
        `The key ${about.id} was created and shown before. Delete it, and create another.`,
      );
    }
    const told = { api_key_id: about.id, api_key, expires_at };
    return answer(told, { 'cache-control': 'no-store' });
  },
);
