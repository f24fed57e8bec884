import type { Env } from '../bindings.ts';
import { bucketOf } from '../objects.ts';
import { registrySource } from '../registry/object/client.ts';
import { RegistryReader } from '../registry/reader.ts';
import { Alarm } from './alarm.ts';
import { ConversationWriter } from './conversation-writer.ts';
import { DirectoryReport } from './directory-report.ts';
import { MessageReader } from './messages.ts';
import { Recordings } from './recordings.ts';
import { RollBack } from './roll-back.ts';
import { Spending } from './spending/spending.ts';
import { ConversationStore } from './store.ts';
import { AcceptedTurns } from './turns/accepted-turns.ts';
import { KeyedTurns } from './turns/keyed-turns.ts';
import { TurnReports } from './turns/turn-reports.ts';

/** The parts of a conversation that hold its storage, and those that every other part stands on. */
export interface Foundation {
  storage: DurableObjectStorage;
  sql: SqlStorage;
  waitUntil: (work: Promise<unknown>) => void;
  alarm: Alarm;
  store: ConversationStore;
  messages: MessageReader;
  registry: RegistryReader;
  report: DirectoryReport;
  recordings: Recordings;
  writer: ConversationWriter;
  rollBack: RollBack;
  keys: KeyedTurns;
  accepted: AcceptedTurns;
  reports: TurnReports;
  spending: Spending;
}

/** Makes the parts that hold the storage of a conversation. */
export function layFoundation(ctx: DurableObjectState, env: Env): Foundation {
  const { storage } = ctx;
  const alarm = new Alarm(ctx);
  const store = new ConversationStore(storage);
  const messages = new MessageReader(storage);
  const reports = new TurnReports(env);
  const report = new DirectoryReport(env, messages);
  const recordings = new Recordings(
    (home) => bucketOf(env, home),
    () => store.home(),
    store.recordings,
    alarm,
  );
  const registry = new RegistryReader(env.REGISTRY, undefined, registrySource(env));
  const waitUntil = (work: Promise<unknown>) => ctx.waitUntil(work);
  return {
    storage,
    sql: storage.sql,
    waitUntil,
    alarm,
    store,
    messages,
    registry,
    report,
    recordings,
    writer: new ConversationWriter({ storage, store, messages, report, alarm }),
    rollBack: new RollBack({ storage, store, report, recordings, alarm, reports }),
    keys: new KeyedTurns(store),
    accepted: new AcceptedTurns(store, alarm),
    reports,
    spending: new Spending({ env, store, messages, registry, waitUntil }),
  };
}
