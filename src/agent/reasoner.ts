/**
 * The reasoner port. The engine knows what a graph allows, and a reasoner decides between these possibilities and
 * writes the messages. It has two adapters: `embedded/` (rules that weigh evidence, offline) and `language-model/`.
 */
import type { Starter } from '../contract/conversations.ts';
import type { WorkingMemory } from '../contract/insights.ts';
import type {
  ActionState,
  ContextGraph,
  DecisionState,
  ReflectionState,
  ToolCallState,
} from '../registry/graph.ts';
import type { Agent, LanguageModelConfig } from '../registry/organization.ts';
import type { JsonSchema, Metric, MetricValue } from '../registry/capabilities.ts';
import type { Position, Summary, ToolResult } from './position.ts';
import type { UsageMeter } from './usage.ts';

/** A message or an event, as the agent sees it. Lists of utterances begin with the oldest. */
export interface Utterance {
  by: 'user' | 'agent' | 'event' | 'thought';
  text: string;
}

/** Instructions that a dynamic behavior set adds to the present turn. */
export interface ActiveBehavior {
  instructions: readonly string[];
  /** True when the instructions replace the state's guidelines, false when they are added to them. */
  overriding: boolean;
}

/** Time and time zone of a user. */
export interface Clock {
  /** Milliseconds of the epoch. */
  now: number;
  /** IANA name of the user's time zone; null when it is not known. */
  timezone: string | null;
}

/** Input of a reasoner when it decides or speaks. */
export interface Situation {
  /** The graph of the present state. */
  graph: ContextGraph;
  /**
   * The graphs in which the user can have answered: the present one, those that called it, the innermost first, and all
   * that they refer to. Default: the present one.
   */
  graphs?: readonly ContextGraph[];
  agent: Agent;
  /** `model` describes the user by earlier conversations; null when there is no description. */
  user: { name: string; model: string | null };
  position: Position;
  /** The newest messages before this turn. */
  history: readonly Utterance[];
  /** Number of earlier messages that `history` does not contain. Default: 0. */
  historyStart?: number;
  /** The time of the user. Default: the time of the machine. */
  clock?: Clock | undefined;
  /** The input of this turn; empty when the agent speaks without one. */
  input: readonly Utterance[];
  /** True when the agent came to this state during this turn: an earlier state already used `input`. */
  arrived: boolean;
  /** Memories that were recalled in this turn. */
  workingMemory: readonly WorkingMemory[];
  /** The agent's own thoughts of this turn: annotations and reflections. */
  thoughts: readonly string[];
  /** Results of tools: those kept from earlier turns, and those of this one. */
  toolResults: readonly ToolResult[];
  behavior: ActiveBehavior | null;
  /** The states that a correction can reopen in this state, the newest first. Default: none. */
  revisits?: readonly Revisit[];
  /** Set on the way from a state that a correction reopened, in each state that the agent reaches in a turn. */
  correction?: Correction | undefined;
  /** The version set's preferences: which model for which interaction. */
  models: Readonly<Record<string, LanguageModelConfig>>;
  meter: UsageMeter;
  /** Aborts when the turn is over, whatever the reason. */
  signal: AbortSignal;
}

/**
 * Choice in an action state: the index of one of its actions or of one of its exits. Behind the exits of the state come
 * `Situation.revisits`: with two exits, the exit 2 is the first revisit.
 */
export type Choice = { kind: 'action'; index: number } | { kind: 'exit'; index: number };

/** A state, passed in this conversation, that a correction can reopen. */
export interface Revisit {
  state: ActionState;
  /** The graph of the state. */
  graph: ContextGraph;
  /** The condition, in the form of the description of an exit. */
  description: string;
}

/** The place of the present state on the way from a state that a correction reopened. */
export interface Correction {
  /** True in the state that was reopened: the user's message corrects the answer to it. */
  reopens: boolean;
  /** The index of the exit by which the present state was left before the correction; null when it is not known. */
  exit: number | null;
}

/** A tool that may be called now. */
export interface ToolCandidate {
  id: string;
  name: string;
  version: string;
  description: string;
  input_schema: JsonSchema;
  /** Instruction of the graph for the use of the tool in this state. */
  instruction: string;
}

/** Tools to be called together. The generator that yields it is resumed with their outputs, in the same order. */
export interface ToolRound {
  type: 'tool-round';
  calls: { tool: ToolCandidate; input: Record<string, unknown> }[];
}

/** Outputs of a tool round, in the order of its calls. The output of a failed call describes the failure. */
export type ToolOutputs = readonly string[];

/** A question to the reasoner that may use tools before it is answered. */
export type Consultation<Answer> = AsyncGenerator<ToolRound, Answer, ToolOutputs>;

/** A piece of the message. `waits`: the next one has not come from its model yet. */
export interface Piece {
  type: 'piece';
  text: string;
  final: boolean;
  waits?: boolean;
}

