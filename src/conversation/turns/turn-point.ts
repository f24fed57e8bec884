/** The point of Analytics Engine of each run of a turn. Pure. */
import { cutBytes } from '../../text.ts';
import type { TurnLine } from './turn-line.ts';

/** Maximum size of an index (platform limit). */
const MAX_INDEX_BYTES = 96;

/**
 * The texts of a point, in the order `blob1`, `blob2`, … A further one goes to the end: stored points keep their order.
 * docs/operating.md has the same list.
 */
export const BLOBS = [
  'outcome',
  'code',
  'service_id',
  'version_set',
  'agent_id',
  'graph_id',
  'provider',
  'models',
  'format',
  'stopped_by',
] as const satisfies readonly (keyof TurnLine)[];

/** The numbers of a point, in the order `double1`, `double2`, … A further one goes to the end. */
export const DOUBLES = [
  'total_ms',
  'first_piece_ms',
  'waited_ms',
  'model_wait_ms',
  'input_tokens',
  'output_tokens',
  'cached_input_tokens',
  'cost_usd',
  'model_calls',
  'failed_model_calls',
  'tool_calls',
  'attempt',
  'agent_version',
  'graph_version',
  'tokens_estimated',
  'client_left',
  'conversation_completed',
] as const satisfies readonly (keyof TurnLine)[];

/** The value of a number that is not known: no figure is negative. */
const NOT_KNOWN = -1;

/** Returns the point of a line. Its index, by which the platform samples, is the organization. */
export function turnPoint(line: TurnLine): { indexes: [string]; blobs: string[]; doubles: number[] } {
  return {
    indexes: [cutBytes(line.organization, MAX_INDEX_BYTES)],
    blobs: BLOBS.map((name) => line[name] ?? ''),
    doubles: DOUBLES.map((name) => Number(line[name] ?? NOT_KNOWN)),
  };
}
