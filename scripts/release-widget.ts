/** `npm run release:widget`: stores the present widget as the release of the version in package.json. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildWidget } from './widget-build.ts';
import { WIDGET_TYPES, WidgetReleases } from './widget-releases.ts';

const manifest = await readFile(join(import.meta.dirname, '../package.json'), 'utf8');
const { version } = JSON.parse(manifest) as { version: string };
const { script, parts } = await buildWidget();
const types = await readFile(WIDGET_TYPES, 'utf8');
const { file, integrity } = await new WidgetReleases().add(version, { script, types, parts });
console.log(`${file} ${integrity}\nCommit widget/releases/.`);
