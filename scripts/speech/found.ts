/** Finds the voice of the local server: that of its settings, or a speech server on this machine. */
import { SettingsError, speechPort, startingWith, type Variables } from '../settings.ts';

/** Maximum time of an answer of a server on this machine, in milliseconds. */
const PROBE_MS = 300;

async function isThere(origin: string): Promise<boolean> {
  const signal = AbortSignal.timeout(PROBE_MS);
  const health = await fetch(`${origin}/healthz`, { signal })
    .then((answer) => answer.json() as Promise<unknown>)
    .catch(() => null);
  // Another server at the port has no engines.
  return typeof health === 'object' && health !== null && 'engines' in health;
}

/** Returns the set variables of voice, without those of `npm start` alone. */
function given(settings: Variables): Record<string, string> {
  const { SPEECH_PORT: _port, ...speech } = startingWith(settings, 'SPEECH_');
  return { ...speech, ...startingWith(settings, 'TRANSCRIPTION_') };
}

/** Throws `SettingsError` for an unknown provider or an invalid address. */
function demandSense({ SPEECH_PROVIDER: provider, SPEECH_BASE_URL: address }: Record<string, string>): void {
  if (provider === 'workers-ai') {
    throw new SettingsError(
      'SPEECH_PROVIDER=workers-ai has no local form: it works in a deployment (--env production). Name a server by SPEECH_BASE_URL, or start with SPEECH=off.',
    );
  }
  if (provider !== undefined && provider !== 'openai-compatible') {
    throw new SettingsError(`SPEECH_PROVIDER must be openai-compatible or workers-ai, not "${provider}".`);
  }
  if (address !== undefined && !/^https?:$/.test(URL.parse(address)?.protocol ?? '')) {
    throw new SettingsError(`SPEECH_BASE_URL must be an http or https URL, not "${address}".`);
  }
}

/**
 * Returns the variables that configure voice in the Worker, by the server in the settings or by one on this machine;
 * none if voice stays off. `SPEECH=off` looks for none. Throws `SettingsError` with the name of the missing variable
 * for an incomplete configuration.
 */
export async function speechVariables(settings: Variables = process.env): Promise<Record<string, string>> {
  if (settings.SPEECH === 'off') return {};
  const set = given(settings);
  demandSense(set);
  const provider = { SPEECH_PROVIDER: 'openai-compatible' };
  if (set.SPEECH_BASE_URL !== undefined) return { ...set, ...provider };
  const local = `http://localhost:${speechPort(settings)}`;
  // A key belongs to one server, and is not sent to another one that happens to run here.
  if (set.SPEECH_API_KEY === undefined && (await isThere(local))) {
    const english = { TRANSCRIPTION_LANGUAGES: 'eng', SPEECH_LANGUAGES: 'eng' };
    return { ...english, ...set, ...provider, SPEECH_BASE_URL: `${local}/v1` };
  }
  const names = Object.keys(set);
  if (names.length === 0) return {};
  const verb = names.length === 1 ? 'is' : 'are';
  throw new SettingsError(
    `SPEECH_BASE_URL is missing: ${names.join(', ')} ${verb} set. SPEECH=off starts without voice.`,
  );
}

/** Returns the status of voice as text. */
export function describeSpeech(settings: Variables, variables: Record<string, string>): string {
  const { SPEECH_BASE_URL: address } = variables;
  if (settings.SPEECH === 'off') return 'off (SPEECH=off)';
  if (address === undefined) return 'off: run "npm run speech" in another terminal, then start this again';
  const isFound = (settings.SPEECH_BASE_URL ?? '') === '';
  return `on, by ${address}${isFound ? ' (found there; SPEECH=off switches it off)' : ''}`;
}
