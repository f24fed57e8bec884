/** Dialogues of the difficulty of a team's own tests, played from beginning to end on the word vectors that are deployed. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadDialogues } from '../../scripts/agent-test/load.ts';
import { judgeOutcome } from '../../scripts/agent-test/outcome.ts';
import { playDialogue } from '../../scripts/agent-test/play.ts';
import { reasonerFor } from '../../scripts/agent-test/reasoners.ts';

/** The share of dialogues that must end right. */
const LEAST = 0.9;

it.each(['plain', 'plain-2', 'plain-3', 'plain-4'])(
  'nine of ten dialogues of the part %s end right',
  async (part) => {
    const folder = join('test/dialogues', part);
    const wrong: string[] = [];
    let count = 0;
    for (const name of readdirSync(folder)) {
      const { organization, dialogues } = await loadDialogues(join(folder, name));
      const reasoner = reasonerFor(organization, { model: false, letters: false });
      for (const dialogue of dialogues) {
        const complaints = judgeOutcome(await playDialogue(organization, dialogue, reasoner, false));
        count += 1;
        if (complaints.length > 0) wrong.push(`${name}, ${dialogue.name}: ${complaints.join('; ')}`);
      }
    }
    expect(1 - wrong.length / count, wrong.join('\n')).toBeGreaterThanOrEqual(LEAST);
  },
);
