import { UsageMeter } from '../agent/usage.ts';
import type { Reasoner } from '../agent/reasoner.ts';
import { stateNamed } from '../agent/walk.ts';
import { withDeadline } from '../deadline.ts';
import { problem } from '../problems.ts';
import type { Catalog } from '../registry/organization.ts';
import { versionKey } from '../registry/primitives.ts';
import type { RegistryReader } from '../registry/reader.ts';
import type { MessageReader } from './messages.ts';
import type { ConversationRecord } from './records.ts';
import { utteranceOf } from './turn.ts';

/** Asks a reasoner what the user of a conversation could say next. */
export class Recommendations {
  readonly #registry: RegistryReader;
  readonly #messages: MessageReader;
  readonly #reasoner: (catalog: Catalog) => Reasoner;
  readonly #deadlineMs: number;

  constructor(
    registry: RegistryReader,
    messages: MessageReader,
    reasoner: (catalog: Catalog) => Reasoner,
    deadlineMs: number,
  ) {
    this.#registry = registry;
    this.#messages = messages;
    this.#reasoner = reasoner;
    this.#deadlineMs = deadlineMs;
  }

  /** Returns responses, the best one first. Throws a `ProblemError` when the registry or the reasoner does not answer. */
  make(record: ConversationRecord, context: string): Promise<string[]> {
    const work = (signal: AbortSignal) => this.#make(record, context, signal);
    const late = () => problem('service_overloaded', 'The agent did not answer in time. Try again.');
    return withDeadline(this.#deadlineMs, work, { late });
  }

  async #make(
    { identity, position }: ConversationRecord,
    context: string,
    signal: AbortSignal,
  ): Promise<string[]> {
    const { organization, versions } = identity;
    const catalog = await this.#registry.catalog(organization);
    const graph = (await this.#registry.graphs(organization, versions.graph)).get(versionKey(position.graph));
    const agent = await this.#registry.agent(organization, versions.agent);
    if (graph === undefined || agent === null)
      throw problem('turn_failed', 'The agent is not in the registry.');
    const current = stateNamed(graph, position.state);
    if (current.type !== 'action')
      throw problem('turn_failed', 'The conversation stands between two states.');
    const situation = {
      graph,
      agent,
      user: { name: identity.user_name, model: identity.user_model },
      position,
      history: this.#messages.recent().map(utteranceOf),
      input: [],
      arrived: false,
      workingMemory: [],
      thoughts: [],
      toolResults: position.tool_results,
      behavior: null,
      models: versions.llm_model_preferences,
      meter: new UsageMeter(),
      signal,
    };
    return this.#reasoner(catalog).recommend(situation, current, context);
  }
}
