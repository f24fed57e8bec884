/** A recorded turn, as a replay asks for its parts. */
import type { ToolCandidate } from '../../../src/agent/reasoner.ts';
import type { AgentAction } from '../../../src/contract/agent-actions.ts';
import type { Recorded } from '../../../src/contract/dialogues.ts';
import { callOf, visitsOf, type RecordedCall, type Visit } from './visits.ts';

/** Thrown where the recording has no answer for the engine. The message says what is missing. */
export class NoRecordedAnswer extends Error {}

/** The recorded turn that is being replayed. */
export class RecordedTurn {
  #visits: Visit[] = [];
  #calls: RecordedCall[] = [];
  #actions: readonly AgentAction[] = [];
  #message = '';

  /** Begins a turn. `state` is the state in which the agent spoke when it was recorded. */
  begin({ actions, message }: Recorded, state: string): void {
    this.#actions = actions;
    this.#message = message;
    this.#visits = visitsOf(actions, state);
    this.#calls = actions.flatMap((action) => (action.type === 'tool-call-ended' ? [callOf(action)] : []));
  }

  get message(): string {
    return this.#message;
  }

  /** Returns the next visit of a state, and removes it and the visits before it. Throws when there is none. */
  visit(state: string, graph: string): Visit {
    const index = this.#visits.findIndex(
      (visit) => visit.state === state && (visit.graph === null || visit.graph === graph),
    );
    const visit = this.#visits[index];
    if (visit === undefined) {
      throw new NoRecordedAnswer(`the recording has no answer in the state "${state}"`);
    }
    this.#visits = this.#visits.slice(index + 1);
    return visit;
  }

  /** Returns the output of the next recorded call of a tool. Throws when there is none. */
  output(tool: Pick<ToolCandidate, 'id' | 'name'>): string {
    const index = this.#calls.findIndex(({ tool_id }) => tool_id === tool.id);
    const call = this.#calls[index];
    if (call === undefined) {
      throw new NoRecordedAnswer(`the recording has no result of the tool "${tool.name}"`);
    }
    this.#calls = this.#calls.toSpliced(index, 1);
    return call.output;
  }

  /** Returns the recorded queries of the memory check. */
  memoryQueries(): string[] {
    return this.#actions.flatMap((action) =>
      action.type === 'check-if-active-memory-needed-completed' ? action.queries : [],
    );
  }

  /** Returns the recorded answers of memory by their queries. */
  memories(): Map<string, string> {
    return new Map(
      this.#actions.flatMap((action) =>
        'queries_and_responses' in action ? action.queries_and_responses : [],
      ),
    );
  }

  /** Returns the identifier of the recorded behavior set, or null. */
  behavior(): string | null {
    const selected = this.#actions.findLast(({ type }) => type === 'select-dynamic-behavior-completed');
    return selected?.type === 'select-dynamic-behavior-completed'
      ? (selected.selected_dynamic_behavior_set_version_info?.[0] ?? null)
      : null;
  }
}
