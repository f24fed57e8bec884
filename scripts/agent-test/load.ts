/** Reads the files of `npm run agent:test`. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import * as z from 'zod';
import { parseOrganizationFile } from '../../src/registry/publish.ts';
import { DialogueFile, type LoadedDialogues } from './dialogue-file.ts';
import { expectationErrors } from './expectation-errors.ts';

/** Reads a JSON file. Throws with its path when it is not there, or not JSON. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Error(`The file "${path}" cannot be read.`, { cause: error });
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** Reads a file of dialogues. Throws with every error of its form. */
export async function readDialogueFile(path: string): Promise<DialogueFile> {
  const parsed = DialogueFile.safeParse(await readJson(path));
  if (parsed.success) return parsed.data;
  throw new Error(`${path}\n${z.prettifyError(parsed.error)}`);
}

/** Returns the dialogues of a file with their services and the outputs of their tools. */
export function completeDialogues({ service, tools, dialogues }: DialogueFile): LoadedDialogues['dialogues'] {
  return dialogues.map((dialogue) => ({
    ...dialogue,
    service: dialogue.service ?? service,
    tools: { ...tools, ...dialogue.tools },
  }));
}

/** Reads the organization of a file of dialogues, or the one at `instead`. */
async function organizationOf(path: string, organization: string, instead: string | null) {
  const place = instead ?? resolve(dirname(path), organization);
  const value = await readJson(place);
  try {
    return parseOrganizationFile(value);
  } catch (error) {
    throw new Error(`${place}\n${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Reads recorded dialogues and an organization. Their expectations may name what its graphs no longer have. */
export async function loadRecorded(path: string, instead: string | null): Promise<LoadedDialogues> {
  const file = await readDialogueFile(path);
  const organization = await organizationOf(path, file.organization, instead);
  return { organization, dialogues: completeDialogues(file) };
}

/**
 * Reads a file of dialogues and its organization, or the one at `instead`. Throws with every error of a file or of its
 * expectations.
 */
export async function loadDialogues(path: string, instead: string | null = null): Promise<LoadedDialogues> {
  const loaded = await loadRecorded(path, instead);
  const errors = expectationErrors(loaded);
  if (errors.length > 0) throw new Error(`${path}\n${errors.join('\n')}`);
  return loaded;
}
