import type { Env } from '../../bindings.ts';
import { inTime } from '../../deadline.ts';
import { logError, logInfo } from '../../log.ts';
import { failure, outcomeOf, success, type Outcome } from '../../problems.ts';
import type { Actor, Changed, ChangeOptions, Command, Import, ImportedKeys } from './commands.ts';
import { Committer } from './commit.ts';
import { contentsOf } from './contents.ts';
import { Deletion } from './deletion.ts';
import { importWrites, planImport } from './import.ts';
import { RegistryPublisher } from './publisher.ts';
import { Queries } from './queries.ts';
import { Resealing } from './resealing.ts';
import { openedVariables, sealedCommand } from './sealing.ts';
import { RegistryStore } from './store.ts';
import { revisionWrite, Truth } from './truth.ts';

/** When the alarm publishes what a change left unpublished, and its longest wait after failures; in milliseconds. */
const FIRST_ALARM_MS = 10_000;
const LONGEST_ALARM_MS = 5 * 60_000;
/** Time that a change waits until the limiters are told, in milliseconds. After it, the alarm tells them. */
const TELL_WAIT_MS = 2_000;

/**
 * The truth about one organization: its settings, users, keys, services, agents and graphs. It takes over what KV holds
 * when it is first asked to manage the organization; until then it stores nothing, and KV is the truth. Every change is
 * decided and stored in one synchronous step. KV has its published copy.
 */
export class OrganizationRegistry {
  readonly #ctx: DurableObjectState;
  readonly #env: Env;
  readonly #store: RegistryStore;
  readonly #publisher: RegistryPublisher;
  readonly #queries: Queries;
  readonly #committer: Committer;
  readonly #truth: Truth;
  readonly #deletion: Deletion;
  readonly #resealing: Resealing;

  constructor(ctx: DurableObjectState, env: Env) {
    this.#ctx = ctx;
    this.#env = env;
    this.#store = new RegistryStore(ctx.storage);
    this.#truth = new Truth(this.#store, env.REGISTRY);
    this.#queries = new Queries(ctx.storage.sql, this.#store, this.#truth);
    this.#committer = new Committer(ctx.storage, this.#store);
    this.#deletion = new Deletion(this.#store, env.REGISTRY, contentsOf(env));
    this.#resealing = new Resealing(this.#store, ctx.storage.kv, env);
    this.#publisher = RegistryPublisher.of(this.#store, env);
  }

  /** Returns what is published, or about to be, under keys of the organization. */
  read(organization: string, keys: readonly string[]) {
    return this.#queries.read(organization, keys);
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
    const ready = await sealedCommand(this.#env, organization, command);
    const outcome = this.#committer.commit(actor, ready, options, Date.now());
    if (outcome.ok && outcome.value.repeated !== true) await this.#afterwards(organization, isCreate);
    return outcome;
  }

  /** Publishes a file, or says what publishing it would do. What must not change is among the changes: nothing is published then. */
  async import(actor: Actor, options: Import): Promise<Outcome<ImportedKeys>> {
    return outcomeOf(this.#import(actor, options));
  }

  async #import(actor: Actor, options: Import): Promise<Outcome<ImportedKeys>> {
    const { organization, user_id, request_id } = actor;
    const exists = await this.#truth.openIfThere(organization);
    if (this.#store.isBeingErased())
      return failure('operation_in_progress', `The organization "${organization}" is being erased.`);
    const secrets = this.#env as unknown as Record<string, unknown>;
    const plan = planImport(this.#store, organization, options, (name) => typeof secrets[name] === 'string');
    if (!plan.ok) return plan;
    const { changes, notes, hints } = plan.value;
    const told = { organization, changes, notes, hints, revision: null, keys: [] };
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
    await this.#ctx.storage.setAlarm(Date.now() + FIRST_ALARM_MS);
    const failed = (error: unknown) => logError('registry_not_published', error);
    await inTime(TELL_WAIT_MS, this.#publisher.tell(organization)).catch(failed);
    const published = this.#publisher.publish(organization).catch(failed);
    if (isAwaited) await published;
    else this.#ctx.waitUntil(published);
  }

  /** Returns a page of the users of an organization that the caller may see. */
  users(...query: Parameters<Queries['users']>) {
    return this.#queries.users(...query);
  }

  /**
   * Returns the variables of a user with the values of the secret ones, for a turn whose tool asks for them; none of a user
   * who does not exist.
   */
  async variables(organization: string, id: string): Promise<Record<string, string>> {
    if (!this.#store.isManaged) return {};
    await this.#truth.open(organization);
    const user = this.#store.user(id);
    if (user === null) return {};
    const owner = { organization, user: id };
    const { values, resealed } = await openedVariables(this.#env, owner, user.sensitive_variables);
    this.#store.people.reseal(id, user.sensitive_variables, resealed);
    // The others are sealed anew by the alarm.
    if (Object.keys(resealed).length > 0) await this.#alarmSoon();
    return { ...user.nonsensitive_variables, ...values };
  }

  /** Returns the API keys of an organization. */
  keys(organization: string) {
    return this.#queries.keys(organization);
  }

  /** Returns a page of agents or graphs. */
  blueprints(...query: Parameters<Queries['blueprints']>) {
    return this.#queries.blueprints(...query);
  }

  /** Returns a page of the versions of an agent or a graph. */
  versions(...query: Parameters<Queries['versions']>) {
    return this.#queries.versions(...query);
  }

  /** Returns a page of changes. */
  changes(...query: Parameters<Queries['changes']>) {
    return this.#queries.changes(...query);
  }

  /** Checks a version of a graph without storing it. */
  checkGraph(...version: Parameters<Queries['checkGraph']>) {
    return this.#queries.checkGraph(...version);
  }

  /** Publishes what is not published yet, and erases what was deleted. It never throws, and comes again while something is left. */
  async alarm(): Promise<void> {
    try {
      const pending = this.#store.deletion();
      const organization = (pending?.organization ?? this.#store.organization())?.id;
      if (organization === undefined) return;
      const isPublished = (await this.#publisher.publish(organization)) && !this.#publisher.isBehind;
      if (!isPublished) logInfo('registry_unpublished', { waited_ms: this.#store.waitingMs(Date.now()) });
      const isErased = pending === null || (await this.#deletion.proceed(Date.now()));
      if (isErased && pending !== null) logInfo('organization_erased', { organization });
      const isSealed = pending !== null || (await this.#resealing.run(organization));
      if (isPublished && isErased && isSealed) return;
    } catch (error) {
      logError('registry_not_published', error);
    }
    await this.#alarmAgain();
  }

  /** Sets the alarm, unless one is set already. */
  async #alarmSoon(): Promise<void> {
    const { storage } = this.#ctx;
    if ((await storage.getAlarm()) === null) await storage.setAlarm(Date.now() + FIRST_ALARM_MS);
  }

  /** Waits as long as the oldest change has waited already: twice as long each time. An erasure goes on when it is due. */
  async #alarmAgain(): Promise<void> {
    try {
      const now = Date.now();
      const waited = this.#store.waitingMs(now);
      const due = this.#deletion.dueAt() ?? now;
      const wait = Math.min(Math.max(waited, FIRST_ALARM_MS, due - now), LONGEST_ALARM_MS);
      await this.#ctx.storage.setAlarm(now + wait);
    } catch (error) {
      logError('alarm_not_set', error);
    }
  }
}
