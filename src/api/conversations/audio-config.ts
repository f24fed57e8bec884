import * as z from 'zod';
import { fieldErrors, invalidRequest } from '../../edge/input.ts';
import type { AudioConfig } from '../../recordings/intake.ts';

/** The longest configuration is about 80 characters; white space and unknown members may be in it. */
export const MAX_AUDIO_CONFIG_LENGTH = 1_000;

/** The encoding of a recording, as `request_audio_config` says it. */
export const UserMessageAudioConfig = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('mp3') }).meta({ id: 'MP3UserMessageAudioConfig' }),
    z
      .object({
        type: z.literal('pcm'),
        frame_rate: z.int().min(4000).max(44100),
        n_channels: z.literal(1),
        sample_width: z.union([z.literal(2), z.literal(4)]),
      })
      .meta({ id: 'PCMUserMessageAudioConfig' }),
  ])
  .meta({ id: 'UserMessageAudioConfig' });

/**
 * The configuration as clients send it that generators made of the document's schema: a parameter for each member,
 * `request_audio_config[type]=pcm`. Returns the same as a JSON text; undefined where there is none.
 */
export function bracketedConfig(query: Readonly<Record<string, string>>): string | undefined {
  const members = Object.entries(query).flatMap(([name, value]) => {
    const member = /^request_audio_config\[(\w+)\]$/.exec(name)?.[1];
    return member === undefined ? [] : [[member, /^\d{1,9}$/.test(value) ? Number(value) : value] as const];
  });
  return members.length === 0 ? undefined : JSON.stringify(Object.fromEntries(members));
}

/** The configuration arrives as a JSON text; its schema is the one of the value inside. */
export function requireAudioConfig(text: string | undefined): AudioConfig | null {
  if (text === undefined || text === '') return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalidRequest([
      { loc: ['query', 'request_audio_config'], msg: 'must be a JSON text', type: 'json_invalid' },
    ]);
  }
  if (value === null) return null;
  const parsed = UserMessageAudioConfig.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = fieldErrors('query', parsed.error);
  throw invalidRequest(
    errors.map((error) => ({ ...error, loc: ['query', 'request_audio_config', ...error.loc.slice(1)] })),
  );
}
