import { problem, type ProblemError } from '../problems.ts';

/** The refusal of a recording whose kind is known: `what` is a noun with its article ("an Ogg file"). */
export function unsupported(what: string): ProblemError {
  return problem('recording_unsupported', `This is ${what}; send WAV, MP3, FLAC or PCM samples.`);
}

/** The refusal of a recording that is no kind we know. */
export function unrecognized(detail: string): ProblemError {
  return problem('recording_unsupported', detail);
}

/** The refusal of a recording in which there is nothing to hear: `why` is the half of a sentence. */
export function soundless(why: string): ProblemError {
  return problem('message_empty', `There is no sound in the recording: ${why}.`);
}

/** The refusal of JSON: what clients send that turn a recording into text. */
export function jsonInstead(): ProblemError {
  return unrecognized(
    'This is JSON and not a recording: the official TypeScript client turns audio into JSON. ' +
      'Send the bytes of the recording as a file part of a form, or as the body with their own content type.',
  );
}
