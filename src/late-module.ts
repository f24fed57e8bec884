/** Modules that are loaded when they are first needed, so that a start does not evaluate them. */

/** A module that is loaded on first use. `load` is an `import()` of it. */
export class LateModule<Module> {
  /** The module, once it is loaded. With it, a caller that finds it loaded need not wait. */
  module: Module | undefined;
  readonly #load: () => Promise<Module>;

  constructor(load: () => Promise<Module>) {
    this.#load = load;
  }

  /**
   * Returns the module. Requests that need it at the same time wait for a load of their own, never for that of another
   * request; the runtime evaluates the module once. Throws what evaluating it throws; the next call tries again.
   */
  async load(): Promise<Module> {
    return (this.module ??= await this.#load());
  }
}
