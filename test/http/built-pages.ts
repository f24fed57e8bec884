/**
 * Builds the pages before the first server starts. The servers of several files run at the same time and share the folder
 * of the pages: their own builds change no file any more, so that none reloads another one.
 */
import type { TestProject } from 'vitest/node';
import { npmRun } from './server.ts';

export function setup(project: TestProject): void {
  npmRun('build', [], project.config.env as Record<string, string>);
}
