/** The embedded agent, which is loaded when it is first needed: a deployment with a language model seldom needs it. */
import type { EmbeddedOptions } from '../agent/embedded/embedded.ts';
import { HISTORY_LIMIT } from '../agent/embedded/history-limit.ts';
import type { Reasoner } from '../agent/reasoner.ts';
import { LateModule } from '../late-module.ts';

/** The module of the embedded agent. */
export const embeddedAgent = new LateModule(() => import('../agent/embedded/entrance.ts'));

/** Returns a generator that is made by `begin`, and begun with the first step. */
async function* begunLate<Step, Result, Reply>(
  begin: () => Promise<AsyncGenerator<Step, Result, Reply>>,
): AsyncGenerator<Step, Result, Reply> {
  return yield* await begin();
}

/** Returns a reasoner that answers as the one that `load` returns, which it asks for with each question. */
export function lateReasoner(load: () => Promise<Reasoner>): Reasoner {
  return {
    historyLimit: HISTORY_LIMIT,
    engage: (...asked) => begunLate(async () => (await load()).engage(...asked)),
    decide: (...asked) => begunLate(async () => (await load()).decide(...asked)),
    reflect: (...asked) => begunLate(async () => (await load()).reflect(...asked)),
    toolInput: (...asked) => begunLate(async () => (await load()).toolInput(...asked)),
    memoryQueries: async (...asked) => (await load()).memoryQueries(...asked),
    recallQueries: async (...asked) => (await load()).recallQueries(...asked),
    behaviorVectors: async (situation) => (await (await load()).behaviorVectors?.(situation)) ?? false,
    relevantBehaviors: async (...asked) => (await load()).relevantBehaviors(...asked),
    selectBehavior: async (...asked) => (await load()).selectBehavior(...asked),
    recommend: async (...asked) => (await load()).recommend(...asked),
    starters: async (request) => (await load()).starters(request),
    extractMemories: async (conversation) => (await load()).extractMemories(conversation),
    userModel: async (conversation) => (await load()).userModel(conversation),
    judgeMetric: async (...asked) => (await load()).judgeMetric(...asked),
  };
}

/** Returns the embedded reasoner: itself when its module is loaded, else one that loads it with its first question. */
export function embeddedReasoner(options: EmbeddedOptions): Reasoner {
  const { module } = embeddedAgent;
  if (module !== undefined) return module.embeddedReasoner(options);
  return lateReasoner(async () => (await embeddedAgent.load()).embeddedReasoner(options));
}
