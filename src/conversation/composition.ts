import { ConversationAccess } from './access.ts';
import { AlarmDuties } from './alarm-duties.ts';
import { Analyst } from './analysis.ts';
import { ConversationChanges } from './changes.ts';
import { Erasure } from './erasure/erasure.ts';
import { Forgetting } from './erasure/forgetting.ts';
import { Finishing } from './finishing.ts';
import type { Foundation } from './foundation.ts';
import { OwnerVisibility } from './owner.ts';
import { ConversationReads } from './reads.ts';
import { Recommendations } from './recommendations.ts';
import type { Surroundings } from './surroundings.ts';
import { RunningTurn } from './turns/running-turn.ts';
import { composeTurns } from './turns/composition.ts';
import type { TurnRequests } from './turns/turn-requests.ts';

/** The parts that answer what a conversation is asked. */
export interface Composition {
  running: RunningTurn;
  turns: TurnRequests;
  reads: ConversationReads;
  changes: ConversationChanges;
  duties: AlarmDuties;
  erasure: Erasure;
  forgetting: Forgetting;
  recordings: Foundation['recordings'];
}

/** Composes the parts of a conversation. */
export function compose(foundation: Foundation, surroundings: Surroundings): Composition {
  const { store, registry, reports } = foundation;
  const { env, reasoner } = surroundings;
  const running = new RunningTurn();
  const access = new ConversationAccess(store, new OwnerVisibility(store, registry), running);
  const analyst = new Analyst({ ...foundation, env, reasoner, provider: reports.provider });
  const erasure = new Erasure({ ...foundation, env, access, running });
  const duties = new AlarmDuties({ ...foundation, analyst, erasure });
  const forgetting = new Forgetting({ ...foundation, running, duties });
  const finishing = new Finishing({ ...foundation, duties });
  const recommendations = new Recommendations({ ...foundation, ...surroundings });
  return {
    running,
    turns: composeTurns(foundation, surroundings, access, running),
    reads: new ConversationReads({ ...foundation, access, recommendations, running }),
    changes: new ConversationChanges({ ...foundation, access, running, finishing }),
    duties,
    erasure,
    forgetting,
    recordings: foundation.recordings,
  };
}
