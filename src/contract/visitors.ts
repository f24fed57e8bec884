/** Visitors: people without a sign-in. */
import * as z from 'zod';

/** A challenge of the ALTCHA protocol, version 2. */
export const Challenge = z
  .object({
    parameters: z
      .looseObject({
        algorithm: z.string(),
        nonce: z.string(),
        salt: z.string(),
        cost: z.int(),
        keyLength: z.int(),
        keyPrefix: z.string(),
        expiresAt: z.int().optional(),
      })
      .meta({ description: 'The work, as a solver of the protocol takes it.' }),
    signature: z.string().optional().meta({ description: 'The signature of the parameters.' }),
  })
  .meta({ id: 'Challenge', description: 'A challenge of the ALTCHA protocol, version 2.' });
/** A challenge of the ALTCHA protocol, version 2. */
export type Challenge = z.infer<typeof Challenge>;

/** The demands of a service on those who become visitors. */
export const VisitorChallenge = z
  .object({
    challenge: Challenge.nullable().meta({ description: 'The work to do; null where none is demanded.' }),
    turnstile: z.boolean().meta({ description: 'True where a token of Cloudflare Turnstile is demanded.' }),
  })
  .meta({ id: 'VisitorChallenge' });
/** The demands of a service on those who become visitors. */
export type VisitorChallenge = z.infer<typeof VisitorChallenge>;

/** A visitor with their tokens. */
export const VisitorSession = z
  .object({
    user_id: z.string().meta({ description: 'The identifier of the visitor.' }),
    id_token: z.string().meta({ description: 'The token for requests, for 15 minutes.' }),
    expires_at: z.string().meta({ description: 'When `id_token` expires (RFC 3339).' }),
    visitor_token: z.string().meta({
      description: 'Keep it, and send it here again: then the visitor stays the same. For 30 days.',
    }),
    visitor_expires_at: z.string().meta({ description: 'When `visitor_token` expires (RFC 3339).' }),
  })
  .meta({ id: 'VisitorSession' });
/** A visitor with their tokens. */
export type VisitorSession = z.infer<typeof VisitorSession>;

/** The visitors that a user has adopted. */
export const AdoptedVisitors = z
  .object({
    adopted: z.array(z.string()).meta({ description: 'All visitors that the user has adopted.' }),
    conversations: z
      .int()
      .meta({ description: 'The number of conversations of the visitor of the request.' }),
  })
  .meta({ id: 'AdoptedVisitors' });
/** The visitors that a user has adopted. */
export type AdoptedVisitors = z.infer<typeof AdoptedVisitors>;
