/**
 * The embedded agent, which a user's message can make slow or broken: real turns, with the faults that a test needs.
 * `[say TEXT]` adds a text to the message's first piece; `[wait NAME]` holds the message after its first piece until the test opens the gate; `[fail]` throws there;
 * `[choose NAME]` holds the turn before it chooses, until the test opens the gate. `[hang]` never goes on; `[long N]` speaks N pieces. `[spend N]` uses N tokens of a model after the first piece. `[ponder NAME]` holds the user model until the gate is open.
 * `[model]` adds the name of the model that the turn prefers for speaking.
 */
import { embeddedReasoner } from '../../src/agent/embedded/embedded.ts';
import type { ActionTools, EngageStep, Reasoner, Situation, ToolOutputs } from '../../src/agent/reasoner.ts';
import type { UsageMeter } from '../../src/agent/usage.ts';
import type { ActionState } from '../../src/registry/graph.ts';

/**
 * Deadline of a turn, longer than any turn that is not meant to exceed it, on a machine that is busy with others. A test of
 * the deadline shortens it (`hurried` in faults.ts).
 */
export const TEST_DEADLINE_MS = 20_000;

const open = new Set<string>();

/** The user models that further ones were made of, in order. */
export const modelled: (string | null)[] = [];

/** Lets the turn that waits at a gate, now or later, go on. */
export function openGate(name: string): void {
  open.add(name);
}

/** Closes all gates, so that a test file may use a name that another one used. */
export function closeGates(): void {
  open.clear();
}

async function passGate(name: string | undefined): Promise<void> {
  if (name === undefined) return;
  // An object may not await a promise of another request, so it looks at the gate from time to time.
  while (!open.has(name)) await scheduler.wait(5);
}

/** Uses tokens as a call of a model that gives no more output than it may. */
async function spend(meter: UsageMeter, tokens: number): Promise<void> {
  const expected = {
    input_tokens: tokens,
    output_tokens: 100,
    isStreamed: true,
    isOptional: false,
    cost: () => 0,
  };
  if (meter.isBounded) await meter.secure(expected);
  const call = meter.begin(expected);
  meter.end({
    interaction: 'EngageUser',
    model: 'scripted',
    input_tokens: tokens,
    output_tokens: 0,
    first_token_ms: 1,
  });
  call.release();
}

async function* afterFirstPiece(said: string, { meter, models }: Situation): AsyncGenerator<EngageStep> {
  if (said.includes('[model]')) {
    yield { type: 'piece', text: `Model ${models['EngageUser']?.llm_name}.`, final: false };
  }
  const added = /\[say ([^\]]*)\]/.exec(said)?.[1];
  if (added !== undefined) yield { type: 'piece', text: added, final: false };
  for (const [, tokens] of said.matchAll(/\[spend (\d+)\]/g)) await spend(meter, Number(tokens));
  await passGate(/\[wait (\w+)\]/.exec(said)?.[1]);
  if (said.includes('[fail]')) throw new Error('a secret of the provider');
  if (said.includes('[hang]')) await new Promise(() => undefined);
  const count = Number(/\[long (\d+)\]/.exec(said)?.[1] ?? 0);
  const text = 'x'.repeat(1000);
  for (let index = 0; index < count; index += 1) {
    if (index % 50 === 0) await scheduler.wait(0);
    yield { type: 'piece', text, final: false };
  }
}

async function* engage(
  inner: Reasoner,
  situation: Situation,
  state: ActionState,
  tools: ActionTools,
): AsyncGenerator<EngageStep, void, ToolOutputs> {
  const said = situation.input.map(({ text }) => text).join(' ');
  const scripted = said.includes('[');
  await passGate(/\[choose (\w+)\]/.exec(said)?.[1]);
  const steps = inner.engage(situation, state, tools);
  let first = true;
  for (let step = await steps.next([]); step.done !== true; step = await steps.next([])) {
    const { value } = step;
    yield value.type === 'piece' && first && scripted ? { ...value, final: false } : value;
    if (value.type !== 'piece' || !first) continue;
    first = false;
    yield* afterFirstPiece(said, situation);
    if (value.final && scripted) yield { type: 'piece', text: '', final: true };
  }
}

export function scriptedReasoner(): Reasoner {
  const inner = embeddedReasoner({ paceMs: 0 });
  return {
    ...inner,
    engage: (situation, state, tools) => engage(inner, situation, state, tools),
    extractMemories: (conversation) => {
      if (conversation.transcript.some(({ text }) => text.includes('[unanalysable]')))
        throw new Error('analysis broke');
      return inner.extractMemories(conversation);
    },
    userModel: async (conversation) => {
      const said = conversation.transcript.map(({ text }) => text).join(' ');
      modelled.push(conversation.user.model);
      await passGate(/\[ponder (\w+)\]/.exec(said)?.[1]);
      return inner.userModel(conversation);
    },
  };
}
