/**
 * The port to intelligence. The engine knows what a graph allows; a reasoner knows what to do with it. Two adapters
 * stand behind it: `embedded/` (rules that weigh evidence, offline) and `language-model/`.
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

/** One thing that was said or happened, as the agent sees it. Oldest first wherever there are several. */
export interface Utterance {
  by: 'user' | 'agent' | 'event' | 'thought';
  text: string;
}

/** What a dynamic behavior set adds to the present turn. */
export interface ActiveBehavior {
  instructions: readonly string[];
  /** Whether the instructions replace the state's guidelines rather than join them. */
  overriding: boolean;
}

/** The time of a user. */
export interface Clock {
  /** Milliseconds of the epoch. */
  now: number;
  /** The user's time zone by the IANA database; null where it is not known. */
  timezone: string | null;
}

/** What a reasoner may know when it decides or speaks. */
export interface Situation {
  /** The graph of the present state. */
  graph: ContextGraph;
  agent: Agent;
  /** `model` is what earlier conversations taught about the user; `null` when there were none. */
  user: { name: string; model: string | null };
  position: Position;
  /** A window of what came before this turn. */
  history: readonly Utterance[];
  /** The number of messages before the first of `history`; none where it is left out. */
  historyStart?: number;
  /** The time of the user; the time of the machine where it is left out. */
  clock?: Clock | undefined;
  /** What this turn brought: empty when the agent is to go on by itself. */
  input: readonly Utterance[];
  /** Whether the agent came to this state during this turn, so that `input` was already answered to. */
  arrived: boolean;
  /** What was recalled in this turn. */
  workingMemory: readonly WorkingMemory[];
  /** The agent's own thoughts of this turn: annotations and reflections. */
  thoughts: readonly string[];
  /** Results of tools: those kept from earlier turns, and those of this one. */
  toolResults: readonly ToolResult[];
  behavior: ActiveBehavior | null;
  /** The version set's preferences: which model for which interaction. */
  models: Readonly<Record<string, LanguageModelConfig>>;
  meter: UsageMeter;
  /** Aborts when the turn is over, whatever the reason. */
  signal: AbortSignal;
}

/** In an action state: one of its actions, or one of its exits, by index. */
export type Choice = { kind: 'action'; index: number } | { kind: 'exit'; index: number };

/** A tool that may be called now. */
export interface ToolCandidate {
  id: string;
  name: string;
  version: string;
  description: string;
  input_schema: JsonSchema;
  /** What the graph says about its use here. */
  instruction: string;
}

/** Tools to be called together. The generator that yields it is resumed with their outputs, in the same order. */
export interface ToolRound {
  type: 'tool-round';
  calls: { tool: ToolCandidate; input: Record<string, unknown> }[];
}

/** What a tool round gives back: the output of each call, a failure in words included. */
export type ToolOutputs = readonly string[];

/** A question to the reasoner that may use tools before it is answered. */
export type Consultation<Answer> = AsyncGenerator<ToolRound, Answer, ToolOutputs>;

/**
 * What `engage` yields: exactly one choice; after an action, the pieces of the message, the last one `final`. Tool
 * rounds before the choice serve the choice, those after it the message. Choosing and speaking are one stream, so
 * that a language model can do both in one call.
 */
export type EngageStep =
  { type: 'choice'; choice: Choice } | { type: 'piece'; text: string; final: boolean } | ToolRound;

/** The tools of an action state: for choosing what to do, and for doing it. */
export interface ActionTools {
  choosing: readonly ToolCandidate[];
  engaging: readonly ToolCandidate[];
}

/** A behavior set that relevance brought up, as the reasoner judges it. */
export interface BehaviorCandidate {
  name: string;
  triggers: readonly string[];
}

/** What a starter is asked about. Counts are inclusive. */
export interface StarterRequest {
  graph: ContextGraph;
  initialState: string;
  facets: readonly string[];
  minCount: number;
  maxCount: number;
  instructions: string;
  models: Readonly<Record<string, LanguageModelConfig>>;
  /** What earlier conversations taught about the user. */
  userModel: string | null;
  signal: AbortSignal;
  clock?: Clock | undefined;
}

/** A message of a finished conversation, for the analyses. */
export interface TranscriptLine {
  id: string;
  by: Utterance['by'];
  text: string;
}

/** Something worth knowing in a later conversation, and the messages it was learnt from. */
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
  /** The time of the user when the conversation ended. */
  clock?: Clock | undefined;
}

export interface Reasoner {
  /** The most messages of `history` that it reads; all of them where it is left out. */
  readonly historyLimit?: number;
  /** Sums up what does not fit into a prompt any more; null when there is nothing new to sum up. */
  summarize?(situation: Situation): Promise<Summary | null>;
  /** In an action state: chooses, and speaks when it chose an action. */
  engage(
    situation: Situation,
    state: ActionState,
    tools: ActionTools,
  ): AsyncGenerator<EngageStep, void, ToolOutputs>;
  /** The index of the exit that a decision state takes. */
  decide(situation: Situation, state: DecisionState, tools: readonly ToolCandidate[]): Consultation<number>;
  /** What a reflection state makes of its problem, within its limit of words. */
  reflect(
    situation: Situation,
    state: ReflectionState,
    tools: readonly ToolCandidate[],
  ): Consultation<string>;
  /** The input of a tool-call state's designated tool. It is validated after this, against the tool's schema. */
  toolInput(
    situation: Situation,
    state: ToolCallState,
    tool: ToolCandidate,
    tools: readonly ToolCandidate[],
  ): Consultation<Record<string, unknown>>;
  /** What to look up in memory before acting in an action state; nothing, usually. */
  memoryQueries(situation: Situation, state: ActionState): Promise<string[]>;
  /** The queries that bring up what a recall state requests. */
  recallQueries(situation: Situation, requestedInformation: string): Promise<string[]>;
  /** The indexes of the behavior sets that may have to do with what was said, the most relevant first. */
  relevantBehaviors(situation: Situation, behaviors: readonly BehaviorCandidate[]): readonly number[];
  /** Which of the behavior sets that relevance brought up fits, if any: an index. */
  selectBehavior(situation: Situation, candidates: readonly BehaviorCandidate[]): Promise<number | null>;
  /** What the user could say next, best first. */
  recommend(situation: Situation, state: ActionState, context: string): Promise<string[]>;
  starters(request: StarterRequest): Promise<Starter[]>;
  extractMemories(conversation: FinishedConversation): Promise<ExtractedMemory[]>;
  /** What is known about the user now, in a few sentences: the model so far, and this conversation. */
  userModel(conversation: FinishedConversation): Promise<string>;
  /** The value of a metric that is judged rather than computed. */
  judgeMetric(conversation: FinishedConversation, metric: Metric): Promise<MetricValue>;
}
