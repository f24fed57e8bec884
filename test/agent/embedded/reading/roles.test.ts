import { expect, it } from 'vitest';
import { rolesOf } from '../../../../src/agent/embedded/reading/roles.ts';
import { actionState } from '../../../support/organization.ts';
import { graphOf } from '../../../support/scripted-turn.ts';

it('takes the subject of “names” for a word for the user, and not an adjective before “name”', () => {
  const graph = graphOf([
    actionState(
      'who',
      ['Ask: "Your family name?"'],
      [
        ['The family name was given', 'end'],
        ['The lodger names a friend', 'end'],
      ],
    ),
    actionState('end', ['Say: "Bye!"'], []),
  ]);
  expect([...rolesOf(graph)].sort()).toEqual(['lodger', 'user']);
});
