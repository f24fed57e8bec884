import { success, type Outcome } from '../../problems.ts';
import { Answers } from './answers.ts';
import type { Actor, Changed, ChangeOptions, Command } from './commands.ts';
import { decide } from './decide/decide.ts';
import { outdated } from './precondition.ts';
import type { RegistryStore } from './store.ts';
import { revisionWrite } from './truth.ts';

/** Decides about changes and stores them. */
export class Committer {
  readonly #storage: DurableObjectStorage;
  readonly #store: RegistryStore;
  readonly #answers: Answers;

  constructor(storage: DurableObjectStorage, store: RegistryStore) {
    this.#storage = storage;
    this.#store = store;
    this.#answers = new Answers(storage.sql);
  }

  /** Does everything between the question and the stored answer, in one synchronous step. */
  commit(actor: Actor, command: Command, options: ChangeOptions, now: number): Outcome<Changed> {
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
    return this.#storage.transactionSync(() => {
      const decision = { writes: [...writes, revisionWrite(this.#store)], about };
      const audit = { at: now, actor: user_id, operation, request_id };
      const changed: Changed = { ...this.#store.apply(organization, decision, audit), about, at: now };
      if (repeatable !== undefined) this.#answers.remember(user_id, repeatable, changed, now);
      return success(changed);
    });
  }
}
