/** Files of the deployment under test, so that no build has to run before the tests. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderDocument } from '../document.ts';

/** Folder that the runtime serves as the files of the deployment. It is outside version control. */
export const ASSETS_FOLDER = join(import.meta.dirname, '../../node_modules/.cache/test-assets');

/** A plugin of Vitest that renders the OpenAPI document into the folder before the first test runs. */
export const testAssets = {
  name: 'test-assets',
  async configureVitest(): Promise<void> {
    await mkdir(ASSETS_FOLDER, { recursive: true });
    await writeFile(join(ASSETS_FOLDER, 'openapi.json'), await renderDocument());
  },
};
