import type { MemoryPort } from '../agent/ports.ts';
import { embeddedReasoner } from '../agent/embedded/embedded.ts';
import { languageModelReasoner } from '../agent/language-model/language-model.ts';
import { modelSource } from '../agent/language-model/providers.ts';
import type { Reasoner } from '../agent/reasoner.ts';
import type { Env } from '../bindings.ts';
import { embeddedPaceMs, isDevelopment } from '../deployment/switches.ts';
import { modelSettings } from '../deployment/models.ts';
import { logInfo } from '../log.ts';
import type { Model } from '../registry/capabilities.ts';
import type { Catalog } from '../registry/organization.ts';
import type { ToolCaller } from '../tools/call-identity.ts';
import { HttpTools } from '../tools/http-tools.ts';
import { signToolCall } from '../tools/tool-token.ts';
import { askMemory, memoryOf } from '../memory/client.ts';
import type { ConversationIdentity } from './records.ts';

/**
 * Reasoners of language models by the registry's models: as long as these are kept, so is what was learnt about their
 * servers. The rest of their configuration is the deployment's, and never changes in an isolate.
 */
const reasoners = new WeakMap<readonly Model[], Reasoner>();

/** The reasoner that this deployment is configured with, for an organization and its models. */
export function reasonerOf(env: Env, { models }: Catalog): Reasoner {
  const embedded = embeddedReasoner({ paceMs: embeddedPaceMs(env) });
  const settings = modelSettings(env);
  if (settings === null) return embedded;
  const known = reasoners.get(models);
  if (known !== undefined) return known;
  const made = languageModelReasoner({
    models: modelSource(settings, models),
    fallbackReasoner: embedded,
    report: ({ interaction, model, kind, status }) =>
      logInfo('model_failed', { interaction, model, kind, status }),
  });
  reasoners.set(models, made);
  return made;
}

/** Returns the tools of an organization for one turn. Their secrets are secrets of the deployment. */
export function toolsOf(env: Env, { tools }: Catalog, caller: ToolCaller): HttpTools {
  const secrets = env as unknown as Record<string, unknown>;
  return new HttpTools(tools, caller, {
    secret: (name) => {
      const value = secrets[name];
      return typeof value === 'string' && value !== '' ? value : undefined;
    },
    sign: (claims) => signToolCall(env.SIGNING_KEYS, claims, Date.now()),
    privateAddresses: isDevelopment(env),
  });
}

/** The memories of a conversation's user, as the engine asks for them. */
export function memoryPort(env: Env, { organization, user_id, id }: ConversationIdentity): MemoryPort {
  return {
    recall: async (queries) => {
      const responses = await askMemory(
        memoryOf(env, organization, user_id),
        (memory) => memory.recall([...queries]),
        null,
        { conversation_id: id },
      );
      return responses === null ? [] : queries.map((query, index) => [query, responses[index] ?? '']);
    },
  };
}
