import type { Reasoner } from '../agent/reasoner.ts';
import type { UsageMeter } from '../agent/usage.ts';
import { stateNamed } from '../agent/walk.ts';
import { withDeadline } from '../deadline.ts';
import { newIdentifier } from '../identifiers.ts';
import { problem } from '../problems.ts';
import type { Catalog } from '../registry/organization.ts';
import { versionKey } from '../registry/primitives.ts';
import type { RegistryReader } from '../registry/reader.ts';
import { modelPreferences, readAgentInput } from './agent-input.ts';
import type { MessageReader } from './messages.ts';
import type { ConversationRecord } from './records.ts';
import { sideWork, type SideWork, type SideWorkParts } from './spending/side-work.ts';
import { utteranceOf } from './utterances.ts';

/** The parts that recommendations need. */
export interface RecommendationParts extends SideWorkParts {
  registry: RegistryReader;
  messages: MessageReader;
  /** The reasoner of an organization, with the models that its registry names. */
  reasoner: (catalog: Catalog) => Reasoner;
  deadlineMs: number;
}

/** Asks a reasoner what the user of a conversation could say next. */
export class Recommendations {
  readonly #parts: RecommendationParts;

  constructor(parts: RecommendationParts) {
    this.#parts = parts;
  }

  /** Returns responses, the best one first. Throws a `ProblemError` when the registry or the reasoner does not answer. */
  make(record: ConversationRecord, context: string): Promise<string[]> {
    const texts = this.#parts.messages.recent().map(({ text }) => text);
    const work = (signal: AbortSignal) =>
      sideWork(this.#parts, this.#work(record, [...texts, context]), (meter, isEconomical) =>
        this.#make(record, context, { signal, meter, isEconomical }),
      );
    const late = () => problem('service_overloaded', 'The agent did not answer in time. Try again.');
    return withDeadline(this.#parts.deadlineMs, work, { late });
  }

  /** Recommendations change nothing that is stored: they report their usage at once. */
  #work({ identity }: ConversationRecord, texts: readonly string[]): SideWork {
    const holder = `${identity.id}/${newIdentifier(Date.now())}`;
    return { spender: identity, holder, texts, reports: true };
  }

  async #make(
    { identity, position }: ConversationRecord,
    context: string,
    { signal, meter, isEconomical }: { signal: AbortSignal; meter: UsageMeter; isEconomical: boolean },
  ): Promise<string[]> {
    const { registry, messages, reasoner } = this.#parts;
    const found = await readAgentInput(registry, identity);
    const graph = found?.graphs.get(versionKey(position.graph));
    if (found === null || graph === undefined)
      throw problem('turn_failed', 'The agent is not in the registry.');
    const current = stateNamed(graph, position.state);
    if (current.type !== 'action')
      throw problem('turn_failed', 'The conversation stands between two states.');
    const { agent, catalog, timezone } = found;
    const chosen = reasoner(catalog);
    const history = messages.recent(chosen.historyLimit).map(utteranceOf);
    const situation = {
      graph,
      agent,
      user: { name: identity.user_name, model: identity.user_model },
      position,
      history,
      clock: { now: Date.now(), timezone },
      input: [],
      arrived: false,
      workingMemory: [],
      thoughts: [],
      toolResults: position.tool_results,
      behavior: null,
      models: modelPreferences(catalog, identity, isEconomical),
      meter,
      signal,
    };
    return chosen.recommend(situation, current, context);
  }
}
