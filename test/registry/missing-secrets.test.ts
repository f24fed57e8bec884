import { expect, it } from 'vitest';
import { registryKey } from '../../src/registry/keys.ts';
import { missingSecrets } from '../../src/registry/missing-secrets.ts';

const version = (headers: Record<string, unknown>) => ({ headers });
const publication = {
  organization: 'stall',
  documents: new Map<string, unknown>([
    [
      registryKey.catalog('stall'),
      {
        tools: [
          { versions: [version({ plain: 'x', key: { secret: 'TOOL_STALL__B' } }), version({})] },
          { versions: [version({ key: { secret: 'TOOL_STALL__A' }, other: { secret: 'TOOL_STALL__B' } })] },
        ],
      },
    ],
  ]),
};

it('names each secret that the deployment lacks once', () => {
  expect(missingSecrets(publication, () => false)).toEqual(['TOOL_STALL__A', 'TOOL_STALL__B']);
  expect(missingSecrets(publication, (name) => name === 'TOOL_STALL__B')).toEqual(['TOOL_STALL__A']);
  expect(missingSecrets(publication, () => true)).toEqual([]);
});

it('names none for an organization without tools', () => {
  expect(missingSecrets({ organization: 'empty', documents: new Map() }, () => false)).toEqual([]);
});
