/** Makes turns of a test of conversations that took place. Pure: the workbench and `npm run agent:test` use it. */
import type { AgentAction } from './agent-actions.ts';
import type { DialogueTurn, Expectation } from './dialogues.ts';

/** A turn that took place. */
export interface TookPlace {
  /** Messages of the user and external events of the turn, in order. */
  heard: readonly { by: 'user' | 'event'; text: string }[];
  /** The steps of the agent, as its events named them. */
  actions: readonly AgentAction[];
  message: string;
  /** The state in which the agent spoke. */
  state: string;
  /** True when the turn ended the conversation. */
  ended: boolean;
  /** Names of the tools by their identifiers. */
  toolNames: ReadonlyMap<string, string>;
}

/** The steps that a replay needs. The others say when something happened, or repeat the message. */
const REPLAYED: ReadonlySet<AgentAction['type']> = new Set<AgentAction['type']>([
  'select-dynamic-behavior-completed',
  'check-if-active-memory-needed-completed',
  'extract-active-memories-completed',
  'navigate-state-machine-action-state-action-selected',
  'navigate-state-machine-exit-condition-selected',
  'navigate-state-machine-recall-state-dynamic-queries-generated',
  'navigate-state-machine-recall-state-active-memory-retrieved',
  'navigate-state-machine-reflection-state-reflection-generated',
  'navigate-state-machine-state-transitioned',
  'designated-tool-call-params-generated',
  'tool-call-ended',
]);

/** Returns the expectations that a turn itself meets: its state, path, tool inputs and end, and no wording. */
export function expectationOf({ actions, state, ended, toolNames }: TookPlace): Expectation {
  return {
    state,
    path: actions.flatMap((action) =>
      action.type === 'navigate-state-machine-state-transitioned' ? [action.next_state] : [],
    ),
    tools: actions.flatMap((action) =>
      action.type === 'tool-call-ended'
        ? [{ name: toolNames.get(action.tool_id) ?? action.tool_id, input: action.input_parameters }]
        : [],
    ),
    ended,
  };
}

/** Returns a turn as a test of itself, with what a replay needs. */
export function turnOf(turn: TookPlace): DialogueTurn {
  const textBy = (source: 'user' | 'event') =>
    turn.heard
      .filter(({ by }) => by === source)
      .map(({ text }) => text)
      .join('\n');
  const [say, event] = [textBy('user'), textBy('event')];
  return {
    ...(event === '' ? {} : { event }),
    ...(say === '' ? {} : { say }),
    expect: expectationOf(turn),
    recorded: { actions: turn.actions.filter(({ type }) => REPLAYED.has(type)), message: turn.message },
  };
}

/** Returns the memories that turns recalled, each once. */
export function memoriesOf(turns: readonly TookPlace[]): string[] {
  const contents = turns
    .flatMap(({ actions }) => actions)
    .flatMap((action) => ('queries_and_responses' in action ? action.queries_and_responses : []))
    .map(([, content]) => content)
    .filter((content) => content.trim() !== '');
  return [...new Set(contents)];
}

/** Returns the outputs of each tool in the order of its calls, by the name of the tool. */
export function toolOutputsOf(turns: readonly TookPlace[]): Record<string, string[]> {
  const outputs: Record<string, string[]> = {};
  for (const { actions, toolNames } of turns) {
    for (const action of actions) {
      if (action.type !== 'tool-call-ended') continue;
      (outputs[toolNames.get(action.tool_id) ?? action.tool_id] ??= []).push(action.result);
    }
  }
  return outputs;
}
