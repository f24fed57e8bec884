import type { MemoryPort, ToolPort } from '../agent/ports.ts';
import type { Reasoner } from '../agent/reasoner.ts';
import type { Env } from '../bindings.ts';
import { modelProvider } from '../deployment/models.ts';
import type { Home } from '../home.ts';
import type { Catalog } from '../registry/organization.ts';
import { speechOf } from '../speech/configured.ts';
import type { Speech } from '../speech/ports.ts';
import type { ToolCaller } from '../tools/call-identity.ts';
import { memoryPort, toolsOf } from './engine-ports.ts';
import { reasonerOf } from './reasoner.ts';
import type { ConversationIdentity } from './records.ts';
import { platformTracer } from './turns/spans.ts';
import { TURN_DEADLINE_MS } from './turns/turn-run.ts';
import type { TurnTracing } from './turns/turn-spans.ts';

/** The parts that can replace the usual ones, to build a conversation in another setting. */
export interface ConversationParts {
  reasoner: Reasoner;
  speech: Speech;
  /** The longest time that a turn may take, in milliseconds. */
  deadlineMs: number;
}

/** Everything that a conversation reaches outside its storage, by the configuration of the deployment. */
export interface Surroundings {
  env: Env;
  /** Returns the reasoner of an organization, with the models that its registry names. */
  reasoner: (catalog: Catalog) => Reasoner;
  tools: (catalog: Catalog, caller: ToolCaller, home: Home) => ToolPort;
  memory: (identity: ConversationIdentity) => MemoryPort;
  /** Throws a problem when the deployment's voice is not in order. */
  speech: () => Speech;
  deadlineMs: number;
  tracing: TurnTracing;
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
