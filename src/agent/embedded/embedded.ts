import { pause } from '../../deadline.ts';
import type { ActionState } from '../../registry/graph.ts';
import type { Consultation, EngageStep, Reasoner, Situation, ToolOutputs } from '../reasoner.ts';
import { judgeMetric, memoryQueries, reflect, userModel } from './capabilities.ts';
import { quotesIn, readAction } from './actions.ts';
import { chooseInActionState, type Chosen } from './choosing.ts';
import { chooseInDecisionState } from './deciding/decision-states.ts';
import { questionOf } from './reading/questions.ts';
import { rolesOf } from './reading/roles.ts';
import { toldFor } from './recollection.ts';
import { extractStatements } from './memories.ts';
import { isQuestion } from './signals.ts';
import { toolInput } from './tool-input.ts';
import { apology, PATIENCE, pieces, quoted, spoken } from './wording.ts';
import { makeStarters, recommendResponses } from './suggestions.ts';

/** How the embedded agent speaks. */
export interface EmbeddedOptions {
  /** The pause between two pieces of a message, in milliseconds. 0 speaks as fast as the machine. */
  paceMs: number;
}

/** What is said before the words of an action that are said again, or for want of anything better. */
function preface(
  { position, history, input }: Situation,
  index: number,
  { missed, waits }: Chosen,
): string[] {
  if (waits === true) return [PATIENCE];
  if (missed) return [apology(history.length, isQuestion(input.at(-1)?.text ?? ''))];
  return input.length === 0 && position.performed.includes(index) ? [PATIENCE] : [];
}

/** The question of a state's first plain action, in the words in which it is asked again; null when it quotes none. */
function questionToRepeat({ actions }: ActionState): string | null {
  const plain = actions.find((action) => readAction(action).occasion === null);
  return plain === undefined || quotesIn(plain).length === 0 ? null : questionOf(plain).text;
}

/** The words for the chosen action, behind those that a behavior set adds, or those alone when they override. */
function messageFor(situation: Situation, state: ActionState, index: number, chosen: Chosen): string {
  const { position, user, agent } = situation;
  const context = {
    answers: position.answers,
    userName: user.name,
    agentName: agent.name,
    toolOutput: situation.toolResults.at(-1)?.output ?? null,
    remembered: situation.workingMemory.findLast(({ content }) => content !== '')?.content ?? null,
    roles: rolesOf(situation.graph),
    pending: questionToRepeat(state),
    heard: situation.input.findLast(({ by }) => by === 'user')?.text ?? null,
    told: (name: string) => toldFor(situation, name),
  };
  const injected = (situation.behavior?.instructions ?? [])
    .map((text) => quoted(text, context))
    .filter(Boolean);
  if (situation.behavior?.overriding === true && injected.length > 0) return injected.join(' ');
  if (chosen.words !== undefined) return [...injected, chosen.words].join(' ');
  const own = spoken(state.actions[index] ?? '', context);
  return [...injected, ...preface(situation, index, chosen), own].join(' ');
}

async function* engage(
  situation: Situation,
  state: ActionState,
  paceMs: number,
): AsyncGenerator<EngageStep, void, ToolOutputs> {
  const chosen = chooseInActionState(situation, state);
  const { choice } = chosen;
  yield { type: 'choice', choice };
  if (choice.kind === 'exit') return;
  const parts = pieces(messageFor(situation, state, choice.index, chosen));
  for (const [index, text] of parts.entries()) {
    if (index > 0 && paceMs > 0) await pause(paceMs, situation.signal);
    situation.signal.throwIfAborted();
    yield { type: 'piece', text, final: index === parts.length - 1 };
  }
}

/** An answer that needs no tool. */
async function* atOnce<Answer>(answer: Answer): Consultation<Answer> {
  yield* [];
  return await Promise.resolve(answer);
}

/** The reasoner that needs no network and no model: rules, and the relevance of words. Deterministic. */
export function embeddedReasoner({ paceMs }: EmbeddedOptions): Reasoner {
  return {
    engage: (situation, state) => engage(situation, state, paceMs),
    decide: (situation, state) => atOnce(chooseInDecisionState(situation, state)),
    reflect: (situation, state) => atOnce(reflect(situation, state)),
    toolInput: (situation, _state, tool) => atOnce(toolInput(situation, tool)),
    memoryQueries: (situation) => Promise.resolve(memoryQueries(situation)),
    recallQueries: (_situation, requestedInformation) => Promise.resolve([requestedInformation]),
    // Relevance has put the best first, and there is nothing else to judge by.
    selectBehavior: () => Promise.resolve(0),
    recommend: ({ graph, history }, state, context) =>
      Promise.resolve(recommendResponses(graph, state, history, context)),
    starters: (request) => Promise.resolve(makeStarters(request)),
    extractMemories: ({ transcript }) => Promise.resolve(extractStatements(transcript)),
    userModel: (conversation) => Promise.resolve(userModel(conversation)),
    judgeMetric: (conversation, metric) => Promise.resolve(judgeMetric(conversation, metric)),
  };
}
