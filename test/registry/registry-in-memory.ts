/** A registry in memory, which publishes files as the command line does, and stops where a test wants it to. */
import type { OrganizationFile } from '../../src/registry/organization.ts';
import {
  carryOut,
  planPublication,
  type Publication,
  type PublicationOptions,
} from '../../src/registry/publication.ts';
import { parseOrganizationFile } from '../../src/registry/publish.ts';
import { readPublished, type Published } from '../../src/registry/published.ts';

export const STALL_ID = 'fruit-stall';

export class RegistryInMemory {
  readonly documents = new Map<string, unknown>();
  /** Every key that was written or removed, in order: `+key`, `-key`. */
  readonly steps: string[] = [];
  /** Number of the next writes and removals that still succeed. */
  remainingSteps = Infinity;

  published(organization = STALL_ID): Published {
    return readPublished(structuredClone(this.documents), organization);
  }

  /** Parses a file against what is published, as publishing it does. */
  parse(file: unknown): OrganizationFile {
    return parseOrganizationFile(file, { published: this.published() });
  }

  plan(file: unknown, options: PublicationOptions = {}): Publication {
    return planPublication(this.published(), this.parse(file), options);
  }

  async publish(file: unknown, options: PublicationOptions = {}): Promise<Publication> {
    const publication = this.plan(file, options);
    this.steps.length = 0;
    await carryOut(
      {
        write: async (entries) => {
          await Promise.resolve();
          for (const [key, value] of entries) {
            this.#step(`+${key}`);
            this.documents.set(key, JSON.parse(value));
          }
        },
        remove: async (keys) => {
          await Promise.resolve();
          for (const key of keys) {
            this.#step(`-${key}`);
            this.documents.delete(key);
          }
        },
      },
      publication,
    );
    return publication;
  }

  #step(step: string): void {
    if (this.remainingSteps <= 0) throw new Error('the process dies here');
    this.remainingSteps -= 1;
    this.steps.push(step);
  }
}

/** The changes of a publication in lines: the kind, and what it is about. */
export function changesOf({ changes }: Publication): string[] {
  return changes.map(({ kind, what }) => `${kind} ${what}`);
}
