/**
 * `node bench/profile.ts [floor | model | paced] [--parallel N] [--save FILE]`: shows where the Worker spends its time under load,
 * by function and by file. `model` and `paced` take turns with a language model, whose answers come in one burst or
 * token by token. It profiles JavaScript only: time of the runtime (SQLite, HTTP, storage) counts for the calling function, or as
 * "(program)" without one. The bundle has readable names, and is otherwise that of production.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { FLOOR, PRODUCT } from './bundle.ts';
import { beginMany } from './conversations.ts';
import { costsOf, profileWhile, sourceMapsOf, type Cost } from './cpu-profile.ts';
import { drive } from './load.ts';
import { startModel } from './model-server.ts';
import { floorTurns, openFloor, openProduct, scratchDirectory, type Opened } from './subjects.ts';

/** Conversations of the load, so that none becomes long. */
const CONVERSATIONS = 256;
const WARM_UP_MS = 3_000;
const PROFILED_MS = 6_000;
const LINES = 40;

const { values, positionals } = parseArgs({
  options: { save: { type: 'string' }, parallel: { type: 'string', default: '32' } },
  allowPositionals: true,
});
const parallel = Number(values.parallel);

function table(title: string, costs: Cost[], by: 'self' | 'total'): string {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`.padStart(8);
  const rows = costs
    .toSorted((a, b) => b[by] - a[by])
    .slice(0, LINES)
    .map(({ name, self, total }) => `${percent(self)}${percent(total)}  ${name}`);
  return [`\n${title}`, '    self   total', ...rows].join('\n');
}

const isPaced = positionals.includes('paced');
const model = isPaced || positionals.includes('model') ? await startModel() : null;

async function open(directory: string): Promise<Opened> {
  const options = {
    directory,
    inspector: true,
    readable: true,
    ...(model !== null && { modelUrl: model.url }),
  };
  return positionals.includes('floor')
    ? openFloor(FLOOR, await floorTurns(directory), options)
    : openProduct(PRODUCT, options);
}

const scratch = await scratchDirectory('memory');
const { subject, files: script } = await open(scratch.path);
try {
  const conversations = await beginMany(subject, CONVERSATIONS);
  if (model !== null && isPaced) model.pace = 'paced';
  await drive(subject.server, conversations, WARM_UP_MS, parallel);
  const profile = await profileWhile(await subject.server.inspector(), () =>
    drive(subject.server, conversations, PROFILED_MS, parallel),
  );
  for (const conversation of conversations) conversation.close();
  if (values.save !== undefined) await writeFile(values.save, JSON.stringify(profile));
  const { functions, files } = costsOf(profile, sourceMapsOf(script));
  console.log(table('Functions by their own time', functions, 'self'));
  console.log(table('Functions by their total time', functions, 'total'));
  console.log(table('Files by their own time', files, 'self'));
} finally {
  await subject.server.stop();
  await model?.close();
  await scratch.remove();
}
