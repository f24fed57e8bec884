import type { Context } from 'hono';
import * as z from 'zod';
import { isDevelopment } from '../bindings.ts';
import type { AppEnv } from '../edge/context.ts';
import { fieldErrors, invalidRequest } from '../edge/input.ts';
import { problem } from '../problems.ts';

const OpeningsInput = z.object({ day: z.string().trim().min(1) });

/** The times at which the demo's clinic sees somebody, in minutes after eight. */
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
  const parsed = OpeningsInput.safeParse(await c.req.json().catch(() => null));
  if (!parsed.success) throw invalidRequest(fieldErrors('body', parsed.error));
  return c.text(openingsOn(parsed.data.day));
}
