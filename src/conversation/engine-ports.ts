import type { MemoryPort } from '../agent/ports.ts';
import type { Env } from '../bindings.ts';
import { isDevelopment } from '../deployment/switches.ts';
import { askMemory } from '../memory/client.ts';
import type { Home } from '../home.ts';
import { memoryOf } from '../objects.ts';
import { readVariables } from '../registry/object/client.ts';
import type { Catalog } from '../registry/organization.ts';
import type { ToolCaller } from '../tools/call-identity.ts';
import { HttpTools } from '../tools/http-tools.ts';
import { signToolCall } from '../tools/tool-token.ts';
import type { ConversationIdentity } from './records.ts';

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

/** Returns the memories of a conversation's user, as the engine asks for them. */
export function memoryPort(env: Env, identity: ConversationIdentity): MemoryPort {
  return {
    recall: async (queries) => {
      const responses = await askMemory(
        memoryOf(env, identity, identity.user_id),
        (memory) => memory.recall([...queries]),
        null,
        { conversation_id: identity.id },
      );
      return responses === null ? [] : queries.map((query, index) => [query, responses[index] ?? '']);
    },
  };
}
