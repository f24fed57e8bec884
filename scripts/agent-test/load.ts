/** Reads the files of `npm run agent:test`. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import * as z from 'zod';
import { parseOrganizationFile } from '../../src/registry/publish.ts';
import { DialogueFile, type LoadedDialogues } from './dialogue-file.ts';
import { expectationErrors } from './expectation-errors.ts';

/** Reads a file of dialogues. Throws with every error of either file, and of what the dialogues expect. */
export async function loadDialogues(path: string): Promise<LoadedDialogues> {
  const parsed = DialogueFile.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!parsed.success) throw new Error(`${path}\n${z.prettifyError(parsed.error)}`);
  const { organization, service, tools, dialogues } = parsed.data;
  const organizationPath = resolve(dirname(path), organization);
  const loaded: LoadedDialogues = {
    organization: parseOrganizationFile(JSON.parse(await readFile(organizationPath, 'utf8'))),
    dialogues: dialogues.map((dialogue) => ({
      ...dialogue,
      service: dialogue.service ?? service,
      tools: { ...tools, ...dialogue.tools },
    })),
  };
  const errors = expectationErrors(loaded);
  if (errors.length > 0) throw new Error(`${path}\n${errors.join('\n')}`);
  return loaded;
}
