/** Every name that the deployment may set holds a text; what `wrangler.toml` binds is an object. */
type Setting<Name extends keyof Cloudflare.Env> = string extends Cloudflare.Env[Name] ? Name : never;
type Settings = { [Name in keyof Cloudflare.Env as Setting<Name>]?: string };
type Bindings = {
  [Name in keyof Cloudflare.Env as Exclude<Name, Setting<Name>>]: Cloudflare.Env[Name];
};

/** Bindings that a deployment may add. `wrangler.toml` has them for none. */
interface Optional {
  /** The dataset of Analytics Engine that gets a point of each turn (docs/operating.md). */
  TURNS?: AnalyticsEngineDataset;
}

/**
 * The bindings and settings of the deployment. `worker-configuration.d.ts` is made of `wrangler.toml` and of
 * `.dev.vars.example`, which describes each setting (`npm run types`). That form has no optional settings, and all of
 * ours are optional: so they are made optional here.
 */
export type Env = Bindings & Settings & Optional;
