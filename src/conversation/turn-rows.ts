/** Rows of a turn: its messages and its interaction, each within the bounds of a row. */
import { cutBytes } from '../text.ts';
import type { InteractionRecord, MessageRecord } from './records.ts';
import {
  boundedJson,
  boundedWhole,
  MAX_ACTIONS_BYTES,
  MAX_ALIGNMENT_BYTES,
  MAX_LOG_BYTES,
  MAX_PLACE_BYTES,
  MAX_TEXT_BYTES,
  MAX_TOLD_BYTES,
} from './row-bounds.ts';
import { emptyLog } from './upgrade.ts';

/** Writes a message. */
export function insertMessage(sql: SqlStorage, message: MessageRecord): void {
  sql.exec(
    `INSERT INTO messages (sequence, id, interaction, interaction_id, type, sender, text, format, created_at,
             sender_user_id, alignment, stopped)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    message.sequence,
    message.id,
    message.interaction,
    message.interaction_id,
    message.type,
    message.sender,
    cutBytes(message.text, MAX_TEXT_BYTES),
    message.format,
    message.created_at,
    message.sender_user_id,
    message.alignment === null ? null : boundedWhole(message.alignment, MAX_ALIGNMENT_BYTES),
    message.stopped,
  );
}

/** Writes an interaction. */
export function insertInteraction(sql: SqlStorage, interaction: InteractionRecord): void {
  sql.exec(
    `INSERT INTO interactions (sequence, id, first_message, last_message, started_at, log, actions, told,
           idempotency, stopped, place)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    interaction.sequence,
    interaction.id,
    interaction.first_message,
    interaction.last_message,
    interaction.started_at,
    boundedJson(interaction.log, MAX_LOG_BYTES, emptyLog(interaction.log)),
    boundedJson(interaction.actions, MAX_ACTIONS_BYTES, []),
    interaction.told === null ? null : boundedWhole(interaction.told, MAX_TOLD_BYTES),
    interaction.idempotency.length === 0 ? null : JSON.stringify(interaction.idempotency),
    interaction.stopped,
    interaction.place === null ? null : boundedWhole(interaction.place, MAX_PLACE_BYTES),
  );
}
