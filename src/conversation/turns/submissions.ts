import { failure, success, type Outcome } from '../../problems.ts';
import { refuseExternalEvents } from '../admission.ts';
import type { ConversationRecord } from '../records.ts';
import type { Recordings } from '../recordings.ts';
import { recordingOf, type InteractRequest } from '../requests.ts';
import { earliestLastAt } from './message-stamps.ts';
import type { Submission } from './accepted-turn.ts';

/** Takes what a request sends for the turn that begins now, its recording too, or returns why it cannot be taken. */
export function claimSubmission(
  { message, sender, external_events, key }: InteractRequest,
  record: ConversationRecord,
  recordings: Recordings,
): Outcome<Submission> {
  const untimely = refuseExternalEvents(external_events, earliestLastAt(record), Date.now());
  if (untimely !== null) return { ok: false, problem: untimely };
  const recording = recordingOf(message);
  if (recording !== null && !recordings.claim(recording.key)) {
    return failure('body_stalled', 'The recording took too long to arrive. Send it again.');
  }
  return success({ message, sender, external_events, key });
}