/**
 * A step of `engage`. The stream has exactly one choice. After the choice of an action, the pieces of the message
 * follow, the last one `final`. Tool rounds before the choice serve the choice; tool rounds after it serve the message.
 * Choice and message are one stream, so that a language model can produce both in one call.
 */
export type EngageStep = { type: 'choice'; choice: Choice } | Piece | ToolRound;

/** The tools of an action state: `choosing` for its choice, `engaging` for its message. */
export interface ActionTools {
  choosing: readonly ToolCandidate[];
  engaging: readonly ToolCandidate[];
}

/** The members of a behavior set by which a reasoner judges its relevance. */
export interface BehaviorCandidate {
  name: string;
  triggers: readonly string[];
}

/** Input of `starters`. The counts are inclusive. */
export interface StarterRequest {
  graph: ContextGraph;
  initialState: string;
  facets: readonly string[];
  minCount: number;
  maxCount: number;
  instructions: string;
  models: Readonly<Record<string, LanguageModelConfig>>;
  /** Description of the user by earlier conversations; null when there is none. */
  userModel: string | null;
  /** Counts the calls; absent where they are not counted. */
  meter?: UsageMeter;
  signal: AbortSignal;
  clock?: Clock | undefined;
}

/** A message of a finished conversation, for the analyses. */
export interface TranscriptLine {
  id: string;
  by: Utterance['by'];
  text: string;
}

/** A statement that is useful in a later conversation, and the identifiers of its source messages. */
export interface ExtractedMemory {
  text: string;
  message_ids: string[];
}

/** A finished conversation, for the analyses. */
export interface FinishedConversation {
  user: { name: string; model: string | null };
  transcript: readonly TranscriptLine[];
  models: Readonly<Record<string, LanguageModelConfig>>;
  signal: AbortSignal;
  /** Counts the calls of models. Default: they are not counted. */
  meter?: UsageMeter;
  /** The time of the user when the conversation ended. */
  clock?: Clock | undefined;
}

/** Makes the decisions and texts of an agent. */
export interface Reasoner {
  /** Maximum number of messages of `history` that it reads. Default: all of them. */
  readonly historyLimit?: number;
  /**
   * Summarizes the messages that no longer fit into a prompt. Returns null when there is no new message to summarize.
   */
  summarize?(situation: Situation): Promise<Summary | null>;
  /** Chooses an action or an exit of an action state, and writes the message of a chosen action. */
  engage(
    situation: Situation,
    state: ActionState,
    tools: ActionTools,
  ): AsyncGenerator<EngageStep, void, ToolOutputs>;
  /** Returns the index of the exit that a decision state takes. */
  decide(situation: Situation, state: DecisionState, tools: readonly ToolCandidate[]): Consultation<number>;
  /**
   * Returns a reflection on the problem of a reflection state. The engine cuts it to the limit of words of the state.
   */
  reflect(
    situation: Situation,
    state: ReflectionState,
    tools: readonly ToolCandidate[],
  ): Consultation<string>;
  /** Returns the input of a tool-call state's designated tool. The tool port validates it against the tool's schema. */
  toolInput(
    situation: Situation,
    state: ToolCallState,
    tool: ToolCandidate,
    tools: readonly ToolCandidate[],
  ): Consultation<Record<string, unknown>>;
  /** Returns the queries to memory before an action state acts; usually none. */
  memoryQueries(situation: Situation, state: ActionState): Promise<string[]>;
  /** Returns the queries that find the information that a recall state requests. */
  recallQueries(situation: Situation, requestedInformation: string): Promise<string[]>;
  /** Makes vectors of the input, by which behavior sets are found. Returns false when there are none. Default: none. */
  behaviorVectors?(situation: Situation): Promise<boolean>;
  /** Returns the indexes of the behavior sets that are relevant to the input, the most relevant first. */
  relevantBehaviors(
    situation: Situation,
    behaviors: readonly BehaviorCandidate[],
  ): readonly number[] | Promise<readonly number[]>;
  /** Returns the index of the candidate that fits the input, or null when none fits. */
  selectBehavior(situation: Situation, candidates: readonly BehaviorCandidate[]): Promise<number | null>;
  /** Returns messages that the user could send next, the best first. */
  recommend(situation: Situation, state: ActionState, context: string): Promise<string[]>;
  starters(request: StarterRequest): Promise<Starter[]>;
  extractMemories(conversation: FinishedConversation): Promise<ExtractedMemory[]>;
  /** Returns a new description of the user in a few sentences, from the earlier description and this conversation. */
  userModel(conversation: FinishedConversation): Promise<string>;
  /** Returns the value of a metric that is judged rather than computed. */
  judgeMetric(conversation: FinishedConversation, metric: Metric): Promise<MetricValue>;
}
