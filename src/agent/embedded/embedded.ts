import type { ActionState } from '../../registry/graph.ts';
import type { EngageStep, Reasoner, Situation } from '../reasoner.ts';
import { chooseInActionState, chooseInDecisionState } from './choosing.ts';
import { extractStatements } from './memories.ts';
import { isQuestion } from './signals.ts';
import { apology, PATIENCE, pieces, spoken } from './speech.ts';
import { makeStarters, recommendResponses } from './suggestions.ts';

/** How the embedded agent speaks. */
export interface EmbeddedOptions {
  /** The pause between two pieces of a message, in milliseconds. 0 speaks as fast as the machine. */
  paceMs: number;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** The words for the chosen action, with what shows that they are said for want of anything better. */
function messageFor(situation: Situation, state: ActionState, index: number, missed: boolean): string {
  const { position, user, agent, history, input } = situation;
  const context = { answers: position.answers, userName: user.name, agentName: agent.name };
  const words = spoken(state.actions[index] ?? '', context);
  if (missed) return `${apology(history.length, isQuestion(input.at(-1)?.text ?? ''))} ${words}`;
  return input.length === 0 && position.performed.includes(index) ? `${PATIENCE} ${words}` : words;
}

async function* engage(situation: Situation, state: ActionState, paceMs: number): AsyncGenerator<EngageStep> {
  const { choice, missed } = chooseInActionState(situation, state);
  yield { type: 'choice', choice };
  if (choice.kind === 'exit') return;
  const parts = pieces(messageFor(situation, state, choice.index, missed));
  for (const [index, text] of parts.entries()) {
    if (index > 0 && paceMs > 0) await pause(paceMs);
    situation.signal.throwIfAborted();
    yield { type: 'piece', text, final: index === parts.length - 1 };
  }
}

/** The reasoner that needs no network and no model: rules, and the relevance of words. Deterministic. */
export function embeddedReasoner({ paceMs }: EmbeddedOptions): Reasoner {
  return {
    engage: (situation, state) => engage(situation, state, paceMs),
    decide: (situation, state) => Promise.resolve(chooseInDecisionState(situation, state)),
    recommend: ({ graph, history }, state, context) =>
      Promise.resolve(recommendResponses(graph, state, history, context)),
    starters: (request) => Promise.resolve(makeStarters(request)),
    extractMemories: (transcript) => Promise.resolve(extractStatements(transcript)),
  };
}
