/** The switches of a deployment, and the pace of the embedded agent. */
import type { Env } from '../bindings.ts';
import type { Fault } from './faults.ts';
import { numberFault, numberIn, wordFault } from './values.ts';

/**
 * Returns true if this is a development deployment. Any value but `true` means production, so that a typing error opens
 * nothing.
 */
export function isDevelopment(env: Pick<Env, 'DEVELOPMENT'>): boolean {
  return env.DEVELOPMENT === 'true';
}

/** Returns true if `/workbench` is served here. It shows the inside of agents. */
export function workbenchIsOn(env: Pick<Env, 'DEVELOPMENT' | 'WORKBENCH'>): boolean {
  return isDevelopment(env) || env.WORKBENCH === 'on';
}

/** Returns true if rate limits hold. Only a development deployment can switch them off. */
export function rateLimitsHold(env: Pick<Env, 'DEVELOPMENT' | 'RATE_LIMITS'>): boolean {
  return !(isDevelopment(env) && env.RATE_LIMITS === 'off');
}

/** Returns the faults of the switches, each of which must be one of two words or not set. */
export function switchFaults(
  env: Pick<Env, 'DEVELOPMENT' | 'WORKBENCH' | 'RATE_LIMITS' | 'JURISDICTIONS'>,
): Fault[] {
  return [
    wordFault(env, 'DEVELOPMENT', ['true', 'false']),
    wordFault(env, 'WORKBENCH', ['on', 'off']),
    wordFault(env, 'RATE_LIMITS', ['on', 'off']),
    wordFault(env, 'JURISDICTIONS', ['on', 'off']),
  ].filter((fault) => fault !== null);
}

/**
 * The range of the pause between two pieces of a message, in milliseconds. A longer pause is slower than people read.
 */
const PACE = { min: 0, max: 1_000 };

/** Returns the fault of `EMBEDDED_PACE_MS`; null when it is valid or not set. */
export function embeddedPaceFault(env: Pick<Env, 'EMBEDDED_PACE_MS'>): Fault | null {
  return numberFault(env, 'EMBEDDED_PACE_MS', PACE);
}

/**
 * Returns the pause between two pieces of the embedded agent's messages, in milliseconds: 0 unless configured. Throws
 * 503 when `EMBEDDED_PACE_MS` is not valid.
 */
export function embeddedPaceMs(env: Pick<Env, 'EMBEDDED_PACE_MS'>): number {
  return numberIn(env, 'EMBEDDED_PACE_MS', PACE) ?? 0;
}

/** The seconds after which callers may ask again during a maintenance, when `MAINTENANCE` names no number. */
const USUAL_RETRY_AFTER_SECONDS = 60;

/**
 * Returns the seconds after which callers may ask again; null when there is no maintenance. Any value but `false`
 * starts a maintenance: a typing error must not let requests reach what is being changed.
 */
export function maintenanceSeconds({ MAINTENANCE: value }: Pick<Env, 'MAINTENANCE'>): number | null {
  if (value === undefined || value === '' || value === 'false') return null;
  const seconds = Number(value);
  return Number.isInteger(seconds) && seconds > 0 ? seconds : USUAL_RETRY_AFTER_SECONDS;
}
