/** Reasoner of the commands that play dialogues and charts. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { embeddedReasoner } from '../../src/agent/embedded/embedded.ts';
import { readVectors, type WordVectors } from '../../src/agent/embedded/meaning/vectors.ts';
import { languageModelReasoner } from '../../src/agent/language-model/language-model.ts';
import { modelSource } from '../../src/agent/language-model/providers.ts';
import type { Reasoner } from '../../src/agent/reasoner.ts';
import type { OrganizationFile } from '../../src/registry/organization.ts';
import type { CommandLine } from './command-line.ts';

const VECTORS = join(import.meta.dirname, '../../assets/word-vectors.bin');

let known: WordVectors | undefined;

async function wordVectors(): Promise<WordVectors> {
  known ??= readVectors(await readFile(VECTORS));
  return known;
}

/**
 * Returns the embedded reasoner, with `letters` without word vectors; or with `model` the reasoner of the language model
 * that `LLM_BASE_URL`, `LLM_MODEL` and `LLM_API_KEY` name. Throws when one of the first two is missing.
 */
export function reasonerFor(
  { models }: Pick<OrganizationFile, 'models'>,
  { model, letters }: Pick<CommandLine, 'model' | 'letters'>,
): Reasoner {
  const embedded = embeddedReasoner({ paceMs: 0, ...(!letters && { vectors: wordVectors }) });
  if (!model) return embedded;
  const { LLM_BASE_URL: baseUrl, LLM_MODEL: defaultModel, LLM_API_KEY: apiKey } = process.env;
  if (baseUrl === undefined) throw new Error('--model needs LLM_BASE_URL.');
  if (defaultModel === undefined) throw new Error('--model needs LLM_MODEL.');
  const source = modelSource({ provider: 'openai-compatible', baseUrl, apiKey, defaultModel }, models);
  return languageModelReasoner({ models: source, fallbackReasoner: embedded });
}
