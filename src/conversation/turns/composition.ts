import type { ConversationAccess } from '../access.ts';
import { Creation } from '../creation.ts';
import type { Foundation } from '../foundation.ts';
import { RepeatedCreates } from '../repeated-creates.ts';
import type { Surroundings } from '../surroundings.ts';
import { Interactions } from './interactions.ts';
import type { RunningTurn } from './running-turn.ts';
import { StoredTurns } from './stored-turns.ts';
import { Recovery } from './recovery.ts';
import { Stopping } from './stopping.ts';
import { TurnEntrance } from './turn-entrance.ts';
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
  const turns = {
    ...foundation,
    ...outside,
    voice: new Voice(registry, speech, (home) => recordings.demandBucket(home)),
  };
  const runner = new TurnRunner({ ...foundation, turns, running });
  const stored = new StoredTurns(messages, recordings);
  const streams = new TurnStreams({ ...foundation, access, running, stored });
  const entrance = new TurnEntrance({ ...foundation, running, runner, streams });
  const shared = { ...foundation, access, running, runner, turns, streams, entrance };
  const interactions = new Interactions(shared);
  return new TurnRequests({
    ...shared,
    creation: new Creation(shared),
    repeatedCreates: new RepeatedCreates(shared),
    interactions,
    streams,
    stopping: new Stopping(shared),
    recovery: new Recovery(shared),
    state: { ...shared, deadlineMs: outside.deadlineMs },
  });
}
