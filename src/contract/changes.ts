/** The audit of an organization's registry. */
import * as z from 'zod';

/** One change: who made it, when and by which operation, and the thing that it is about. */
const RegistryChange = z
  .object({
    revision: z.int().meta({ description: 'The number of the change.' }),
    at: z.iso.datetime(),
    user_id: z.string().meta({ description: 'Who made it; `operator` for the operator of the deployment.' }),
    operation: z.string().meta({
      description: 'The operation. `adopt` took over what was published beside the API.',
    }),
    kind: z.string().meta({ description: 'The kind of thing that changed.' }),
    id: z.string().meta({ description: 'Its identifier, or its name where it has no other.' }),
    request_id: z.string(),
  })
  .meta({ id: 'RegistryChange' });
/** One change of the registry. */
export type RegistryChange = z.infer<typeof RegistryChange>;

/** A page of changes, the newest first. */
export const ChangesAnswer = z
  .object({
    changes: z.array(RegistryChange),
    has_more: z.boolean(),
    continuation_token: z.int().nullable().meta({ description: 'Null on the last page.' }),
  })
  .meta({ id: 'GetChangesResponse' });
