import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../../bindings.ts';
import { inTime } from '../../deadline.ts';
import { logError, logInfo } from '../../log.ts';
import { outcomeOf, success, type Outcome } from '../../problems.ts';
import { Answers } from './answers.ts';
import type { Actor, Changed, ChangeOptions, Command, Import, ImportedKeys } from './commands.ts';
import { decide } from './decide/decide.ts';
import { importWrites, planImport } from './import.ts';
import { outdated } from './precondition.ts';
import { RegistryPublisher } from './publisher.ts';
import { sealedCommand } from './sealing.ts';
import { RegistryStore } from './store.ts';
import { revisionWrite, Truth } from './truth.ts';
import { UserQueries, type UserPage, type UserQuery } from './user-queries.ts';
import { publishedUnder } from './view.ts';

/** When the alarm publishes what a change left unpublished, and its longest wait after failures; in milliseconds. */
const FIRST_ALARM_MS = 10_000;
const LONGEST_ALARM_MS = 5 * 60_000;
/** Time that a change waits until the limiters are told, in milliseconds. After it, the alarm tells them. */
const TELL_WAIT_MS = 2_000;

/** Documents under keys, and whether this object is the owner of the organization's truth at all. */
export type Read =
  { managed: false } | { managed: true; documents: Record<string, ReturnType<typeof publishedUnder>> };

/**
 * The truth about one organization: its settings, users, keys, services, agents and graphs. It takes over what KV holds
 * when it is first asked to manage the organization; until then it stores nothing, and KV is the truth. Every change is
 * decided and stored in one synchronous step. KV has its published copy.
 */
