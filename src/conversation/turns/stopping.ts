import type { Caller } from '../../access/permissions.ts';
import type { StoppedTurn, TruncatedMessage } from '../../contract/turns.ts';
import { logConversationChange } from '../audit.ts';
import { failure, success, type Outcome } from '../../problems.ts';
import type { ConversationAccess } from '../access.ts';
import type { ConversationWriter } from '../conversation-writer.ts';
import type { MessageReader } from '../messages.ts';
import type { InteractionRecord } from '../records.ts';
import type { ConversationStore } from '../store.ts';
import type { RunningTurn } from './running-turn.ts';
import type { Heard } from './stop.ts';
import { Truncation } from './truncation.ts';
import type { Recordings } from '../recordings.ts';
import { missingInteraction } from './turn-streams.ts';

/** The parts that stops need. */
export interface StoppingParts {
  access: ConversationAccess;
  store: ConversationStore;
  messages: MessageReader;
  writer: ConversationWriter;
  running: RunningTurn;
  recordings: Recordings;
}

/** Ends answers where they are, and cuts stored ones to what reached the user. */
export class Stopping {
  readonly #parts: StoppingParts;
  readonly #truncation: Truncation;

  constructor(parts: StoppingParts) {
    this.#parts = parts;
    this.#truncation = new Truncation(parts.recordings);
  }

  /** Stops the turn of an interaction. Answers when it is committed, or given up: then the next one may begin. */
  async stop(caller: Caller, interactionId: string, heard: Heard): Promise<Outcome<StoppedTurn>> {
    const { access, store, running } = this.#parts;
    const question = { caller, message: null, external_events: [], refusal: null };
    const allowed = access.forTurn(question, await access.shownTo(caller));
    if (!allowed.ok) return allowed;
    const { live } = running;
    if (live?.turn.interactionId === interactionId) {
      const { phase } = live.state;
      if (phase !== 'committing') live.stop(heard, 'user');
      const end = await live.ended;
      if (end.type === 'interaction-complete') {
        const { message_id, full_message, stopped = false } = end;
        return success({ interaction_id: interactionId, message_id, full_message, stopped });
      }
      if (end.code === 'turn_stopped') {
        return success({
          interaction_id: interactionId,
          message_id: null,
          full_message: null,
          stopped: true,
        });
      }
      return missingInteraction(allowed.value, interactionId);
    }
    const interaction = store.interaction(interactionId);
    if (interaction === null) return missingInteraction(allowed.value, interactionId);
    return success(this.#stored(interaction));
  }

  /** Cuts the newest message, which is the agent's, to what reached the user. */
  async truncate(caller: Caller, messageId: string, heard: Heard): Promise<Outcome<TruncatedMessage>> {
    const { access, messages, running, writer } = this.#parts;
    const truncation = this.#truncation;
    const question = { caller, message: null, external_events: [], refusal: null };
    const allowed = access.forTurn(question, await access.shownTo(caller));
    if (!allowed.ok) return allowed;
    const record = allowed.value;
    const message = messages.byId(messageId);
    if (message === null) return failure('message_not_found', 'There is no such message.');
    const isLatest = message.sequence === record.last_message && message.type === 'agent-message';
    if (!isLatest || running.isRunning) {
      return failure('message_not_latest', 'Only the newest message can be cut, while no turn runs.');
    }
    if (record.state !== 'open') {
      return failure('conversation_finished', 'The conversation is already finished.');
    }
    const cut = truncation.cut(message, heard);
    if (cut !== null) {
      const told = writer.saveCut(record, cut, caller.request_id);
      logConversationChange('truncate-message', record.identity, caller);
      await Promise.all([told, truncation.cutRecording(cut)]);
    }
    return success({
      message_id: messageId,
      full_message: cut?.text ?? message.text,
      truncated: cut !== null,
    });
  }

  #stored({ id, first_message, last_message }: InteractionRecord): StoppedTurn {
    const answer = this.#parts.messages
      .between(first_message, last_message)
      .findLast(({ type }) => type === 'agent-message');
    return {
      interaction_id: id,
      message_id: answer?.id ?? null,
      full_message: answer?.text ?? null,
      stopped: false,
    };
  }
}
