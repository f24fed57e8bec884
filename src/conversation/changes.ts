import type { Caller } from '../access/permissions.ts';
import { failure, success, type Outcome } from '../problems.ts';
import { MAX_TAGS, type Tags } from '../registry/primitives.ts';
import type { ConversationAccess } from './access.ts';
import { logConversationChange } from './audit.ts';
import type { ConversationWriter } from './conversation-writer.ts';
import type { Finishing } from './finishing.ts';
import type { RunningTurn } from './turns/running-turn.ts';

/** The parts that changes outside a turn need. */
export interface ChangeParts {
  access: ConversationAccess;
  running: RunningTurn;
  finishing: Finishing;
  writer: ConversationWriter;
}

/** Changes the conversation outside its turns, each for a caller who may. */
export class ConversationChanges {
  readonly #parts: ChangeParts;

  constructor(parts: ChangeParts) {
    this.#parts = parts;
  }

  /**
   * Ends the conversation and begins its analysis. On a finished one, takes up what is undone: an analysis that failed,
   * or a list that does not know the end. A request that is sent again with its key succeeds again.
   */
  async finish(caller: Caller, key: string | null = null): Promise<Outcome<null>> {
    const { access, running, finishing } = this.#parts;
    const opened = access.open(caller, await access.shownTo(caller), [
      'User:UpdateUserInfo',
      'Conversation:FinishConversation',
    ]);
    if (!opened.ok) return opened;
    const busy = running.refusal();
    if (busy !== null) return { ok: false, problem: busy };
    const record = opened.value;
    if (record.state === 'finished' && key !== null && record.analysis.finish_key === key)
      return success(null);
    if (record.state === 'finished' && !(await finishing.resume(record, caller.request_id))) {
      return failure('conversation_finished', 'The conversation is already finished.');
    }
    if (record.last_interaction === 0) {
      return failure('conversation_without_interactions', 'The conversation has no interactions.');
    }
    // It is stored before anything is awaited, and logged then: the process may die while the list is told.
    const told = record.state === 'open' ? finishing.finish(record, caller.request_id, key) : null;
    logConversationChange('finish-conversation', record.identity, caller);
    await told;
    return success(null);
  }

  /** Deletes tags, then sets tags; all of it or, when that would make too many, nothing. */
  async modifyTags(caller: Caller, updates: Tags, deletes: string[]): Promise<Outcome<null>> {
    const { access, writer } = this.#parts;
    const opened = access.open(caller, await access.shownTo(caller), ['Conversation:ModifyConversation']);
    if (!opened.ok) return opened;
    const record = opened.value;
    const gone = new Set(deletes);
    const kept = Object.entries(record.tags).filter(([key]) => !gone.has(key));
    const tags = { ...Object.fromEntries(kept), ...updates };
    if (Object.keys(tags).length > MAX_TAGS) {
      return failure('too_many_tags', `A conversation has at most ${MAX_TAGS} tags.`);
    }
    const changed = { ...record, tags, revision: record.revision + 1 };
    const told = writer.save(changed, caller.request_id);
    logConversationChange('modify-tags-of-conversation', record.identity, caller);
    await told;
    return success(null);
  }
}
