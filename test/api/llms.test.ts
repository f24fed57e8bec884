/** The index for language models names every operation at its place, and nothing that is not there. */
import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../src/api/operations.ts';
import index from '../../widget/llms.txt?raw';

describe('llms.txt', () => {
  it('names every operation with its method, path and summary, and no other', () => {
    const lines = index.split('\n').filter((line) => /^- `[\w-]+`: [A-Z]+ /.test(line));
    const expected = OPERATIONS.map(
      ({ id, method, path, summary }) => `- \`${id}\`: ${method.toUpperCase()} \`${path}\`: ${summary}`,
    );
    expect(lines).toEqual(expected);
  });
});
