/** Choices among all exits of a state, beside the words of each exit by itself, and the limits of leave-taking. */
import type { Evidence } from '../evidence.ts';
import type { ReadState } from '../reading/states.ts';
import type { Hearing } from './hearing.ts';
import { withLeaveTaking } from './leave-taking.ts';
import { wishEvidence, withWishes } from './wishes.ts';

/** Returns the evidence for the exits of a state, from that of their words and meaning. */
export function withChoice({ exits }: ReadState, found: readonly Evidence[], hearing: Hearing): Evidence[] {
  const wished = wishEvidence(
    exits.map(({ ways }) => ways),
    hearing.message,
  );
  return withLeaveTaking(exits, withWishes(found, wished), hearing);
}
