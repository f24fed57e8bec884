import type { Reasoner } from '../agent/reasoner.ts';
import type { Env } from '../bindings.ts';
import { modelProvider } from '../deployment/models.ts';
import type { Catalog } from '../registry/organization.ts';
import { speechOf } from '../speech/configured.ts';
import type { Speech } from '../speech/ports.ts';
import { memoryPort } from './memory-port.ts';
import { toolsOf } from './tool-port.ts';
import { reasonerOf } from './reasoner.ts';
import type { EnginePorts } from './turns/engine-input.ts';
import { platformTracer } from './turns/spans.ts';
import { TURN_DEADLINE_MS } from './turns/turn-run.ts';

/** The parts that can replace the usual ones, to build a conversation in another setting. */
export interface ConversationParts {
  reasoner: Reasoner;
  speech: Speech;
  /** The longest time that a turn may take, in milliseconds. */
  deadlineMs: number;
}

/** Everything that a conversation reaches outside its storage, by the configuration of the deployment. */
export interface Surroundings extends Pick<EnginePorts, 'tools' | 'memory' | 'tracing'> {
  env: Env;
  /** Returns the reasoner of an organization, with the models that its registry names. */
  reasoner: (catalog: Catalog) => Reasoner;
  /** Throws a problem when the deployment's voice is not in order. */
  speech: () => Speech;
  deadlineMs: number;
}

/** Returns the surroundings that the deployment configures, but for the parts that are given. */
export function surroundingsOf(
  env: Env,
  { reasoner, speech, deadlineMs }: Partial<ConversationParts>,
): Surroundings {
  return {
    env,
    reasoner: reasoner === undefined ? (catalog) => reasonerOf(env, catalog) : () => reasoner,
    tools: (catalog, caller, home) => toolsOf(env, catalog, caller, home),
    memory: (identity) => memoryPort(env, identity),
    speech: () => speech ?? speechOf(env),
    deadlineMs: deadlineMs ?? TURN_DEADLINE_MS,
    tracing: { tracer: platformTracer(), provider: modelProvider(env) },
  };
}
