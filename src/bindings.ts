import type { Conversation } from './conversation/conversation.ts';
import type { Directory } from './directory/directory.ts';
import type { Memory } from './memory/memory.ts';
import type { RateLimiter } from './limits/rate-limiter.ts';

/** What the deployment binds and configures. README.md describes each variable. */
export interface Env {
  CONVERSATION: DurableObjectNamespace<Conversation>;
  DIRECTORY: DurableObjectNamespace<Directory>;
  LIMITER: DurableObjectNamespace<RateLimiter>;
  MEMORY: DurableObjectNamespace<Memory>;
  REGISTRY: KVNamespace;
  COUNTERS: KVNamespace;
  AUDIO: R2Bucket;
  /** Secret: the JWK set of tokens. The last key with a private half signs, all verify. */
  SIGNING_KEYS?: string;
  /** The origin under which clients reach this deployment, where it is not that of their requests. */
  PUBLIC_ORIGIN?: string;
  /** Development only: host names besides `localhost` that are answered, with commas between them. */
  ALLOWED_HOSTS?: string;
  /** Set in development only: lets demo keys sign in. Production leaves it unset. */
  DEVELOPMENT?: string;
  /** Development only: JSON of the identity that the demo page chats as. */
  DEMO?: string;
  /** `off` switches rate limits off; in development only. */
  RATE_LIMITS?: string;
  /** `on` switches the workbench on for administrators; in development it always is. */
  WORKBENCH?: string;
  /** `true`, or the seconds after which to try again: everything but `/healthz` answers 503. */
  MAINTENANCE?: string;
  /** `openai-compatible` or `workers-ai`; unset for the embedded agent. */
  LLM_PROVIDER?: string;
  /** For `openai-compatible`: the address in front of `/chat/completions`, and the key (a secret). */
  LLM_BASE_URL?: string;
  LLM_API_KEY?: string;
  /** The model used where nothing else is said: a name of the registry, or of the provider. */
  LLM_MODEL?: string;
  /** `openai-compatible` or `workers-ai`; unset for a deployment without voice. */
  SPEECH_PROVIDER?: string;
  /** For `openai-compatible`: the address in front of `/audio/speech`, and the key (a secret). */
  SPEECH_BASE_URL?: string;
  SPEECH_API_KEY?: string;
  /** The models of either side of voice; `off` switches the side off, unset is the provider's usual one. */
  TRANSCRIPTION_MODEL?: string;
  SPEECH_MODEL?: string;
  /** The voice that is asked for whatever voice the agent names. */
  SPEECH_VOICE?: string;
  /** ISO 639-3 codes with commas between them; unset, every language that the model has. */
  TRANSCRIPTION_LANGUAGES?: string;
  SPEECH_LANGUAGES?: string;
  /** Workers AI; production only. */
  AI?: Ai;
  /** The embedded agent's pause between two pieces of a message, in milliseconds. */
  EMBEDDED_PACE_MS?: string;
}

/** Whether this deployment is a development one. */
export function isDevelopment(env: Env): boolean {
  return env.DEVELOPMENT === 'true';
}

/** Whether `/workbench` shows the inside of agents here. */
export function workbenchIsOn(env: Env): boolean {
  return isDevelopment(env) || env.WORKBENCH === 'on';
}

/** Whether rate limits hold: always, but where a development deployment switched them off. */
export function rateLimitsHold(env: Env): boolean {
  return !(isDevelopment(env) && env.RATE_LIMITS === 'off');
}

/** The embedded agent's pace, in milliseconds: 0 unless configured, at most a second. */
export function embeddedPaceMs(env: Env): number {
  const pace = Number(env.EMBEDDED_PACE_MS ?? 0);
  return Number.isFinite(pace) ? Math.min(Math.max(pace, 0), 1000) : 0;
}
