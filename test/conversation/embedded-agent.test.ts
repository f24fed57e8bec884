import { describe, expect, it, vi } from 'vitest';
import { embeddedReasoner as embedded } from '../../src/agent/embedded/embedded.ts';
import type { EngageStep, Reasoner, ToolOutputs } from '../../src/agent/reasoner.ts';
import { embeddedAgent, embeddedReasoner, lateReasoner } from '../../src/conversation/embedded-agent.ts';
import { graphOf, situationAt, userSays } from '../agent/support.ts';
import { actionState } from '../support/organization.ts';

const ASK = actionState('ask', ['Ask: "Which colour would you like?"'], [['The guest withdraws', 'end']]);
const GRAPH = graphOf([ASK, actionState('end', ['Bye.'], [])]);
const NO_TOOLS = { choosing: [], engaging: [] };

async function steps(reasoner: Reasoner): Promise<EngageStep[]> {
  const made: EngageStep[] = [];
  const engaged = reasoner.engage(situationAt(GRAPH, 'ask', { input: userSays('blue') }), ASK, NO_TOOLS);
  for (let step = await engaged.next([]); step.done !== true; step = await engaged.next([]))
    made.push(step.value);
  return made;
}

describe('the embedded agent before it is loaded', () => {
  const reasoner = embedded({ paceMs: 0 });
  const late = lateReasoner(() => Promise.resolve(reasoner));

  it('takes every question that it takes when it is loaded, and reads as many messages', () => {
    expect(Object.keys(late).sort()).toEqual(Object.keys(reasoner).sort());
    expect(late.historyLimit).toBe(reasoner.historyLimit);
  });

  it('answers in the same way', async () => {
    const situation = situationAt(GRAPH, 'ask', { input: userSays('blue') });
    const candidates = [{ name: 'colours', triggers: ['blue'] }];
    expect(await steps(late)).toEqual(await steps(reasoner));
    expect(await late.recallQueries(situation, 'the colour')).toEqual(
      await reasoner.recallQueries(situation, 'the colour'),
    );
    expect(await late.relevantBehaviors(situation, candidates)).toEqual(
      await reasoner.relevantBehaviors(situation, candidates),
    );
    expect(await late.selectBehavior(situation, candidates)).toEqual(
      await reasoner.selectBehavior(situation, candidates),
    );
    expect(await late.behaviorVectors?.(situation)).toBe(false);
    expect(await late.recommend(situation, ASK, '')).toEqual(await reasoner.recommend(situation, ASK, ''));
  });

  it('passes the outputs of tools on, and the end of a turn', async () => {
    const ended = vi.fn();
    const asking: Reasoner = {
      ...reasoner,
      async *decide() {
        try {
          const outputs: ToolOutputs = yield { type: 'tool-round', calls: [] };
          return outputs.length;
        } finally {
          ended();
        }
      },
    };
    const begin = () =>
      lateReasoner(() => Promise.resolve(asking)).decide(situationAt(GRAPH, 'ask'), {} as never, []);
    const answered = begin();
    expect(await answered.next([])).toEqual({ done: false, value: { type: 'tool-round', calls: [] } });
    expect(await answered.next(['a', 'b'])).toEqual({ done: true, value: 2 });
    const left = begin();
    await left.next([]);
    await left.return(0);
    expect(ended).toHaveBeenCalledTimes(2);
  });

  it('fails with what loading it throws, and can be asked again', async () => {
    const load = vi.fn(() => Promise.resolve(reasoner));
    load.mockRejectedValueOnce(new Error('no such file'));
    const failing = lateReasoner(load);
    await expect(steps(failing)).rejects.toThrow('no such file');
    expect(await steps(failing)).toEqual(await steps(reasoner));
  });

  it('is asked itself once it is loaded', async () => {
    const loaded = await embeddedAgent.load();
    try {
      embeddedAgent.module = { ...loaded, embeddedReasoner: () => reasoner };
      expect(embeddedReasoner({ paceMs: 0 })).toBe(reasoner);
    } finally {
      embeddedAgent.module = loaded;
    }
  });
});
