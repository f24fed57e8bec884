/** What a deployment switches on and off, and how fast the embedded agent speaks. */
import type { Env } from '../bindings.ts';
import type { Fault } from './faults.ts';
import { numberFault, numberIn, wordFault } from './values.ts';

/** Whether this deployment is a development one. Any value but `true` is production: a typing error opens nothing. */
export function isDevelopment(env: Pick<Env, 'DEVELOPMENT'>): boolean {
  return env.DEVELOPMENT === 'true';
}

/** Whether `/workbench` shows the inside of agents here. */
export function workbenchIsOn(env: Pick<Env, 'DEVELOPMENT' | 'WORKBENCH'>): boolean {
  return isDevelopment(env) || env.WORKBENCH === 'on';
}

/** Whether rate limits hold: always, but where a development deployment switched them off. */
export function rateLimitsHold(env: Pick<Env, 'DEVELOPMENT' | 'RATE_LIMITS'>): boolean {
  return !(isDevelopment(env) && env.RATE_LIMITS === 'off');
}

/** Returns what is wrong with the switches, all of which are words. */
export function switchFaults(env: Pick<Env, 'DEVELOPMENT' | 'WORKBENCH' | 'RATE_LIMITS'>): Fault[] {
  return [
    wordFault(env, 'DEVELOPMENT', ['true', 'false']),
    wordFault(env, 'WORKBENCH', ['on', 'off']),
    wordFault(env, 'RATE_LIMITS', ['on', 'off']),
  ].filter((fault) => fault !== null);
}

/** The pause between two pieces of a message, in milliseconds: slower is slower than anyone reads. */
const PACE = { min: 0, max: 1_000 };

/** Returns what is wrong with the embedded agent's pace; null when it is valid or not set. */
export function embeddedPaceFault(env: Pick<Env, 'EMBEDDED_PACE_MS'>): Fault | null {
  return numberFault(env, 'EMBEDDED_PACE_MS', PACE);
}

/** Returns the embedded agent's pace in milliseconds: 0 unless configured. Throws 503 when it is no such number. */
export function embeddedPaceMs(env: Pick<Env, 'EMBEDDED_PACE_MS'>): number {
  return numberIn(env, 'EMBEDDED_PACE_MS', PACE) ?? 0;
}

/** How long callers are told to wait for the end of a maintenance, when nothing else is said, in seconds. */
const USUAL_RETRY_AFTER_SECONDS = 60;

/**
 * Returns how long the maintenance of the deployment takes, in seconds; null when there is none. Any value but `false`
 * is a maintenance: a typing error must not serve what is being changed.
 */
export function maintenanceSeconds({ MAINTENANCE: value }: Pick<Env, 'MAINTENANCE'>): number | null {
  if (value === undefined || value === '' || value === 'false') return null;
  const seconds = Number(value);
  return Number.isInteger(seconds) && seconds > 0 ? seconds : USUAL_RETRY_AFTER_SECONDS;
}
