import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decide,
  MAX_ATTEMPTS,
  type Arriving,
  type KeyMatch,
  type RunningTurn,
  type Standing,
} from '../../../src/conversation/turns/arrival.ts';
import { BUSY_POLICIES } from '../../../src/contract/turns.ts';

const NEW: Arriving = { match: { of: 'nothing' }, if_busy: 'reject', hasMessage: true, sameFormat: true };
const WALKING: RunningTurn = { phase: 'walking', attempts: 1, calledTools: false, isStopping: false };

function open(running: RunningTurn | null, isLineFull = false): Standing {
  return running === null
    ? { state: 'open', running: null, isLineFull }
    : { state: 'open', running, isLineFull };
}

const anyRunning: fc.Arbitrary<RunningTurn> = fc.record({
  phase: fc.constantFrom('hearing' as const, 'walking' as const, 'speaking' as const, 'committing' as const),
  attempts: fc.integer({ min: 1, max: MAX_ATTEMPTS }),
  calledTools: fc.boolean(),
  isStopping: fc.boolean(),
});

const anyStanding: fc.Arbitrary<Standing> = fc.oneof(
  fc.record({
    state: fc.constantFrom('open' as const, 'finished' as const),
    running: fc.constant(null),
    isLineFull: fc.constant(false),
  }),
  fc.record({
    state: fc.constantFrom('creating' as const, 'open' as const),
    running: anyRunning,
    isLineFull: fc.boolean(),
  }),
  fc.record({
    state: fc.constant('reserving' as const),
    running: fc.constant(null),
    isLineFull: fc.constant(false),
  }),
);

const anyArriving = (match: fc.Arbitrary<KeyMatch>): fc.Arbitrary<Arriving> =>
  fc.record({
    match,
    if_busy: fc.constantFrom(...BUSY_POLICIES),
    hasMessage: fc.boolean(),
    sameFormat: fc.boolean(),
  });

const known = fc.constantFrom('running' as const, 'waiting' as const, 'stored' as const);

describe('a request with a key that is known', () => {
  it('is refused with other content, however the conversation stands', () => {
    const match = known.map((of) => ({ of, sameContent: false }));
    fc.assert(
      fc.property(anyArriving(match), anyStanding, (arriving, standing) => {
        expect(decide(arriving, standing)).toEqual({ kind: 'refuse', code: 'idempotency_key_reused' });
      }),
    );
  });

  it('never begins, waits or stops anything: it gets what the first one made', () => {
    const match = known.map((of) => ({ of, sameContent: true }));
    fc.assert(
      fc.property(anyArriving(match), anyStanding, (arriving, standing) => {
        const { of } = arriving.match;
        const expected = of === 'stored' ? { kind: 'replay' } : { kind: 'attach', to: of };
        expect(decide(arriving, standing)).toEqual(expected);
      }),
    );
  });
});

describe('a request that is new', () => {
  it.each(BUSY_POLICIES)('begins where nothing runs, with the policy %s', (if_busy) => {
    expect(decide({ ...NEW, if_busy }, open(null))).toEqual({ kind: 'begin' });
  });

  it('is refused by a finished conversation, and by one that is being created', () => {
    for (const if_busy of BUSY_POLICIES) {
      const arriving = { ...NEW, if_busy };
      const finished: Standing = { state: 'finished', running: null, isLineFull: false };
      expect(decide(arriving, finished)).toEqual({ kind: 'refuse', code: 'conversation_finished' });
      const creating: Standing = { state: 'creating', running: WALKING, isLineFull: false };
      expect(decide(arriving, creating)).toEqual({ kind: 'refuse', code: 'creating' });
      const reserving: Standing = { state: 'reserving', running: null, isLineFull: false };
      expect(decide(arriving, reserving)).toEqual({ kind: 'refuse', code: 'creating' });
    }
  });

  it('is refused at once by a running turn, unless it wants to wait or to interrupt', () => {
    fc.assert(
      fc.property(anyRunning, fc.boolean(), (running, isLineFull) => {
        expect(decide(NEW, open(running, isLineFull))).toEqual({
          kind: 'refuse',
          code: 'operation_in_progress',
        });
      }),
    );
  });

  it('waits where it asked to, as long as there is room', () => {
    fc.assert(
      fc.property(anyRunning, (running) => {
        const arriving: Arriving = { ...NEW, if_busy: 'queue' };
        expect(decide(arriving, open(running))).toEqual({ kind: 'wait' });
        expect(decide(arriving, open(running, true))).toEqual({ kind: 'refuse', code: 'line_full' });
      }),
    );
  });
});

describe('a request that interrupts', () => {
  const INTERRUPT: Arriving = { ...NEW, if_busy: 'interrupt' };

  it('stops an agent that speaks, once, and waits for the end', () => {
    const speaking: RunningTurn = { ...WALKING, phase: 'speaking' };
    expect(decide(INTERRUPT, open(speaking))).toEqual({ kind: 'stop_and_wait' });
    expect(decide(INTERRUPT, open({ ...speaking, isStopping: true }))).toEqual({ kind: 'wait' });
    expect(decide(INTERRUPT, open({ ...speaking, phase: 'committing' }))).toEqual({ kind: 'wait' });
    expect(decide(INTERRUPT, open(speaking, true))).toEqual({ kind: 'refuse', code: 'line_full' });
  });

  it('is heard by an agent that has not spoken: the walk begins anew, even when the line is full', () => {
    for (const phase of ['hearing', 'walking'] as const) {
      expect(decide(INTERRUPT, open({ ...WALKING, phase }))).toEqual({ kind: 'restart' });
      expect(decide(INTERRUPT, open({ ...WALKING, phase }, true))).toEqual({ kind: 'restart' });
    }
  });

  it.each([
    ['a tool was called', { calledTools: true }, {}],
    ['the walk began five times', { attempts: MAX_ATTEMPTS }, {}],
    ['the turn is being stopped', { isStopping: true }, {}],
    ['it says nothing', {}, { hasMessage: false }],
    ['it wants its answer in another format', {}, { sameFormat: false }],
  ] as const)('waits where %s', (_why, running, arriving) => {
    const decision = decide({ ...INTERRUPT, ...arriving }, open({ ...WALKING, ...running }));
    expect(decision).toEqual({ kind: 'wait' });
  });

  it('restarts a walk only where nothing was said and no tool was called', () => {
    fc.assert(
      fc.property(anyArriving(fc.constant({ of: 'nothing' as const })), anyStanding, (arriving, standing) => {
        const decision = decide(arriving, standing);
        if (decision.kind !== 'restart') return;
        expect(standing.running).toMatchObject({ calledTools: false, isStopping: false });
        expect(['hearing', 'walking']).toContain(standing.running?.phase);
      }),
    );
  });
});
