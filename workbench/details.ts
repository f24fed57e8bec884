/** The content of the tabs on the right, as plain elements made of text. */
import type {
  ToolCallRounds,
  StateTransitionLog,
  ConversationMetrics,
  InteractionInsights,
} from '../src/contract/insights.ts';
import { hint, make } from './elements.ts';
import { exitsOf, graphKey, words, type GraphNode } from './graph-model.ts';
import { KIND_NAMES } from './graph-view.ts';
import type { MemoriesAnswer } from '../src/contract/workbench.ts';

function section(title: string, ...content: Node[]): HTMLElement {
  return make('section', { class: 'block' }, make('h3', {}, title), ...content);
}

function texts(items: readonly string[]): HTMLUListElement {
  return make('ul', {}, ...items.map((text) => make('li', { dir: 'auto' }, text)));
}

/** A part that is left out when there is nothing to say. */
function listed(title: string, items: readonly string[]): HTMLElement[] {
  return items.length === 0 ? [] : [section(title, texts(items))];
}

/** Makes a block of a value's JSON text. */
export function json(value: unknown): HTMLPreElement {
  return make('pre', { tabindex: '0' }, JSON.stringify(value, null, 2));
}

function because(move: StateTransitionLog): string {
  switch (move.type) {
    case 'action':
    case 'decision':
      return move.previous_state_exit_condition_description;
    case 'recall':
      return `asked memory: ${move.performed_queries.join(', ')}`;
    case 'jumpback':
      return 'the other graph has come to its end';
    case 'annotation':
      return 'made a note';
    case 'reflection':
      return 'thought about it';
    case 'tool-call':
      return `called ${move.designated_tool_call_log.tool_name}`;
  }
}

function transitions(moves: readonly StateTransitionLog[]): HTMLElement {
  if (moves.length === 0) return section('Way', hint('The turn stayed where it was.'));
  const rows = moves.map((move) =>
    make(
      'li',
      {},
      make('strong', {}, `${words(move.previous_state)} → ${words(move.next_state)}`),
      make('span', { class: 'why', dir: 'auto' }, because(move)),
    ),
  );
  return section('Way', make('ol', { class: 'moves' }, ...rows));
}

function toolCalls(title: string, rounds: ToolCallRounds): HTMLElement[] {
  const calls = rounds.flat();
  return calls.length === 0 ? [] : [section(title, ...calls.map(json))];
}

/** Makes the content of the tab "Insights". */
export function insightsOf(insights: InteractionInsights): HTMLElement[] {
  const calls = insights.state_transition_logs.flatMap((move) => {
    if (move.type === 'tool-call') return [[move.designated_tool_call_log], ...move.tool_call_logs];
    return 'tool_call_logs' in move ? move.tool_call_logs : [];
  });
  const behavior = insights.triggered_dynamic_behavior_set_version_info;
  return [
    section(
      'State',
      make('p', {}, make('strong', {}, words(insights.current_state_name))),
      make('p', { class: 'why', dir: 'auto' }, insights.current_state_objective),
    ),
    section('Action', make('p', { dir: 'auto' }, insights.current_state_action)),
    transitions(insights.state_transition_logs),
    ...listed(
      'Working memory',
      insights.working_memory.map(({ content, context }) => `${context}: ${content}`),
    ),
    ...listed('Reflections', insights.reflections),
    ...(behavior === null ? [] : [section('Dynamic behavior', make('p', {}, graphKey(behavior)))]),
    ...toolCalls('Tools on the way', calls),
    ...toolCalls('Tools before choosing', insights.select_next_action_tool_call_logs),
    ...toolCalls('Tools before speaking', insights.engage_user_tool_call_logs),
    ...(insights.model_calls.length === 0
      ? []
      : [section('Calls of models', ...insights.model_calls.map(json))]),
  ];
}

/** Makes the list of a conversation's metrics; nothing before they are computed. */
export function metricsOf({ metrics }: ConversationMetrics): HTMLElement[] {
  return listed(
    'Metrics of the conversation',
    metrics.map(({ name, value }) => `${name}: ${String(value)}`),
  );
}

function beginning({ beginsFor, isTerminal }: GraphNode): string {
  if (isTerminal) return 'The end of its graph.';
  return beginsFor === null ? '' : `Conversations of ${beginsFor} begin here.`;
}

/** Makes the content of the tab "State". */
export function stateOf(node: GraphNode): HTMLElement[] {
  const head = section(
    node.label,
    make('p', { class: 'why' }, `${KIND_NAMES[node.kind]}. ${beginning(node)}`),
  );
  const { state, isReopened, isFinal } = node;
  if (state === null) return [head, hint('The other graph is shown in its own picture.')];
  const exits = exitsOf(state).map(({ next, condition }) => {
    const to = words(typeof next === 'string' ? next : `${next[0]}, then ${next[1]}`);
    return condition === null ? `to ${to}` : `to ${to}: ${condition}`;
  });
  return [
    head,
    ...('objective' in state ? [section('Objective', make('p', { dir: 'auto' }, state.objective))] : []),
    ...(state.type === 'action' ? listed('Actions', state.actions) : []),
    ...listed('Ways out', exits),
    ...(isReopened ? [hint('A correction of the user reopens this state.')] : []),
    ...(isFinal ? [hint('No way leads back to this state: its answer cannot be corrected.')] : []),
    section('As it is written', make('details', {}, make('summary', {}, 'JSON'), json(state))),
  ];
}

/** Makes the content of the tab "Memories". */
export function memoriesOf(
  { user_model, memories, has_more }: MemoriesAnswer,
  open: (conversation: string) => void,
  more: () => void,
): HTMLElement[] {
  const model =
    user_model === null
      ? hint('Nothing yet: it is made when a conversation has ended.')
      : make('p', { class: 'user-model', dir: 'auto' }, user_model);
  const items = memories.map(({ text, conversation_id }) => {
    const button = make('button', { type: 'button', class: 'link' }, 'Open its conversation');
    button.addEventListener('click', () => open(conversation_id));
    return make('li', {}, make('p', { dir: 'auto' }, text), button);
  });
  const list = items.length === 0 ? hint('None.') : make('ul', { class: 'memories' }, ...items);
  const further = make('button', { type: 'button', class: 'quiet' }, 'Load older memories');
  further.addEventListener('click', more);
  return [
    section('User model', model),
    section('Memories, the newest first', list, ...(has_more ? [further] : [])),
  ];
}
