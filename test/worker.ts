/** The Worker under test: the production one, with conversations whose agent a test can script. */
// Modules that production loads late are loaded with the Worker: the test runtime fetches a module within the request that
// imports it, and a module whose request was ended on purpose would never come.
import '../src/agent/embedded/entrance.ts';
import '../src/api/chat/operations.ts';
import '../src/api/conversations/receive-recording.ts';
import '../src/api/management-routes.ts';
import '../src/api/visitors/operations.ts';
import '../src/conversation/turns/voice-speaker.ts';
import '../src/registry/object/organization-registry.ts';
import '../src/tools/json-schema.ts';
import '../src/workbench/routes.ts';
import app from '../src/index.ts';
import type { Env } from '../src/bindings.ts';
import { Conversation as ProductionConversation } from '../src/conversation/conversation.ts';
import { scriptedReasoner, TEST_DEADLINE_MS } from './support/scripted-reasoner.ts';
import { scriptedSpeech } from './support/scripted-speech.ts';

export { Budget } from '../src/budget/budget.ts';
export { Directory } from '../src/directory/directory.ts';
export { RateLimiter } from '../src/limits/rate-limiter.ts';
export { Memory } from '../src/memory/memory.ts';
export { Registry } from '../src/registry/object/registry.ts';

export class Conversation extends ProductionConversation {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, {
      reasoner: scriptedReasoner(),
      speech: scriptedSpeech(),
      deadlineMs: TEST_DEADLINE_MS,
    });
  }
}

export default app;
