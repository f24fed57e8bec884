/** The word vectors of the embedded agent, a file of the deployment (docs/agent-quality.md). */
import type { WordVectors } from '../agent/embedded/meaning/vectors.ts';
import type { Env } from '../bindings.ts';
import { logInfo } from '../log.ts';
import { embeddedAgent } from './embedded-agent.ts';

/** Path of the table among the files of the deployment. The host of the address is not used. */
const FILE = 'https://files.invalid/word-vectors.bin';

/** The table of this isolate; null when the deployment has none. It is read once, 2.7 MB. */
let known: WordVectors | null | undefined;

/**
 * Returns the word vectors, or null when the file is missing or cannot be read: the agent then compares letters. Two
 * turns that start at once may both read the file, because one request must not wait for another one.
 */
export async function wordVectors(env: Env): Promise<WordVectors | null> {
  if (known !== undefined) return known;
  const files = env.ASSETS as Env['ASSETS'] | undefined;
  if (files === undefined) return (known = null);
  try {
    const file = await files.fetch(FILE);
    if (file.ok) {
      const [{ readVectors }, bytes] = await Promise.all([embeddedAgent.load(), file.arrayBuffer()]);
      return (known = readVectors(new Uint8Array(bytes)));
    }
    await file.body?.cancel();
    logInfo('word_vectors_missing', { status: file.status });
    return (known = null);
  } catch (error) {
    logInfo('word_vectors_failed', { error: String(error) });
    return null;
  }
}
