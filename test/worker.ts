/** The Worker under test: the production one, with conversations whose agent a test can script. */
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
