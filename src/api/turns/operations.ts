import type { Operation } from '../operation.ts';
import { getTurn } from './get-turn.ts';
import { stopInteraction } from './stop-interaction.ts';
import { streamInteraction } from './stream-interaction.ts';
import { truncateMessage } from './truncate-message.ts';

/** The operations on turns, beyond the published API. */
export const TURN_OPERATIONS: readonly Operation[] = [
  getTurn,
  streamInteraction,
  stopInteraction,
  truncateMessage,
];
