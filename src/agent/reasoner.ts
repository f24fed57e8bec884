/**
 * The port to intelligence. The engine knows what a graph allows; a reasoner knows what to do with it. Two adapters
 * stand behind it: `embedded/` (rules and lexical relevance, offline) and, later, language models.
 */
import type { ActionState, ContextGraph, DecisionState } from '../registry/graph.ts';
import type { Agent } from '../registry/organization.ts';
import type { Position } from './position.ts';

/** One thing that was said or happened, as the agent sees it. Oldest first wherever there are several. */
export interface Utterance {
  by: 'user' | 'agent' | 'event' | 'thought';
  text: string;
}

/** What a reasoner may know when it decides or speaks. */
export interface Situation {
  graph: ContextGraph;
  agent: Agent;
  user: { name: string };
  position: Position;
  /** A window of what came before this turn. */
  history: readonly Utterance[];
  /** What this turn brought: empty when the agent is to go on by itself. */
  input: readonly Utterance[];
  /** Whether the agent came to this state during this turn, so that `input` was already answered to. */
  arrived: boolean;
  /** Aborts when the turn is over, whatever the reason. */
  signal: AbortSignal;
}

/** In an action state: one of its actions, or one of its exits, by index. */
export type Choice = { kind: 'action'; index: number } | { kind: 'exit'; index: number };

/**
 * What `engage` yields: exactly one choice first; after an action, the pieces of the message, the last one `final`.
 * Choosing and speaking are one stream, so that a language model can do both in one call.
 */
export type EngageStep = { type: 'choice'; choice: Choice } | { type: 'piece'; text: string; final: boolean };

/** What a starter is asked about. Counts are inclusive. */
export interface StarterRequest {
  graph: ContextGraph;
  initialState: string;
  facets: readonly string[];
  minCount: number;
  maxCount: number;
  instructions: string;
}

export interface Starter {
  prompt: string;
  facets: string[];
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

export interface Reasoner {
  engage(situation: Situation, state: ActionState): AsyncIterable<EngageStep>;
  /** The index of the exit that a decision state takes. */
  decide(situation: Situation, state: DecisionState): Promise<number>;
  /** What the user could say next, best first. */
  recommend(situation: Situation, state: ActionState, context: string): Promise<string[]>;
  starters(request: StarterRequest): Promise<Starter[]>;
  extractMemories(transcript: readonly TranscriptLine[]): Promise<ExtractedMemory[]>;
}