export class Registry extends DurableObject<Env> {
  readonly #store: RegistryStore;
  readonly #publisher: RegistryPublisher;
  readonly #users: UserQueries;
  readonly #answers: Answers;
  readonly #truth: Truth;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = new RegistryStore(ctx.storage);
    this.#users = new UserQueries(ctx.storage.sql);
    this.#answers = new Answers(ctx.storage.sql);
    this.#truth = new Truth(this.#store, env.REGISTRY);
    this.#publisher = RegistryPublisher.of(this.#store, env);
  }

  /** Returns what is published, or about to be, under keys of the organization. */
  async read(organization: string, keys: readonly string[]): Promise<Read> {
    if (!this.#store.isManaged) return { managed: false };
    await this.#truth.adopt(organization);
    await this.#truth.adoptUsersUnder(organization, keys);
    const documents = keys.map((key) => [key, publishedUnder(this.#store, organization, key)] as const);
    return { managed: true, documents: Object.fromEntries(documents) };
  }

  /** Decides about a change and stores it. Those who hold an older copy are told before this returns; KV soon after. */
  async change(actor: Actor, command: Command, options: ChangeOptions): Promise<Outcome<Changed>> {
    return outcomeOf(this.#change(actor, command, options));
  }

  async #change(actor: Actor, command: Command, options: ChangeOptions): Promise<Outcome<Changed>> {
    const { organization } = actor;
    const isCreate = command.type === 'create-organization';
    if (isCreate) await this.#truth.openIfThere(organization);
    else await this.#truth.open(organization);
    if ('id' in command && command.type !== 'create-user')
      await this.#truth.adoptUser(organization, command.id);
    const ready = await sealedCommand(this.env.SIGNING_KEYS, organization, command);
    const outcome = this.#commit(actor, ready, options, Date.now());
    if (outcome.ok && outcome.value.repeated !== true) await this.#afterwards(organization, isCreate);
    return outcome;
  }

  /** Everything between the question and the stored answer, in one synchronous step. */
  #commit(actor: Actor, command: Command, options: ChangeOptions, now: number): Outcome<Changed> {
    const { organization, user_id, request_id } = actor;
    const { operation, repeatable, if_match } = options;
    const isManaged = this.#store.isManaged;
    const repeated = repeatable && isManaged ? this.#answers.known(user_id, repeatable, now) : null;
    if (repeated !== null) return repeated;
    const decided = decide(this.#store, actor, command, now);
    if (!decided.ok) return decided;
    const refused =
      if_match === undefined ? null : outdated(this.#store, organization, decided.value, if_match);
    if (refused !== null) return refused;
    const { writes, about } = decided.value;
    return this.ctx.storage.transactionSync(() => {
      const decision = { writes: [...writes, revisionWrite(this.#store)], about };
      const audit = { at: now, actor: user_id, operation, request_id };
      const changed: Changed = { ...this.#store.apply(organization, decision, audit), about };
      if (repeatable !== undefined) this.#answers.remember(user_id, repeatable, changed, now);
      return success(changed);
    });
  }

  /** Publishes a file, or says what publishing it would do. What must not change is among the changes: nothing is published then. */
  async import(actor: Actor, options: Import): Promise<Outcome<ImportedKeys>> {
    return outcomeOf(this.#import(actor, options));
  }

  async #import(actor: Actor, options: Import): Promise<Outcome<ImportedKeys>> {
    const { organization, user_id, request_id } = actor;
    const exists = await this.#truth.openIfThere(organization);
    const secrets = this.env as unknown as Record<string, unknown>;
    const plan = planImport(this.#store, organization, options, (name) => typeof secrets[name] === 'string');
    if (!plan.ok) return plan;
    const { changes, notes } = plan.value;
    const told = { organization, changes, notes, revision: null, keys: [] };
    if (options.dry_run || changes.some(({ kind }) => kind === 'refuse')) return success(told);
    const writes = importWrites(this.#store, plan.value);
    const audit = { at: Date.now(), actor: user_id, operation: 'import-organization', request_id };
    const about = { kind: 'organization', id: organization };
    const decision = { writes: [...writes, revisionWrite(this.#store)], about };
    const changed = this.#store.apply(organization, decision, audit);
    await this.#afterwards(organization, !exists);
    return success({ ...told, ...changed });
  }

  /** Tells those who hold an older copy, and publishes. `isAwaited` waits for KV as well. */
  async #afterwards(organization: string, isAwaited: boolean): Promise<void> {
    await this.ctx.storage.setAlarm(Date.now() + FIRST_ALARM_MS);
    const failed = (error: unknown) => logError('registry_not_published', error);
    await inTime(TELL_WAIT_MS, this.#publisher.tell(organization)).catch(failed);
    const published = this.#publisher.publish(organization).catch(failed);
    if (isAwaited) await published;
    else this.ctx.waitUntil(published);
  }

  /** Returns a page of the users of an organization that the caller may see. */
  async users(actor: Actor, query: UserQuery): Promise<Outcome<UserPage>> {
    const page = async () => {
      await this.#truth.open(actor.organization);
      for (const id of query.ids) await this.#truth.adoptUser(actor.organization, id);
      return success(this.#users.page(actor, query, this.#store.revision()));
    };
    return outcomeOf(page());
  }

  /** Returns the API keys of an organization. */
  async keys(organization: string): Promise<Outcome<ReturnType<RegistryStore['keys']>>> {
    const keys = async () => {
      await this.#truth.open(organization);
      return success(this.#store.keys());
    };
    return outcomeOf(keys());
  }

  /** Publishes what is not published yet. It never throws, and comes again while something is left. */
  override async alarm(): Promise<void> {
    try {
      const organization = this.#store.organization()?.id;
      if (organization === undefined) return;
      const isDone = await this.#publisher.publish(organization);
      if (isDone && !this.#publisher.isBehind) return;
    } catch (error) {
      logError('registry_not_published', error);
    }
    await this.#alarmAgain();
  }

  /** Waits as long as the oldest change has waited already: twice as long each time. */
  async #alarmAgain(): Promise<void> {
    try {
      const waited = this.#store.waitingMs(Date.now());
      logInfo('registry_unpublished', { waited_ms: waited });
      const wait = Math.min(Math.max(waited, FIRST_ALARM_MS), LONGEST_ALARM_MS);
      await this.ctx.storage.setAlarm(Date.now() + wait);
    } catch (error) {
      logError('alarm_not_set', error);
    }
  }
}
