import { takeTurn } from '../../agent/engine.ts';
import type { Reasoner } from '../../agent/reasoner.ts';
import type { AgentAction } from '../../contract/agent-actions.ts';
import { withDeadline } from '../../deadline.ts';
import { problem } from '../../problems.ts';
import type { Catalog } from '../../registry/organization.ts';
import type { RegistryReader } from '../../registry/reader.ts';
import { readAgentInput, type AgentInput } from '../agent-input.ts';
import type { ActionView } from './action-view.ts';
import { engineInputOf, type EnginePorts } from './engine-input.ts';
import type { EventStream } from './event-stream.ts';
import type { Speaker } from './speaker.ts';
import { speakerOf, transcribe, type VoiceParts } from './turn-voice.ts';
import type { FinishedTurn, Turn } from './turn.ts';

/** The longest time that a turn may take, in milliseconds. */
export const TURN_DEADLINE_MS = 120_000;

/** The parts that a turn needs. */
export interface TurnParts extends EnginePorts, VoiceParts {
  registry: RegistryReader;
  /** The reasoner of an organization, with the models that its registry names. */
  reasoner: (catalog: Catalog) => Reasoner;
  deadlineMs: number;
}

/** Reads what the agent answers with. Throws `turn_failed` when it is not there. */
async function agentInputOf(turn: Turn, { registry }: TurnParts): Promise<AgentInput> {
  const input = await readAgentInput(registry, turn.record.identity);
  if (input !== null) return input;
  throw problem('turn_failed', 'The agent or the context graph of this conversation is not in the registry.');
}

/** Runs one turn: from what was sent to what is to be stored. It stores nothing; the conversation commits. */
export class TurnRun {
  readonly #turn: Turn;
  readonly #parts: TurnParts;
  readonly #stream: EventStream;
  readonly #view: ActionView;

  constructor(turn: Turn, parts: TurnParts, stream: EventStream, view: ActionView) {
    this.#turn = turn;
    this.#parts = parts;
    this.#stream = stream;
    this.#view = view;
  }

  /** Has the agent answer, and tells the stream of it as it goes. Throws when the turn comes to nothing. */
  finish(): Promise<FinishedTurn> {
    const late = () => problem('turn_deadline_exceeded', 'The agent did not answer in time.');
    return withDeadline(this.#parts.deadlineMs, (signal) => this.#walk(signal), { late });
  }

  /** Takes the turn step by step; between any two steps it may be given up. */
  async #walk(signal: AbortSignal): Promise<FinishedTurn> {
    const agent = await agentInputOf(this.#turn, this.#parts);
    signal.throwIfAborted();
    await this.#transcribe(agent, signal);
    const speaker = speakerOf(this.#turn, this.#parts, agent, this.#stream, signal);
    const input = engineInputOf(this.#turn, agent, this.#parts, signal);
    const events = takeTurn(input, this.#parts.reasoner(agent.catalog));
    for (let event = await events.next(); ; event = await events.next()) {
      signal.throwIfAborted();
      if (event.done === true) {
        const recording = await speaker.finish();
        const sender = agent.agent.name;
        return this.#turn.finished(event.value, { stamp: speaker.stamp(), sender, recording });
      }
      if (event.value.type === 'piece') speaker.say(event.value.text, event.value.final);
      else this.#act(event.value.action, speaker);
    }
  }

  async #transcribe(agent: AgentInput, signal: AbortSignal): Promise<void> {
    const message = await transcribe(this.#turn, this.#parts, agent, signal);
    if (message === null) return;
    const { id, text } = message;
    this.#stream.send({ type: 'user-message-available', message_id: id, user_message: text });
  }

  #act(action: AgentAction, speaker: Speaker): void {
    this.#turn.act(action);
    const shown = this.#view(action);
    if (shown === null) return;
    if (shown.type === 'action-too-long') speaker.sayMeanwhile(shown);
    else this.#stream.send({ type: 'current-agent-action', action: shown });
  }
}
