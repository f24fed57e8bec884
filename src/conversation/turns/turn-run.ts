import { takeTurn, type TurnResult } from '../../agent/engine.ts';
import type { Reasoner } from '../../agent/reasoner.ts';
import type { TurnEvent } from '../../agent/walk.ts';
import { settlesAtOnce, untilAborted, withDeadline } from '../../deadline.ts';
import { problem } from '../../problems.ts';
import type { Catalog } from '../../registry/organization.ts';
import type { RegistryReader } from '../../registry/reader.ts';
import { readAgentInput, type AgentInput } from '../agent-input.ts';
import type { Spending } from '../spending/spending.ts';
import { engineInputOf, type EnginePorts } from './engine-input.ts';
import type { LiveTurn } from './live-turn.ts';
import type { Speaker } from './speaker.ts';
import { speakerOf, transcribeAll, type VoiceParts } from './turn-voice.ts';
import { inAgentSpan, type TurnTracing } from './turn-spans.ts';
import type { FinishedTurn, Turn } from './turn.ts';

/** The longest time that a turn may take, in milliseconds. */
export const TURN_DEADLINE_MS = 120_000;

/** The parts that a turn needs. */
export interface TurnParts extends EnginePorts, VoiceParts {
  registry: RegistryReader;
  /** The reasoner of an organization, with the models that its registry names. */
  reasoner: (catalog: Catalog) => Reasoner;
  deadlineMs: number;
  tracing: TurnTracing;
  spending: Spending;
}

/** Reads what the agent answers with. Throws `turn_failed` when it is not there. */
async function agentInputOf(turn: Turn, { registry }: TurnParts): Promise<AgentInput> {
  const input = await readAgentInput(registry, turn.record.identity);
  if (input !== null) return input;
  throw problem('turn_failed', 'The agent or the context graph of this conversation is not in the registry.');
}

/** Runs one turn: from what was sent to what is to be stored. It stores nothing; the conversation commits. */
export class TurnRun {
  readonly #live: LiveTurn;
  readonly #turn: Turn;
  readonly #parts: TurnParts;

  constructor(live: LiveTurn, parts: TurnParts) {
    this.#live = live;
    this.#turn = live.turn;
    this.#parts = parts;
  }

  /** Has the agent answer, and tells the log of it as it goes. Throws when the turn comes to nothing. */
  finish(): Promise<FinishedTurn> {
    const late = () => problem('turn_deadline_exceeded', 'The agent did not answer in time.');
    return withDeadline(this.#parts.deadlineMs, (signal) => this.#attempts(signal), { late });
  }

  async #attempts(signal: AbortSignal): Promise<FinishedTurn> {
    const { record, input } = this.#turn;
    const agent = await agentInputOf(this.#turn, this.#parts);
    const texts = input.map(({ text }) => text);
    await untilAborted(this.#parts.spending.open(record.identity, texts), signal);
    return inAgentSpan(this.#parts.tracing, this.#live, agent, () => this.#walks(agent, signal));
  }

  /** Walks, and walks anew as often as further messages come before the answer. */
  async #walks(agent: AgentInput, signal: AbortSignal): Promise<FinishedTurn> {
    for (;;) {
      const attempt = AbortSignal.any([signal, this.#live.beginAttempt()]);
      try {
        return await this.#walk(agent, attempt);
      } catch (error) {
        if (!this.#live.isRestarting || signal.aborted) throw error;
      }
    }
  }

  /** Takes the turn step by step; between any two steps it may be given up. */
  async #walk(agent: AgentInput, signal: AbortSignal): Promise<FinishedTurn> {
    const turn = this.#turn;
    signal.throwIfAborted();
    await untilAborted(transcribeAll(turn, this.#parts, agent, signal), signal);
    this.#live.stage = 'walking';
    const made = speakerOf(this.#live, this.#parts, agent, signal);
    const speaker = made instanceof Promise ? await untilAborted(made, signal) : made;
    const input = engineInputOf(this.#live, agent, this.#parts, signal);
    turn.beginAt(input.position);
    const { readers } = this.#live;
    const events = takeTurn(input, this.#parts.reasoner(agent.catalog));
    try {
      for (let waits = false; ;) {
        const next = untilAborted(events.next(), signal);
        // What was told goes out before the turn waits; events that come together go out together.
        if (waits || !(await settlesAtOnce(next))) readers.flush();
        const event = await next;
        readers.hold();
        signal.throwIfAborted();
        if (event.done === true) return await this.#spoken(event.value, speaker, agent);
        waits = this.#tell(event.value, speaker);
      }
    } finally {
      readers.flush();
    }
  }

  /** Returns what is to be stored of the answer: of a stopped one, what reached the user. */
  async #spoken(result: TurnResult, speaker: Speaker, agent: AgentInput): Promise<FinishedTurn> {
    const live = this.#live;
    live.readers.flush();
    // The speech of an answer that is written already may still be stopped.
    const answer = await speaker.finish(() => (live.stopSignal.aborted ? { heard: live.heard } : null));
    live.stage = 'committing';
    const stopped = live.stopCause ?? (result.stopped ? 'user' : null);
    // Walks that were begun anew have used models too.
    const log = { ...result.log, model_calls: live.figures.modelCalls };
    const kept = { ...result, log, completed: stopped === null && result.completed };
    const message = { ...answer, stamp: speaker.stamp(), sender: agent.agent.name, stopped };
    return this.#turn.finished(kept, message);
  }

  /** Tells an event to the log. Returns true when the next one is known to come later. */
  #tell(event: TurnEvent, speaker: Speaker): boolean {
    if (event.type === 'piece') {
      speaker.say(event.text, event.final);
      return event.waits === true;
    }
    const { action } = event;
    if (action.type === 'action-too-long' && this.#live.showsFillers) speaker.sayMeanwhile(action);
    else this.#turn.transcript.act(action);
    return false;
  }
}
