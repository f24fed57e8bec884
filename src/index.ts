import { createApp } from './app.ts';
import type { Env } from './bindings.ts';

export { Conversation } from './conversation/conversation.ts';
export { Directory } from './directory/directory.ts';
export { RateLimiter } from './limits/rate-limiter.ts';
export { Memory } from './memory/memory.ts';

const app = createApp();

export default {
  fetch: (request, env, ctx) => app.fetch(request, env, ctx),
} satisfies ExportedHandler<Env>;
