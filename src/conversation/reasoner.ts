import { languageModelReasoner } from '../agent/language-model/language-model.ts';
import { modelSource } from '../agent/language-model/providers.ts';
import type { Reasoner } from '../agent/reasoner.ts';
import type { Env } from '../bindings.ts';
import { embeddedPaceMs } from '../deployment/switches.ts';
import { modelSettings } from '../deployment/models.ts';
import { logInfo } from '../log.ts';
import type { Model } from '../registry/capabilities.ts';
import type { Catalog } from '../registry/organization.ts';
import { embeddedReasoner } from './embedded-agent.ts';
import { platformTracer } from './turns/spans.ts';
import { wordVectors } from './word-vectors.ts';

/**
 * Reasoners of language models by the registry's models: as long as these are kept, so is what was learnt about their
 * servers. The rest of their configuration is the deployment's, and never changes in an isolate.
 */
const reasoners = new WeakMap<readonly Model[], Reasoner>();

/** Returns the reasoner that this deployment is configured with, for an organization and its models. */
export function reasonerOf(env: Env, { models }: Catalog): Reasoner {
  const embedded = embeddedReasoner({ paceMs: embeddedPaceMs(env), vectors: () => wordVectors(env) });
  const settings = modelSettings(env);
  if (settings === null) return embedded;
  const known = reasoners.get(models);
  if (known !== undefined) return known;
  const made = languageModelReasoner({
    models: modelSource(settings, models),
    fallbackReasoner: embedded,
    tracing: { tracer: platformTracer(), provider: settings.provider },
    report: ({ interaction, model, kind, status }) =>
      logInfo('model_failed', { interaction, model, kind, status }),
  });
  reasoners.set(models, made);
  return made;
}
