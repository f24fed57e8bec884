/** An order of the test files that keeps all workers busy to the end. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take long on a machine of two cores: more than 8 s, the longest first. Measured with the JSON reporter. */
const LONG = [
  'test/http/publishing.test.ts',
  'test/http/voice.test.ts',
  'test/http/held-turns.test.ts',
  'test/browser/interruption.test.ts',
  'test/browser/workbench.test.ts',
  'test/browser/settings.test.ts',
  'test/browser/users.test.ts',
  'test/browser/voice.test.ts',
  'test/browser/conversation.test.ts',
  'test/source/patterns.test.ts',
  'test/source/agent-cost.test.ts',
  'test/api/field-cost.test.ts',
  'test/registry/object/properties.test.ts',
  'test/recordings/properties.test.ts',
  'test/http/seed.test.ts',
  'test/http/deployment.test.ts',
  'test/http/memory.test.ts',
  'test/http/dev.test.ts',
  'test/sentences.test.ts',
  'test/limits/rate-limiter.test.ts',
  'test/registry/object/registry.test.ts',
  'test/edge/visibility.test.ts',
];

function placeOf({ moduleId }: TestSpecification): number {
  const place = LONG.findIndex((path) => moduleId.endsWith(`/${path}`));
  return place === -1 ? LONG.length : place;
}

/** Sorts the long files first, and the others as Vitest does. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}
