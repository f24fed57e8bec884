import type { Home } from '../../home.ts';
import { failure, problem, type Problem } from '../../problems.ts';
import type { Agent, Catalog } from '../../registry/organization.ts';
import type { RegistryReader } from '../../registry/reader.ts';
import type { Recording, Speech } from '../../speech/ports.ts';
import type { ConversationIdentity } from '../records.ts';

/** More key terms than this are left out: providers bound them too. */
const MAX_KEYTERMS = 100;

/** The language a conversation is spoken in (ISO 639-3). */
function languageOf({ language }: Pick<ConversationIdentity, 'language'>, agent: Agent): string {
  // A conversation that began before languages were kept has none.
  return language ?? agent.default_spoken_language;
}

/** Speech of a conversation in both directions, by the deployment's providers, its agent's voice and its user's language. */
export class Voice {
  readonly #registry: RegistryReader;
  readonly #speech: () => Speech;
  readonly #demandBucket: (home: Home) => unknown;

  /**
   * `speech` throws a problem when the deployment's voice is not in order, and `demandBucket` when recordings of the
   * organization have no place: text is spoken all the same.
   */
  constructor(registry: RegistryReader, speech: () => Speech, demandBucket: (home: Home) => unknown) {
    this.#registry = registry;
    this.#speech = speech;
    this.#demandBucket = demandBucket;
  }

  /** Returns the problem that keeps a recording from being understood here; null when there is none. Throws 503 when voice is misconfigured. */
  async refuseListening(identity: ConversationIdentity): Promise<Problem | null> {
    const { transcriber } = this.#speech();
    if (transcriber === null) {
      return failure('voice_not_configured', 'No transcription is configured: send text.').problem;
    }
    this.#demandBucket(identity);
    const agent = await this.#agent(identity);
    const language = languageOf(identity, agent);
    if (transcriber.understands(language)) return null;
    return failure('voice_not_configured', `No transcription is configured for the language ${language}.`)
      .problem;
  }

  /** Returns the problem that keeps an answer from being spoken here; null when there is none. Throws 503 when voice is misconfigured. */
  async refuseSpeaking(identity: ConversationIdentity): Promise<Problem | null> {
    const { synthesizer } = this.#speech();
    if (synthesizer === null) {
      return failure('voice_not_configured', 'No speech is configured: ask for text.').problem;
    }
    this.#demandBucket(identity);
    const agent = await this.#agent(identity);
    if (agent.voice_config === null) {
      return failure('agent_without_voice', 'The agent has no voice: ask for text.').problem;
    }
    const language = languageOf(identity, agent);
    if (synthesizer.speaks(language)) return null;
    return failure('language_without_voice', `There is no voice for the language ${language}: ask for text.`)
      .problem;
  }

  /** Returns the words in a recording, without the space around them; empty when there are none. */
  async transcribe(
    recording: Recording,
    identity: ConversationIdentity,
    agent: Agent,
    { services }: Catalog,
    signal: AbortSignal,
  ): Promise<string> {
    const { transcriber } = this.#speech();
    if (transcriber === null) throw problem('voice_not_configured', 'No transcription is configured.');
    const service = services.find(({ id }) => id === identity.service_id);
    const organization = await this.#registry.organization(identity.organization);
    const keyterms = new Set([
      ...(service?.keyterms ?? []),
      ...(organization?.default_user_preferences.audio_keyterms ?? []),
    ]);
    const text = await transcriber.transcribe(recording, {
      language: languageOf(identity, agent),
      keyterms: [...keyterms].slice(0, MAX_KEYTERMS),
      signal,
    });
    return text.trim();
  }

  async speak(
    text: string,
    identity: ConversationIdentity,
    agent: Agent,
    signal: AbortSignal,
  ): Promise<Int16Array<ArrayBuffer>> {
    const { synthesizer } = this.#speech();
    if (synthesizer === null || agent.voice_config === null) {
      throw problem('agent_without_voice', 'The agent has no voice.');
    }
    const { voice_id: voice } = agent.voice_config;
    return synthesizer.speak(text, { voice, language: languageOf(identity, agent), signal });
  }

  async #agent({ organization, versions }: ConversationIdentity): Promise<Agent> {
    const agent = await this.#registry.agent(organization, versions.agent);
    if (agent === null) throw problem('turn_failed', 'The agent is not in the registry.');
    return agent;
  }
}
