/** Fields of users that several operations share. */
import * as z from 'zod';
import { Email, MAX_EMAIL_LENGTH, KeyTerm, listOfAtMost, Name } from '../../registry/primitives.ts';
import { isLanguage } from '../../registry/languages.ts';
import { timeZoneMessage } from '../../registry/time-zones.ts';
import { atMost } from '../../registry/primitives.ts';
import { OrganizationParams } from '../parameters.ts';

/** The longest identifier of a user that is looked for: that of a guest has 88 characters. */
export const MAX_USER_ID_LENGTH = 128;

/** An identifier that a caller names. What no user has is not found, whatever it looks like. */
export const UserId = atMost(MAX_USER_ID_LENGTH);

export const RequestedUserParams = OrganizationParams.extend({
  requested_user_id: UserId.meta({ description: 'The identifier of the user.' }),
});

export const UserParams = OrganizationParams.extend({
  user_id: UserId.meta({ description: 'The identifier of the user.' }),
});

export const FirstName = Name.meta({ description: 'The first name.' });
export const LastName = Name.meta({ description: 'The last name.' });
export const UserEmail = z
  .string()
  .trim()
  .pipe(Email)
  .meta({ description: 'The address of e-mail.', maxLength: MAX_EMAIL_LENGTH });

export const Language = atMost(3)
  .refine(isLanguage, 'must be a code of three letters (ISO 639-3)')
  .meta({ description: 'The preferred language (ISO 639-3).' });

export const TimeZone = atMost(100)
  .refine((name) => timeZoneMessage(name) === null, 'must be the name of a time zone (IANA)')
  .meta({ description: 'The time zone (IANA).' });

/** The most terms of a user that are easy to mishear. */
const MAX_KEYTERMS = 20;
export const KeyTerms = listOfAtMost(KeyTerm, MAX_KEYTERMS);

/** The names of variables; the published API takes no shorter ones. */
export const VariableName = atMost(100)
  .regex(/^[a-z_][a-z0-9_]+$/, 'must consist of lower-case letters, digits and underscores')
  .meta({ description: 'The name of the variable.' });
export const VariableValue = atMost(255).min(1);

/** Schema of the preferences of a user, each with the default of the published API. */
export const PreferencesBody = z
  .object({
    enable_response_recommendation: z.boolean().default(false),
    preferred_language: Language.nullish(),
    conversations_visible_to_admins: z.boolean().default(true),
    user_model_visible_to_admins: z.boolean().default(true),
    timezone: TimeZone.nullish(),
    audio_keyterms: KeyTerms.default([]),
  })
  .meta({ id: 'UserPreferencesRequest' });
