import type { Context } from 'hono';
import * as z from 'zod';
import { isDevelopment } from '../deployment/switches.ts';
import type { AppEnv } from '../edge/context.ts';
import { readInput } from '../edge/input.ts';
import { problem } from '../problems.ts';
import { textOfAtMost } from '../registry/primitives.ts';

/** The input of the demo's tool: a day in the user's words. */
export const OpeningsInput = z.object({ day: textOfAtMost(1_000) });

/** The appointments of the demo's clinic, in minutes after eight o'clock. */
const SLOTS = [15, 60, 135, 210, 330, 405, 480];

function clock(minutes: number): string {
  const hour = 8 + Math.floor(minutes / 60);
  return `${hour}:${String(minutes % 60).padStart(2, '0')}`;
}

/** Two free times of a day: always the same ones for the same day, as if a calendar stood behind it. */
function openingsOn(day: string): string {
  const seed = Array.from(day.toLowerCase()).reduce(
    (sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973,
    7,
  );
  const first = seed % (SLOTS.length - 1);
  const second = first + 1 + (seed % (SLOTS.length - 1 - first));
  return `${clock(SLOTS[first] ?? 0)} and ${clock(SLOTS[second] ?? 0)}`;
}

/** The demo's tool, as a clinic's calendar would offer it. Only in development. */
export async function demoOpenings(c: Context<AppEnv>): Promise<Response> {
  if (!isDevelopment(c.env)) throw problem('path_not_found', 'There is no demo in this deployment.');
  const none = z.object({});
  const { body } = await readInput(c, { params: none, query: none, headers: none, body: OpeningsInput });
  return c.text(openingsOn((body as z.infer<typeof OpeningsInput>).day));
}
