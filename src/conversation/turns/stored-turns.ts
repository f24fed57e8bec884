import { readWav } from '../../speech/wav.ts';
import type { MessageReader } from '../messages.ts';
import type { Recordings } from '../recordings.ts';
import type { ConversationRecord, InteractionRecord, MessageRecord } from '../records.ts';
import type { ReaderSpec } from './readers.ts';
import { storedTranscript, type StoredTurn } from './stored-transcript.ts';
import { timesOf } from './told.ts';
import type { Transcript } from './transcript.ts';

/** Reads the logs of turns that are stored. */
export class StoredTurns {
  readonly #messages: MessageReader;
  readonly #recordings: Recordings;

  constructor(messages: MessageReader, recordings: Recordings) {
    this.#messages = messages;
    this.#recordings = recordings;
  }

  /** Returns the log of an interaction. That of a spoken one takes a read of the bucket. Throws when that fails. */
  async transcript(record: ConversationRecord, interaction: InteractionRecord): Promise<Transcript> {
    const messages = this.#messages.between(interaction.first_message, interaction.last_message);
    const spoken = await this.#spoken(messages);
    return storedTranscript({
      conversation_id: record.identity.id,
      interaction,
      messages,
      completed: record.completed && interaction.sequence === record.last_interaction,
      ...(spoken !== null && { spoken }),
    });
  }

  async #spoken(messages: readonly MessageRecord[]): Promise<NonNullable<StoredTurn['spoken']> | null> {
    const answer = messages.findLast(({ type }) => type === 'agent-message');
    if (answer?.format !== 'voice') return null;
    const recording = this.#recordings.of(answer.sequence);
    if (recording === null) return null;
    const { samples } = readWav(await this.#recordings.read(recording.key));
    return { samples, times: answer.alignment === null ? null : timesOf(answer.alignment) };
  }
}

/**
 * Returns the cursor behind which the stream of a request begins that joined the turn after its first events; null for a
 * stream that begins with the first event.
 */
export function cursorBefore(transcript: Transcript, own: ReaderSpec['own']): number | null {
  if (own === 'all') return null;
  for (let cursor = transcript.start + 1; cursor <= transcript.last; cursor += 1) {
    const event = transcript.event(cursor);
    if (event?.type !== 'user-message-available' || !own(event.message_id)) continue;
    return (event.attempt ?? 1) > 1 ? cursor - 1 : null;
  }
  return null;
}
