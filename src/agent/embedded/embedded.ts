import { pause } from '../../deadline.ts';
import type { ActionState, DecisionState } from '../../registry/graph.ts';
import type { Consultation, EngageStep, Reasoner, Situation, ToolOutputs } from '../reasoner.ts';
import { judgeMetric, memoryQueries, reflect, userModel } from './capabilities.ts';
import { chooseInActionState } from './choosing.ts';
import { chooseInDecisionState } from './deciding/decision-states.ts';
import { HISTORY_LIMIT } from './history-limit.ts';
import { extractStatements } from './memories.ts';
import { searchWords } from './search-words.ts';
import { situationInFull, utterancesInFull } from './in-full.ts';
import { behaviorSetOff, relevantBehaviors } from './triggers.ts';
import { toolInput } from './tool-input.ts';
import { messagePieces } from './message.ts';
import type { WordVectors } from './meaning/vectors.ts';
import { makeStarters, recommendResponses } from './suggestions.ts';

/** Stands for word vectors where there are none. */
const noVectors = () => Promise.resolve(null);

/** Options of the embedded reasoner. */
export interface EmbeddedOptions {
  /** The pause between two pieces of a message, in milliseconds; 0 for no pause. */
  paceMs: number;
  /** Returns the word vectors; null when there are none. They are loaded on first use. */
  vectors?: () => Promise<WordVectors | null>;
}

async function* engage(
  given: Situation,
  state: ActionState,
  { paceMs, vectors = noVectors }: EmbeddedOptions,
): AsyncGenerator<EngageStep, void, ToolOutputs> {
  const situation = situationInFull(given);
  const chosen = chooseInActionState(situation, state, await vectors());
  const { choice } = chosen;
  yield { type: 'choice', choice };
  if (choice.kind === 'exit') return;
  const parts = messagePieces(situation, state, choice.index, chosen);
  for (const [index, text] of parts.entries()) {
    if (index > 0 && paceMs > 0) await pause(paceMs, situation.signal);
    situation.signal.throwIfAborted();
    yield { type: 'piece', text, final: index === parts.length - 1 };
  }
}

async function* decide(
  situation: Situation,
  state: DecisionState,
  { vectors = noVectors }: EmbeddedOptions,
): Consultation<number> {
  yield* [];
  return chooseInDecisionState(situationInFull(situation), state, await vectors());
}

/** An answer that needs no tool. */
async function* atOnce<Answer>(answer: Answer): Consultation<Answer> {
  yield* [];
  return await Promise.resolve(answer);
}

/**
 * Returns a reasoner that needs no network and no language model. It follows rules and compares words, so that the same
 * situation always leads to the same result.
 */
export function embeddedReasoner(options: EmbeddedOptions): Reasoner {
  return {
    historyLimit: HISTORY_LIMIT,
    engage: (situation, state) => engage(situation, state, options),
    decide: (situation, state) => decide(situation, state, options),
    reflect: (situation, state) => atOnce(reflect(situation, state)),
    toolInput: (situation, _state, tool) => atOnce(toolInput(situationInFull(situation), tool)),
    memoryQueries: (situation) => Promise.resolve(memoryQueries(situation)),
    recallQueries: (_situation, requestedInformation) =>
      Promise.resolve([searchWords(requestedInformation)].filter(Boolean)),
    behaviorVectors: async () => (await (options.vectors ?? noVectors)()) !== null,
    relevantBehaviors: async ({ input }, behaviors) =>
      relevantBehaviors(utterancesInFull(input), behaviors, await (options.vectors ?? noVectors)()),
    selectBehavior: async ({ input }, candidates) =>
      behaviorSetOff(utterancesInFull(input), candidates, await (options.vectors ?? noVectors)()),
    recommend: ({ graph, history }, state, context) =>
      Promise.resolve(recommendResponses(graph, state, history, context)),
    starters: (request) => Promise.resolve(makeStarters(request)),
    extractMemories: ({ transcript }) => Promise.resolve(extractStatements(transcript)),
    userModel: (conversation) => Promise.resolve(userModel(conversation)),
    judgeMetric: (conversation, metric) => Promise.resolve(judgeMetric(conversation, metric)),
  };
}
