/** Finds the language model of the local server: that of its settings, or one of a model server on this machine. */
import { modelServers, SettingsError, startingWith, type Variables } from '../settings.ts';

/** Maximum time of an answer of a server on this machine, in milliseconds. */
const PROBE_MS = 500;

/** Matches models that cannot hold a conversation, such as those for embeddings or transcription. */
const OTHER_KINDS = /embed|rerank|whisper|clip|\bbge\b|\btts\b|moderation/i;

/** A model that the local server uses. */
export interface FoundModel {
  /** Variables that configure the model in the Worker; none if the embedded agent speaks. */
  variables: Record<string, string>;
  /** Status of the model as text. */
  words: string;
}

/** Returns the models of a server, or null if no server answers in the form of the OpenAI protocol. */
async function modelsAt(baseUrl: string): Promise<string[] | null> {
  const answer = await fetch(`${baseUrl}/models`, { signal: AbortSignal.timeout(PROBE_MS) })
    .then((response) => (response.ok ? (response.json() as Promise<unknown>) : null))
    .catch(() => null);
  const { data } = (answer ?? {}) as { data?: unknown };
  if (!Array.isArray(data)) return null;
  return data.flatMap((model: { id?: unknown } | null) => (typeof model?.id === 'string' ? [model.id] : []));
}

/** Chooses a model: the wanted one, for Ollama also without its tag, or else the first one for conversations. */
function chosen(models: readonly string[], wanted: string): string | undefined {
  if (wanted !== '')
    return models.find((model) => model === wanted) ?? models.find((model) => model === `${wanted}:latest`);
  return models.find((model) => !OTHER_KINDS.test(model));
}

function named(models: readonly string[]): string {
  return models.length === 0 ? 'it has none' : `it has ${models.slice(0, 20).join(', ')}`;
}

/**
 * Returns a model of a server on this machine, or null if there is none. Throws `SettingsError` if the server lacks the
 * wanted model.
 */
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

/** Returns the error about variables that are missing while others are set. */
function missing(names: readonly string[], beside: Record<string, string>): SettingsError {
  const set = Object.keys(beside).sort();
  return new SettingsError(
    `${names.join(' and ')} ${verb(names)} missing: ${set.join(', ')} ${verb(set)} set. LLM=off starts without a model.`,
  );
}

/**
 * Returns the model of the server that `LLM_BASE_URL` names. Throws `SettingsError` for an invalid address or a missing
 * model.
 */
function namedModel(given: Record<string, string>): FoundModel {
  const { LLM_BASE_URL: baseUrl = '', LLM_MODEL: model = '' } = given;
  if (!/^https?:$/.test(URL.parse(baseUrl)?.protocol ?? '')) {
    throw new SettingsError(`LLM_BASE_URL must be an http or https URL, not "${baseUrl}".`);
  }
  if (model === '') throw missing(['LLM_MODEL'], given);
  return { variables: { ...given, LLM_PROVIDER: 'openai-compatible' }, words: `${model} at ${baseUrl}` };
}

/**
 * Finds the language model of the settings, or one on this machine. `LLM=off` looks for none. Throws `SettingsError`
 * with the name of the missing variable for an incomplete configuration.
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
