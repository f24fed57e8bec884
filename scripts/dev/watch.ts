import { readFile } from 'node:fs/promises';
import { watchFile, unwatchFile } from 'node:fs';

/** How often a file is looked at. Looking works wherever editors write, also where they replace the file. */
const LOOK_MS = 200;
/** An editor that writes in steps is done when nothing changes for this long. */
const SETTLE_MS = 60;

/** Reads a file when it holds still. Returns null when it is not there. */
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
 * Gives `use` the text of a file each time that it has changed, one after the other: what changes meanwhile is used next,
 * the latest text alone. Returns the function that ends it.
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
