import type { ConversationAccess } from '../access.ts';
import { Creation } from '../creation.ts';
import type { Foundation } from '../foundation.ts';
import type { Surroundings } from '../surroundings.ts';
import { Interactions } from './interactions.ts';
import type { RunningTurn } from './running-turn.ts';
import { StoredTurns } from './stored-turns.ts';
import { TurnRequests } from './turn-requests.ts';
import { TurnRunner } from './turn-runner.ts';
import { TurnStreams } from './turn-streams.ts';
import { Voice } from './voice.ts';

/** Composes the parts that take requests about turns. */
export function composeTurns(
  foundation: Foundation,
  { speech, ...outside }: Surroundings,
  access: ConversationAccess,
  running: RunningTurn,
): TurnRequests {
  const { registry, messages, recordings } = foundation;
  const turns = { ...foundation, ...outside, voice: new Voice(registry, speech) };
  const runner = new TurnRunner({ ...foundation, turns, running });
  const shared = { ...foundation, access, running, runner, turns };
  return new TurnRequests({
    creation: new Creation(shared),
    interactions: new Interactions(shared),
    streams: new TurnStreams({ ...shared, stored: new StoredTurns(messages, recordings) }),
    state: { ...shared, deadlineMs: outside.deadlineMs },
  });
}
