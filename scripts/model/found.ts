/** The language model of the local server: the one that its settings name, or else one of a server on this machine. */
import { modelServers, SettingsError, startingWith, type Variables } from '../settings.ts';

/** A server on this machine answers much sooner. In milliseconds. */
const PROBE_MS = 500;

/** Models that turn text into numbers, or sound into text: they hold no conversation. */
const OTHER_KINDS = /embed|rerank|whisper|clip|\bbge\b|\btts\b|moderation/i;

export interface FoundModel {
  /** The variables that switch the model on in the Worker; none when the embedded agent speaks. */
  variables: Record<string, string>;
  /** What is on, for a person. */
  words: string;
}

/** Asks a server which models it has. Returns null where none answers in the form of the OpenAI protocol. */
async function modelsAt(baseUrl: string): Promise<string[] | null> {
  const answer = await fetch(`${baseUrl}/models`, { signal: AbortSignal.timeout(PROBE_MS) })
    .then((response) => (response.ok ? (response.json() as Promise<unknown>) : null))
    .catch(() => null);
  const { data } = (answer ?? {}) as { data?: unknown };
  if (!Array.isArray(data)) return null;
  return data.flatMap((model: { id?: unknown } | null) => (typeof model?.id === 'string' ? [model.id] : []));
}

/** Chooses a model: the one that is wanted, in Ollama's words also without its tag; else the first that can talk. */
function chosen(models: readonly string[], wanted: string): string | undefined {
  if (wanted !== '')
    return models.find((model) => model === wanted) ?? models.find((model) => model === `${wanted}:latest`);
  return models.find((model) => !OTHER_KINDS.test(model));
}

function named(models: readonly string[]): string {
  return models.length === 0 ? 'it has none' : `it has ${models.slice(0, 20).join(', ')}`;
}

/** Looks for a server on this machine and a model of it. Returns null when there is none of either. */
async function localModel(settings: Variables): Promise<FoundModel | null> {
  const wanted = settings.LLM_MODEL ?? '';
  for (const { name, port } of modelServers(settings)) {
    const baseUrl = `http://127.0.0.1:${port}/v1`;
    const models = await modelsAt(baseUrl);
    if (models === null) continue;
    const model = chosen(models, wanted);
    if (model === undefined && wanted !== '') {
      throw new SettingsError(
        `LLM_MODEL is "${wanted}", which ${name} at ${baseUrl} does not have: ${named(models)}. LLM=off starts without a model.`,
      );
    }
    if (model === undefined) continue;
    const variables = { LLM_PROVIDER: 'openai-compatible', LLM_BASE_URL: baseUrl, LLM_MODEL: model };
    return { variables, words: `${model}, of ${name} at ${baseUrl} (found there; LLM=off switches it off)` };
  }
  return null;
}

function verb(names: readonly string[]): string {
  return names.length === 1 ? 'is' : 'are';
}

/** Says which variable is missing beside those that are set. */
function missing(names: readonly string[], beside: Record<string, string>): SettingsError {
  const set = Object.keys(beside).sort();
  return new SettingsError(
    `${names.join(' and ')} ${verb(names)} missing: ${set.join(', ')} ${verb(set)} set. LLM=off starts without a model.`,
  );
}

/** Switches on the model of the server that `LLM_BASE_URL` names. Throws when its half is missing. */
function namedModel(given: Record<string, string>): FoundModel {
  const { LLM_BASE_URL: baseUrl = '', LLM_MODEL: model = '' } = given;
  if (!/^https?:$/.test(URL.parse(baseUrl)?.protocol ?? '')) {
    throw new SettingsError(`LLM_BASE_URL must be an http or https URL, not "${baseUrl}".`);
  }
  if (model === '') throw missing(['LLM_MODEL'], given);
  return { variables: { ...given, LLM_PROVIDER: 'openai-compatible' }, words: `${model} at ${baseUrl}` };
}

/**
 * Finds the language model that settings mean, or one on this machine. `LLM=off` looks for none. Throws `SettingsError`
 * for half a configuration, by the name of the variable that is missing.
 */
export async function findModel(settings: Variables): Promise<FoundModel> {
  if (settings.LLM === 'off') return { variables: {}, words: 'off (LLM=off): the embedded agent speaks' };
  const { LLM_PORT: _port, ...given } = startingWith(settings, 'LLM_');
  const provider = given.LLM_PROVIDER ?? 'openai-compatible';
  if (provider === 'workers-ai') {
    throw new SettingsError(
      'LLM_PROVIDER=workers-ai has no local form: it works in a deployment (--env production). Name a server by LLM_BASE_URL, or start with LLM=off.',
    );
  }
  if (provider !== 'openai-compatible') {
    throw new SettingsError(`LLM_PROVIDER must be openai-compatible or workers-ai, not "${provider}".`);
  }
  if (given.LLM_BASE_URL !== undefined) return namedModel(given);
  const { LLM_MODEL: model, ...others } = given;
  if (Object.keys(others).length > 0) {
    throw missing(model === undefined ? ['LLM_BASE_URL', 'LLM_MODEL'] : ['LLM_BASE_URL'], given);
  }
  const found = await localModel(settings);
  if (found !== null) return found;
  if (model !== undefined) throw missing(['LLM_BASE_URL'], given);
  return {
    variables: {},
    words:
      'off: the embedded agent speaks. Start Ollama or LM Studio first, or set LLM_BASE_URL and LLM_MODEL',
  };
}
