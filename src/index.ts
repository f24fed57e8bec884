import { env } from 'cloudflare:workers';
import { createApp } from './app.ts';
import type { Env } from './bindings.ts';
import { isDevelopment } from './deployment/switches.ts';
import { logErrorsInFull } from './log.ts';

export { Budget } from './budget/budget.ts';
export { Conversation } from './conversation/conversation.ts';
export { Directory } from './directory/directory.ts';
export { RateLimiter } from './limits/rate-limiter.ts';
export { Memory } from './memory/memory.ts';
export { Registry } from './registry/object/registry.ts';

// Objects load this module too, so this holds for everything that an isolate logs.
logErrorsInFull(isDevelopment(env));

const app = createApp();

/** Worker of the deployment: passes every request to the app. */
export default {
  fetch: (request, env, ctx) => app.fetch(request, env, ctx),
} satisfies ExportedHandler<Env>;
