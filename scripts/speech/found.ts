/** The voice of the local server: the one that its settings name, or else a speech server on this machine. */
import { SettingsError, speechPort, startingWith, type Variables } from '../settings.ts';

/** A server on this machine answers much sooner. In milliseconds. */
const PROBE_MS = 300;

async function isThere(origin: string): Promise<boolean> {
  const signal = AbortSignal.timeout(PROBE_MS);
  const health = await fetch(`${origin}/healthz`, { signal })
    .then((answer) => answer.json() as Promise<unknown>)
    .catch(() => null);
  // Whatever else may listen at the port has no engines.
  return typeof health === 'object' && health !== null && 'engines' in health;
}

/** Returns the variables of voice that are set, without those that are for `npm start` alone. */
function given(settings: Variables): Record<string, string> {
  const { SPEECH_PORT: _port, ...speech } = startingWith(settings, 'SPEECH_');
  return { ...speech, ...startingWith(settings, 'TRANSCRIPTION_') };
}

/** Throws `SettingsError` for a provider or an address that cannot be. */
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
 * Returns the variables that switch voice on in the Worker: by the server that settings name, or by one on this machine;
 * none when voice stays off. `SPEECH=off` looks for nothing. Throws `SettingsError` for half a configuration, by the name
 * of the variable that is missing.
 */
export async function speechVariables(settings: Variables = process.env): Promise<Record<string, string>> {
  if (settings.SPEECH === 'off') return {};
  const set = given(settings);
  demandSense(set);
  const provider = { SPEECH_PROVIDER: 'openai-compatible' };
  if (set.SPEECH_BASE_URL !== undefined) return { ...set, ...provider };
  const local = `http://localhost:${speechPort(settings)}`;
  // A key is for the server that it was made for, and for no other that happens to be there.
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

/** Says for a person what `variables` switch on. */
export function describeSpeech(settings: Variables, variables: Record<string, string>): string {
  const { SPEECH_BASE_URL: address } = variables;
  if (settings.SPEECH === 'off') return 'off (SPEECH=off)';
  if (address === undefined) return 'off: run "npm run speech" in another terminal, then start this again';
  const isFound = (settings.SPEECH_BASE_URL ?? '') === '';
  return `on, by ${address}${isFound ? ' (found there; SPEECH=off switches it off)' : ''}`;
}
