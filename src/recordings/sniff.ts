import { APE_HEADER_BYTES, apeTagBytes } from './ape-tag.ts';
import { bareSamples, type PcmConfig } from './bare-samples.ts';
import { isJsonType } from './declared.ts';
import { flacFile, isFlac } from './flac.ts';
import { ID3_HEADER_BYTES, id3TagBytes } from './id3.ts';
import { isMp4, mp4File } from './mp4.ts';
import { mpegFile } from './mpeg-file.ts';
import { isOgg, oggFile } from './ogg.ts';
import { jsonInstead, soundless, unsupported } from './refusals.ts';
import { pass, read, skip, type Steps } from './steps.ts';
import { unaccepted, UNACCEPTED_HEAD_BYTES, UNACCEPTED_LOOK_BYTES } from './unaccepted.ts';
import { isRiff, isWavAt, RIFF_HEADER_BYTES, wavFile } from './wav.ts';
import { isEbml, webmFile } from './webm.ts';
import { isJson, written, WRITTEN_LOOK_BYTES } from './written.ts';

/** Format of a recording in `request_audio_config`. */
export type AudioConfig = { type: 'mp3' } | PcmConfig;

/**
 * Maximum number of tags before a file. Programs leave one or two; the maximum bounds the work of an upload of tags.
 */
export const MAX_TAGS = 16;
/**
 * Maximum size of all tags before a file in bytes: one or two pictures. The format has to be known before the first
 * part is stored.
 */
export const MAX_TAG_BYTES = 4 * 1024 * 1024;
/** Maximum number of bytes that a program may have put before a WAV file. */
export const MAX_BEFORE_WAV_BYTES = 4096;

/**
 * Reads a recording in the format of its content. The configuration and the content type `declared` decide only about
 * bare samples, which content cannot tell. Throws `recording_unsupported` and `message_empty`.
 */
export function* sniff(config: AudioConfig | null, declared: string | null): Steps<void> {
  const head = yield* read(UNACCEPTED_HEAD_BYTES);
  if (head.length === 0) throw soundless('it has no bytes');
  if (isRiff(head)) return yield* wavFile();
  if (isOgg(head)) return yield* oggFile();
  if (isEbml(head)) return yield* webmFile();
  if (isMp4(head)) return yield* mp4File();
  refuseKnown(head);
  const isTagged = yield* passTags();
  if (isFlac(yield* read(4))) return yield* flacFile();
  if (isTagged) return yield* mpegFile(declared, true);
  refuseKnown(yield* read(UNACCEPTED_LOOK_BYTES));
  yield* refuseText(declared);
  const before = yield* bytesBeforeWav();
  if (before !== null) {
    yield* skip(before);
    return yield* wavFile();
  }
  yield* config?.type === 'pcm' ? bareSamples(config, declared) : mpegFile(declared, false);
}

function refuseKnown(head: Uint8Array): void {
  const known = unaccepted(head);
  if (known !== null) throw unsupported(known);
}

/** Passes all tags before a file. Returns whether there was one. */
function* passTags(): Steps<boolean> {
  for (let tags = 0, passed = 0; ; tags += 1) {
    const head = yield* read(Math.max(ID3_HEADER_BYTES, APE_HEADER_BYTES));
    const bytes = id3TagBytes(head) ?? apeTagBytes(head);
    if (bytes === null) return tags > 0;
    passed += bytes;
    if (tags === MAX_TAGS) throw unsupported(`a file with more than ${MAX_TAGS} ID3 tags`);
    if (passed > MAX_TAG_BYTES) throw unsupported(`a file with more than ${MAX_TAG_BYTES} bytes of tags`);
    yield* pass(bytes);
  }
}

function* refuseText(declared: string | null): Steps<void> {
  const text = written(yield* read(WRITTEN_LOOK_BYTES));
  if (text === null) return;
  throw isJsonType(declared) || isJson(text) ? jsonInstead() : unsupported('text');
}

/** Returns the number of bytes before a WAV file; null if none begins within `MAX_BEFORE_WAV_BYTES`. */
function* bytesBeforeWav(): Steps<number | null> {
  const ahead = yield* read(MAX_BEFORE_WAV_BYTES + RIFF_HEADER_BYTES);
  for (let at = ahead.indexOf(0x52); at !== -1; at = ahead.indexOf(0x52, at + 1)) {
    if (isWavAt(ahead, at)) return at;
  }
  return null;
}
