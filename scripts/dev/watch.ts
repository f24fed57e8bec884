import { readFile } from 'node:fs/promises';
import { watchFile, unwatchFile } from 'node:fs';

/**
 * Interval in milliseconds in which a file is checked. Checking works for every editor, also those that replace the
 * file.
 */
const LOOK_MS = 200;
/** Time in milliseconds without a change after which an editor has finished writing. */
const SETTLE_MS = 60;

/** Returns the text of a file when it stops changing, or null if it does not exist. */
async function settledText(path: string): Promise<string | null> {
  let text = await readFile(path, 'utf8').catch(() => null);
  for (;;) {
    await new Promise((resolve) => {
      setTimeout(resolve, SETTLE_MS);
    });
    const again = await readFile(path, 'utf8').catch(() => null);
    if (again === text) return text;
    text = again;
  }
}

/**
 * Calls `use` with the text of a file after each change, one call after the other. Of several changes during a call,
 * only the latest text is used next. Returns a function that ends the watch.
 */
export function watchText(path: string, first: string, use: (text: string) => Promise<void>): () => void {
  let used = first;
  let running: Promise<void> | null = null;
  let changedMeanwhile = false;
  const look = async (): Promise<void> => {
    do {
      changedMeanwhile = false;
      const text = await settledText(path);
      if (text === null || text === used) continue;
      used = text;
      await use(text);
    } while (changedMeanwhile);
  };
  const onChange = () => {
    changedMeanwhile = true;
    running ??= look().finally(() => {
      running = null;
    });
  };
  watchFile(path, { interval: LOOK_MS }, onChange);
  return () => unwatchFile(path, onChange);
}
