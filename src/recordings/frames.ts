import { hasText } from './bytes.ts';
import { read, type Steps } from './steps.ts';

/** Header of one frame in a stream that is known only by its frames. */
export interface FrameHeader {
  /** Size of the frame in bytes: the next header follows it. */
  bytes: number;
  /** The fields that are the same in every frame of a stream, as one number. */
  stream: number;
  /** Positions in the first frame where the mark of a table of contents may be. Such a frame has no sound. */
  contentsAt?: readonly number[];
}

/** Syntax of the frames of one format. */
export interface FrameSyntax {
  headerBytes: number;
  /** Returns the header at a position, or null if there is none. At least `headerBytes` follow the position. */
  parse(bytes: Uint8Array, at: number): FrameHeader | null;
}

/** Result of following consecutive frames. */
export interface FrameRun {
  /** Number of consecutive headers of one stream, each at the position that the one before it implies. */
  headers: number;
  /** Number of these frames that are complete and have sound. */
  frames: number;
  /** True if the frames stopped at the end of the recording, or at a tag of the whole file. */
  ended: boolean;
}

/** Tags at the end of a file of MPEG audio: ID3v1 and APE. */
const CLOSING_TAGS: readonly string[] = ['TAG', 'APETAGEX'];
/** Marks of a first frame that only describes the following ones. */
const CONTENTS: readonly string[] = ['Xing', 'Info', 'VBRI'];

function isContents(header: FrameHeader, frame: Uint8Array): boolean {
  return (header.contentsAt ?? []).some((at) => CONTENTS.some((name) => hasText(frame, at, name)));
}

/** Follows frames from a position on, until `wanted` of them have sound or they stop. Consumes nothing. */
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
