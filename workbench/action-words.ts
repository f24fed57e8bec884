/**
 * The agent's actions in words for the designers of a conversation. The widget, whose words are few, only names the
 * kind.
 */
import type { AgentAction } from '../src/contract/agent-actions.ts';

/** More than this does not help a reader who only glances at it. */
const MAX_QUOTED_CHARACTERS = 110;

/** Matches the place where instructions to an agent go on with examples and set phrases: `…, such as "…"`, `…: "…"`. */
const EXAMPLES = /(?:, such as|:)? ["“].*$/s;

/** Cut after a whole word, where the text has words. */
function shortened(text: string): string {
  const characters = Array.from(text);
  if (characters.length <= MAX_QUOTED_CHARACTERS) return text;
  const start = characters.slice(0, MAX_QUOTED_CHARACTERS).join('');
  return `${start.replace(/\s+\S*$/, '')} …`;
}

function quoted(text: string): string {
  return `“${shortened(text.trim())}”`;
}

/** Returns an instruction without its examples. */
function instruction(text: string): string {
  return text.trim().replace(EXAMPLES, '') || text;
}

/** Returns the name of a state in words. Designers of conversations name states `like_this`. */
function stateName(name: string): string {
  return quoted(name.replaceAll('_', ' '));
}

function listed(texts: readonly string[]): string {
  return texts.map(quoted).join(', ');
}

/** Returns the questions of pairs of a question and what was found. */
function questions(pairs: readonly (readonly [string, string])[]): string {
  return listed(pairs.map(([question]) => question));
}

function seconds(duration: number): string {
  return duration < 0.1 ? 'at once' : `after ${duration.toFixed(1)} s`;
}

type Words = {
  readonly [Type in AgentAction['type']]: (action: Extract<AgentAction, { type: Type }>) => string | null;
};

function toolAnswered({ duration }: { duration: number }): string {
  return `The tool answers ${seconds(duration)}`;
}

/** Every action has its words here, or the compiler complains. `null`: it tells a reader nothing. */
const WORDS: Words = {
  'select-dynamic-behavior-vector-generated': () => 'Reads what was said',
  'select-dynamic-behavior-relevance-retrieval-completed': () => 'Looks for special instructions that fit',
  'select-dynamic-behavior-completed': ({ selected_dynamic_behavior_set_version_info: selected }) =>
    selected === null ? 'No special instructions apply' : 'Follows special instructions for this situation',
  'check-if-active-memory-needed-completed': ({ queries }) =>
    queries.length === 0
      ? 'Needs nothing from earlier conversations'
      : `Tries to remember: ${listed(queries)}`,
  'extract-active-memories-completed': ({ queries_and_responses: found }) =>
    found.length === 0 ? 'Remembers nothing about it' : `Remembers something about ${questions(found)}`,

  'navigate-state-machine-dynamic-behavior-override': () => 'Puts the special instructions first',
  'navigate-state-machine-action-state-action-selected': ({ action }) =>
    `Chooses what to do: ${quoted(instruction(action))}`,
  'navigate-state-machine-decision-state-decision-started': () => 'Decides which way to go',
  'navigate-state-machine-exit-condition-selected': ({ exit_condition }) =>
    `Notices: ${quoted(instruction(exit_condition))}`,
  'navigate-state-machine-state-transitioned': ({ prev_state, next_state }) =>
    `Moves on from ${stateName(prev_state)} to ${stateName(next_state)}`,
  'navigate-state-machine-recall-state-dynamic-queries-generated': ({ dynamic_queries }) =>
    `Wants to know: ${listed(dynamic_queries)}`,
  'navigate-state-machine-recall-state-static-queries-retrieved': ({ static_queries }) =>
    `Looks up: ${listed(static_queries)}`,
  'navigate-state-machine-recall-state-active-memory-retrieved': ({ queries_and_responses: found }) =>
    found.length === 0
      ? 'Finds nothing in earlier conversations'
      : `Finds in earlier conversations: ${questions(found)}`,
  'navigate-state-machine-reflection-state-prompt-retrieved': () => 'Stops to think',
  'navigate-state-machine-reflection-state-reflection-generated': ({ reflection }) =>
    `Thinks: ${quoted(reflection)}`,
  'navigate-state-machine-annotation-state-annotation-retrieved': ({ annotation }) =>
    `Makes a note: ${quoted(annotation)}`,

  'designated-tool-retrieved': () => 'Takes up a tool',
  'designated-tool-call-params-generated': () => 'Decides what to ask the tool',
  'navigate-state-machine-tool-call-state-tool-output-available': toolAnswered,
  'tool-call-started': () => 'Uses a tool',
  'tool-call-ended': toolAnswered,

  'engage-user-dynamic-behavior-override': () => 'Puts the special instructions first',
  // A piece of the answer, which is on the screen already.
  'engage-user-message-fragment-generated': () => null,
  'action-too-long': ({ filler }) => `Says meanwhile: ${quoted(filler)}`,
};

/** Returns an action in words; null for one that is not shown. */
export function describeAction(action: AgentAction): string | null {
  // The server may be newer than this page and know actions that have no words here.
  if (!Object.hasOwn(WORDS, action.type)) return null;
  // The compiler does not see that the words found by an action's type take that very action.
  const describe = WORDS[action.type] as (action: AgentAction) => string | null;
  return describe(action);
}
