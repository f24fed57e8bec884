import { hasText } from './bytes.ts';
import { read, type Steps } from './steps.ts';

/** The header of one frame of a stream that has nothing else to be known by. */
export interface FrameHeader {
  /** From this header to where the next must be. */
  bytes: number;
  /** What is the same in every frame of a stream, in one value. */
  stream: number;
  /** Where a table of contents would be announced in place of sound: in the first frame only. */
  contentsAt?: readonly number[];
}

export interface FrameSyntax {
  headerBytes: number;
  /** The header at the position, behind which at least `headerBytes` are there; null when it is none. */
  parse(bytes: Uint8Array, at: number): FrameHeader | null;
}

export interface FrameRun {
  /** Headers in a row, each where the one before said it must be, all of one stream. */
  headers: number;
  /** Frames among them that are complete and hold sound. */
  frames: number;
  /** The row stopped because the recording did, or because a tag for the whole file follows. */
  ended: boolean;
}

/** Tags that stand at the end of a file of MPEG audio: ID3v1 and APE. */
const CLOSING_TAGS: readonly string[] = ['TAG', 'APETAGEX'];
/** What an encoder writes in a first frame that only describes the ones behind it. */
const CONTENTS: readonly string[] = ['Xing', 'Info', 'VBRI'];

function isContents(header: FrameHeader, frame: Uint8Array): boolean {
  return (header.contentsAt ?? []).some((at) => CONTENTS.some((name) => hasText(frame, at, name)));
}

/** Follows frames from a position on, until `wanted` of them hold sound or the row stops. Consumes nothing. */
export function* runOfFrames(syntax: FrameSyntax, start: number, wanted: number): Steps<FrameRun> {
  const run: FrameRun = { headers: 0, frames: 0, ended: false };
  let stream: number | null = null;
  for (let at = start; run.frames < wanted;) {
    const upToHeader = yield* read(at + syntax.headerBytes);
    run.ended =
      upToHeader.length < at + syntax.headerBytes ||
      (run.headers > 0 &&
        CLOSING_TAGS.some((tag) => hasText(upToHeader, at, tag.slice(0, syntax.headerBytes))));
    if (run.ended) return run;
    const header = syntax.parse(upToHeader, at);
    if (header === null || (stream !== null && header.stream !== stream)) return run;
    stream = header.stream;
    run.headers += 1;
    const upToNext = yield* read(at + header.bytes);
    run.ended = upToNext.length < at + header.bytes;
    if (run.ended) return run;
    if (run.headers > 1 || !isContents(header, upToNext.subarray(at))) run.frames += 1;
    at += header.bytes;
  }
  return run;
}
