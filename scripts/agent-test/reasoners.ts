/** Reasoner of the commands that play dialogues and charts. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { embeddedReasoner } from '../../src/agent/embedded/embedded.ts';
import { readVectors, type WordVectors } from '../../src/agent/embedded/meaning/vectors.ts';
import type { CallReport } from '../../src/agent/language-model/call.ts';
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

const MISSING =
  '--model needs LLM_BASE_URL, the address of the server with /v1 (http://127.0.0.1:11434/v1), and LLM_MODEL, the name of the model there.';

/** Returns a sentence on the failure of a model, with what to check. */
function failureSentence({ model, kind, status }: CallReport): string {
  const shown = `The model ${model} failed: ${kind}${status === null ? '' : `, status ${status}`}.`;
  if (status === 401 || status === 403) return `${shown} Check LLM_API_KEY.`;
  if (status === 404) return `${shown} Check LLM_MODEL, and that LLM_BASE_URL ends in /v1.`;
  return kind === 'failed' && status === null
    ? `${shown} Check that a server of models answers at LLM_BASE_URL.`
    : shown;
}

/**
 * Returns the embedded reasoner, with `letters` without word vectors; or with `model` the reasoner of the language model
 * that `LLM_BASE_URL`, `LLM_MODEL` and `LLM_API_KEY` of `settings` name. Throws when one of the first two is missing.
 * `warn` receives a sentence on each kind of failure of a model, once.
 */
export function reasonerFor(
  { models }: Pick<OrganizationFile, 'models'>,
  { model, letters }: Pick<CommandLine, 'model' | 'letters'>,
  settings: Readonly<Record<string, string | undefined>> = process.env,
  warn: (sentence: string) => void = console.error,
): Reasoner {
  const embedded = embeddedReasoner({ paceMs: 0, ...(!letters && { vectors: wordVectors }) });
  if (!model) return embedded;
  const { LLM_BASE_URL: baseUrl = '', LLM_MODEL: defaultModel = '', LLM_API_KEY: apiKey } = settings;
  if (baseUrl === '' || defaultModel === '') throw new Error(MISSING);
  const source = modelSource({ provider: 'openai-compatible', baseUrl, apiKey, defaultModel }, models);
  const warned = new Set<string>();
  const report = (failure: CallReport) => {
    const sentence = failureSentence(failure);
    if (!warned.has(sentence)) warn(sentence);
    warned.add(sentence);
  };
  return languageModelReasoner({ models: source, fallbackReasoner: embedded, report });
}
