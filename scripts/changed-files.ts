/** Writes the files of a build of which the content has changed: a server that serves the folder notices no others. */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes a file, and its folder, unless the file has this content. */
export async function writeChanged(path: string, content: string | Uint8Array): Promise<void> {
  const old = await readFile(path).catch(() => null);
  if (old?.equals(Buffer.from(content)) === true) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

/** Copies a file, unless the copy has the same content. */
export async function copyChanged(from: string, to: string): Promise<void> {
  const old = await readFile(to).catch(() => null);
  if (old?.equals(await readFile(from)) === true) return;
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
}
