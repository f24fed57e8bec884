/** Messages that join a turn, and stops, before its walk has begun and between two walks. */
import { describe, expect, it } from 'vitest';
import type { Submission } from '../../../src/conversation/turns/accepted-turn.ts';
import { MAX_ATTEMPTS } from '../../../src/conversation/turns/arrival.ts';
import { LiveTurn } from '../../../src/conversation/turns/live-turn.ts';
import { Turn } from '../../../src/conversation/turns/turn.ts';
import { ProblemError } from '../../../src/problems.ts';

const NOW = 1_800_000_000_000;

function saying(text: string): Submission {
  return {
    message: { type: 'user-message', text },
    sender: { user_id: 'a'.repeat(24), name: 'Una' },
    external_events: [],
    key: null,
  };
}

function liveTurn(): LiveTurn {
  const record = {
    identity: { id: 'c'.repeat(24) },
    state: 'open',
    last_message: 2,
    last_interaction: 1,
    last_at: NOW - 1_000,
  };
  const start = { submissions: [saying('What?')], response_format: 'text' as const, returning: false };
  return new LiveTurn(new Turn(record as never, start, NOW), {
    caller: { request_id: 'r', organization: 'o', user_id: 'u', grants: [] },
    filter: () => true,
  });
}

/** The code for which a signal aborted; `anew` when its walk begins anew, null while it does not abort. */
function reasonOf(signal: AbortSignal): string | null {
  if (!signal.aborted) return null;
  return signal.reason instanceof ProblemError ? signal.reason.problem.code : 'anew';
}

describe('a message that joins a turn whose walk has not begun yet', () => {
  it('is part of the walk that then begins', () => {
    const live = liveTurn();
    live.restart([saying('Or how?')], NOW + 1);
    expect(reasonOf(live.beginAttempt())).toBeNull();
    expect(live.isRestarting).toBe(false);
    expect(live.turn.input.map(({ text }) => text)).toEqual(['What?', 'Or how?']);
  });

  it('counts as a further attempt, as one that ends a walk does', () => {
    const before = liveTurn();
    const walking = liveTurn();
    walking.beginAttempt();
    for (const live of [before, walking]) {
      for (let joined = 1; joined < MAX_ATTEMPTS; joined += 1) live.restart([saying('And?')], NOW + joined);
      expect(live.state.attempts).toBe(MAX_ATTEMPTS);
    }
  });
});

describe('a message that joins a walk', () => {
  it('ends that walk, and the next one begins', () => {
    const live = liveTurn();
    const first = live.beginAttempt();
    live.restart([saying('Or how?')], NOW + 1);
    expect([reasonOf(first), live.isRestarting]).toEqual(['anew', true]);
    expect(reasonOf(live.beginAttempt())).toBeNull();
  });
});

describe('a stop', () => {
  it('ends the walk that runs', () => {
    const live = liveTurn();
    const walk = live.beginAttempt();
    live.stop(null, 'user');
    expect([reasonOf(walk), live.isStopped]).toEqual(['turn_stopped', true]);
  });

  it('before the walk has begun ends it as it begins', () => {
    const live = liveTurn();
    live.stop(null, 'user');
    expect([reasonOf(live.beginAttempt()), live.isStopped]).toEqual(['turn_stopped', true]);
  });

  it.each(['before the walk', 'in the walk'])('is not undone by a message that joined %s', (moment) => {
    const live = liveTurn();
    if (moment === 'in the walk') live.beginAttempt();
    live.restart([saying('Or how?')], NOW + 1);
    live.stop(null, 'user');
    expect(live.state.isStopping).toBe(true);
    expect(reasonOf(live.beginAttempt())).toBe('turn_stopped');
    expect(live.isRestarting).toBe(false);
  });
});
