import { problem, type ProblemError } from '../problems.ts';

/**
 * Returns the problem of a recording in a known format that is not accepted. `what` is a noun with its article ("an Ogg
 * file").
 */
export function unsupported(what: string): ProblemError {
  return problem('recording_unsupported', `This is ${what}. Send WAV, MP3, FLAC or PCM samples.`);
}

/** Returns the problem of a recording in no known format. */
export function unrecognized(detail: string): ProblemError {
  return problem('recording_unsupported', detail);
}

/** Returns the problem of a recording without sound. `why` is the end of a sentence. */
export function soundless(why: string): ProblemError {
  return problem('message_empty', `There is no sound in the recording: ${why}.`);
}

/** Returns the problem of JSON in place of a recording, which clients send that convert a recording to text. */
export function jsonInstead(): ProblemError {
  return unrecognized(
    'This is JSON and not a recording: the official TypeScript client turns audio into JSON. ' +
      'Send the bytes of the recording as a file part of a form, or as the body with their own content type.',
  );
}
