import type { Caller, Permission } from '../access/permissions.ts';
import type { Position } from '../agent/position.ts';
import type { AgentAction } from '../contract/agent-actions.ts';
import type { ConversationMetrics, InteractionInsights } from '../contract/insights.ts';
import { bytesOfTexts, pageOf } from '../pages.ts';
import type { ResolvedVersions } from '../registry/reader.ts';
import { withoutThought } from './turns/action-view.ts';
import { maySeeMessages } from './admission.ts';
import { insightsOf } from './insights.ts';
import type { MessageReader } from './messages.ts';
import type { ConversationRecord, InteractionRecord } from './records.ts';
import { upgradeInteraction, type InteractionRow } from './upgrade.ts';

/** The most interactions in one page: each holds everything that its agent did. */
export const MAX_REPLAY_PAGE = 50;

/** The permissions of a replay: it shows what the insights tell, and the states of the graph. */
export const REPLAY_PERMISSIONS = [
  'Conversation:GetInteractionInsights',
  'Organization:GetServiceHierarchicalStateMachine',
] as const satisfies readonly Permission[];

/** A page of a replay. */
export interface ReplayQuery {
  /** The number of the last interaction seen, or 0 to begin with the newest. */
  after: number;
  limit: number;
}

/** One interaction as it can be shown again. */
export interface ReplayedTurn {
  interaction_id: string;
  /** Counts the interactions of the conversation, from 1. */
  number: number;
  started_at: number;
  actions: AgentAction[];
  insights: InteractionInsights;
}

/** A conversation's interactions, the newest first, with what is needed to draw them. */
export interface Replay {
  user_id: string;
  service_id: string;
  is_finished: boolean;
  versions: ResolvedVersions;
  /** The present position of the conversation. */
  position: Pick<Position, 'graph' | 'state'>;
  turns: ReplayedTurn[];
  metrics: ConversationMetrics;
  /** The token of the next page; `null` when there is none. */
  next: number | null;
}

function replayed(interaction: InteractionRecord, isCut: boolean, seesThoughts: boolean): ReplayedTurn {
  return {
    interaction_id: interaction.id,
    number: interaction.sequence,
    started_at: interaction.started_at,
    actions: seesThoughts ? interaction.actions : interaction.actions.map(withoutThought),
    insights: insightsOf(interaction, { isCut, seesThoughts }),
  };
}

/** A page of interactions, for a caller who was admitted. */
export function replayOf(
  sql: SqlStorage,
  messages: Pick<MessageReader, 'isCut'>,
  record: ConversationRecord,
  caller: Caller,
  { after, limit }: ReplayQuery,
): Omit<Replay, 'metrics'> {
  const found = sql.exec<InteractionRow>(
    `SELECT * FROM interactions
     WHERE sequence < ? ORDER BY sequence DESC LIMIT ?`,
    after === 0 ? Number.MAX_SAFE_INTEGER : after,
    limit,
  );
  const { entries: rows } = pageOf(found, limit, bytesOfTexts);
  const seesThoughts = maySeeMessages(record, caller, 'agent-inner-thought');
  const turns = rows.map((row) =>
    replayed(upgradeInteraction(row), messages.isCut(row.last_message), seesThoughts),
  );
  const { identity, state, position } = record;
  const last = turns.at(-1)?.number ?? 1;
  return {
    user_id: identity.user_id,
    service_id: identity.service_id,
    is_finished: state === 'finished',
    versions: identity.versions,
    position: { graph: position.graph, state: position.state },
    turns,
    // Interactions are numbered from 1 without gaps, so whether there are earlier ones is told without reading them.
    next: last > 1 ? last : null,
  };
}
