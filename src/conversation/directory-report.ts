import type { Env } from '../bindings.ts';
import { inTime } from '../deadline.ts';
import { directoryOfUser } from '../directory/client.ts';
import type { Directory } from '../directory/directory.ts';
import type { ConversationProgress } from '../directory/summary.ts';
import type { MessageReader } from './messages.ts';
import type { ConversationIdentity, ConversationRecord } from './records.ts';

/** The longest time that the Directory may take, in milliseconds. After that the alarm reports again. */
const DELIVERY_MS = 10_000;

/** Returns the shard of the Directory that lists a conversation. */
export function directoryFor(
  env: Pick<Env, 'DIRECTORY' | 'JURISDICTIONS'>,
  {
    organization: id,
    jurisdiction = null,
    directory_shards,
    user_id,
  }: Pick<ConversationIdentity, 'organization' | 'jurisdiction' | 'directory_shards' | 'user_id'>,
): DurableObjectStub<Directory> {
  return directoryOfUser(env, { id, jurisdiction, directory_shards }, user_id);
}

/** Returns what the Directory shows of a conversation. */
export function progressOf(record: ConversationRecord, finalMessage: string): ConversationProgress {
  return {
    revision: record.revision,
    is_finished: record.state === 'finished',
    completed_post_processings: record.analysis.completed,
    final_message: finalMessage,
    num_messages: record.num_messages,
    tags: record.tags,
    last_at: record.last_at,
  };
}

/** Reports to the Directory how the conversation stands. A report may be repeated: the Directory ignores what it knows. */
export class DirectoryReport {
  readonly #env: Env;
  readonly #messages: MessageReader;
  /** The newest revision that the Directory is known to have. A fresh object does not know. */
  #delivered = 0;

  constructor(env: Env, messages: MessageReader) {
    this.#env = env;
    this.#messages = messages;
  }

  /** Returns whether the Directory is known to have this revision. */
  knows({ revision }: ConversationRecord): boolean {
    return this.#delivered >= revision;
  }

  /** Notes that the newest message was cut, which makes no new revision: it is to be reported again. */
  outdated(): void {
    this.#delivered = 0;
  }

  /** Returns the text of the newest message: empty when there is none. */
  finalMessage(): string {
    return this.#messages.recent(1)[0]?.text ?? '';
  }

  /** Delivers a revision. Returns whether the Directory did not have it yet; throws when it does not answer. */
  async deliver(record: ConversationRecord, finalMessage = this.finalMessage()): Promise<boolean> {
    const directory = directoryFor(this.#env, record.identity);
    const told = directory.record(record.identity.id, progressOf(record, finalMessage));
    const wasNews = await inTime(DELIVERY_MS, told);
    this.#delivered = Math.max(this.#delivered, record.revision);
    return wasNews;
  }

  /** Delivers the revision unless the Directory is known to have it. */
  async catchUp(record: ConversationRecord): Promise<void> {
    if (!this.knows(record)) await this.deliver(record);
  }

  /** Gives back the place of a conversation that came to nothing. */
  async release(identity: ConversationIdentity): Promise<void> {
    await inTime(DELIVERY_MS, directoryFor(this.#env, identity).release(identity.id));
  }
}
