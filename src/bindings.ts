/** Every name that the deployment may set holds a text; what `wrangler.toml` binds is an object. */
type Setting<Name extends keyof Cloudflare.Env> = string extends Cloudflare.Env[Name] ? Name : never;
type Settings = { [Name in keyof Cloudflare.Env as Setting<Name>]?: string };
type Bindings = {
  [Name in keyof Cloudflare.Env as Exclude<Name, Setting<Name>>]: Cloudflare.Env[Name];
};

/**
 * What the deployment binds and configures. `worker-configuration.d.ts` is made of `wrangler.toml` and of
 * `.dev.vars.example`, which describes each setting (`npm run types`). That form has no optional settings, and all of
 * ours are optional: so they are made optional here.
 */
export type Env = Bindings & Settings;

/** Returns whether this deployment is a development one. */
export function isDevelopment(env: Env): boolean {
  return env.DEVELOPMENT === 'true';
}

/** Returns whether `/workbench` shows the inside of agents here. */
export function workbenchIsOn(env: Env): boolean {
  return isDevelopment(env) || env.WORKBENCH === 'on';
}

/** Returns whether rate limits hold: always, but where a development deployment switched them off. */
export function rateLimitsHold(env: Env): boolean {
  return !(isDevelopment(env) && env.RATE_LIMITS === 'off');
}

/** Returns the embedded agent's pause between two pieces in milliseconds: 0 unless configured, at most a second. */
export function embeddedPaceMs(env: Env): number {
  const pace = Number(env.EMBEDDED_PACE_MS ?? 0);
  return Number.isFinite(pace) ? Math.min(Math.max(pace, 0), 1000) : 0;
}
