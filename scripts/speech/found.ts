/** The voice of a server on this machine: the one that the environment names, or else a local speech server. */
import { speechPort } from '../settings.ts';

/** A server on this machine answers much sooner. In milliseconds. */
const PROBE_MS = 300;

/** The variables of the Worker that the environment of `npm start` is asked for. */
const VARIABLES = [
  'SPEECH_API_KEY',
  'TRANSCRIPTION_MODEL',
  'SPEECH_MODEL',
  'SPEECH_VOICE',
  'TRANSCRIPTION_LANGUAGES',
  'SPEECH_LANGUAGES',
];

async function isThere(origin: string): Promise<boolean> {
  const signal = AbortSignal.timeout(PROBE_MS);
  const health = await fetch(`${origin}/healthz`, { signal })
    .then((answer) => answer.json() as Promise<unknown>)
    .catch(() => null);
  // Whatever else may listen at the port has no engines.
  return typeof health === 'object' && health !== null && 'engines' in health;
}

/** The variables that switch voice on in the Worker, none when it stays off. `SPEECH=off` looks for nothing. */
export async function speechVariables(
  env: Record<string, string | undefined> = process.env,
): Promise<Record<string, string>> {
  if (env.SPEECH === 'off') return {};
  const named = env.SPEECH_BASE_URL ?? '';
  const local = `http://localhost:${speechPort(env)}`;
  if (named === '' && !(await isThere(local))) return {};
  const given = VARIABLES.flatMap((name) => {
    const value = env[name] ?? '';
    return value === '' ? [] : [[name, value] as const];
  });
  return {
    ...(named === '' ? { TRANSCRIPTION_LANGUAGES: 'eng', SPEECH_LANGUAGES: 'eng' } : {}),
    ...Object.fromEntries(given),
    SPEECH_PROVIDER: 'openai-compatible',
    SPEECH_BASE_URL: named === '' ? `${local}/v1` : named,
  };
}
