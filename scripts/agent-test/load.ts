/** Reads the files of `npm run agent:test`. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import * as z from 'zod';
import { parseOrganizationFile } from '../../src/registry/publish.ts';
import { DialogueFile, type LoadedDialogues } from './dialogue-file.ts';
import { expectationErrors } from './expectation-errors.ts';

/** Reads a JSON file. Throws with its path when it is not JSON. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** Reads a file of dialogues and its organization. Throws with every error of a file or of its expectations. */
export async function loadDialogues(path: string): Promise<LoadedDialogues> {
  const parsed = DialogueFile.safeParse(await readJson(path));
  if (!parsed.success) throw new Error(`${path}\n${z.prettifyError(parsed.error)}`);
  const { organization, service, tools, dialogues } = parsed.data;
  const organizationPath = resolve(dirname(path), organization);
  const loaded: LoadedDialogues = {
    organization: parseOrganizationFile(await readJson(organizationPath)),
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
