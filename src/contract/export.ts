/** Lines of an export: everything that is stored about a user or a conversation. */
import * as z from 'zod';

const KINDS = [
  'user',
  'user-model',
  'memory',
  'conversation',
  'message',
  'recording',
  'interaction',
  'error',
] as const;

/** A line of an export. Its further fields are those of its kind. */
export const ExportLine = z
  .looseObject({
    kind: z.enum(KINDS).meta({
      description:
        'What the line is. `error` is the last line of an export that failed: resume it after the last cursor.',
    }),
    cursor: z
      .string()
      .meta({ description: 'The value of `after` with which the export goes on behind this line.' }),
  })
  .meta({ id: 'ExportLine' });
/** A line of an export. */
export type ExportLine = z.infer<typeof ExportLine>;
