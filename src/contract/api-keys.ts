/** API keys. */
import * as z from 'zod';

/** The API keys of an organization. */
export const KeysAnswer = z
  .object({
    api_keys: z.array(
      z
        .object({
          _id: z.string(),
          name: z.string().nullable(),
          org_id: z.string(),
          created_at: z.iso.datetime(),
          updated_at: z.iso.datetime(),
          key_id: z.string(),
          expires_at: z.iso.datetime(),
          creator: z
            .object({ user_id: z.string(), org_id: z.string() })
            .meta({ id: 'APIKeyCreator', description: '`user_id` is empty for a key from a file.' }),
          role_id: z.string(),
        })
        .meta({ id: 'APIKeyInstance' }),
    ),
  })
  .meta({ id: 'GetAPIKeysResponse' });

/** The answer to a new API key. */
export const CreateKeyAnswer = z
  .object({
    api_key_id: z.string(),
    api_key: z.string().meta({ description: 'The key. It is shown this once.' }),
    expires_at: z.iso.datetime(),
  })
  .meta({ id: 'CreateAPIKeyResponse' });

/** The answer to a deleted API key. */
export const DeleteKeyAnswer = z.object({ deleted_key_id: z.string() }).meta({ id: 'DeleteAPIKeyResponse' });
