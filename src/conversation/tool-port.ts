import type { Env } from '../bindings.ts';
import { isDevelopment } from '../deployment/switches.ts';
import type { Home } from '../home.ts';
import { readVariables } from '../registry/object/client.ts';
import type { Catalog } from '../registry/organization.ts';
import type { ToolCaller } from '../tools/call-identity.ts';
import { HttpTools } from '../tools/http-tools.ts';
import { signToolCall } from '../tools/tool-token.ts';

/** Returns the tools of an organization for one turn. Their secrets are secrets of the deployment. */
export function toolsOf(env: Env, { tools }: Catalog, caller: ToolCaller, home: Home): HttpTools {
  const secrets = env as unknown as Record<string, unknown>;
  return new HttpTools(tools, caller, {
    secret: (name) => {
      const value = secrets[name];
      return typeof value === 'string' && value !== '' ? value : undefined;
    },
    variables: () => readVariables(env, home, caller.user_id),
    sign: (claims) => signToolCall(env.SIGNING_KEYS, claims, Date.now()),
    privateAddresses: isDevelopment(env),
  });
}
