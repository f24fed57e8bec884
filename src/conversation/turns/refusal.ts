import { PROBLEMS, type Problem } from '../../problems.ts';
import { jsonLine } from '../../text.ts';
import type { StreamEvent } from '../../contract/stream.ts';
import type { ReaderStream } from './reader-stream.ts';

/** Ends a stream that has begun with the error event of a problem. */
export function refuse(stream: ReaderStream, { code, detail }: Problem): void {
  const event: StreamEvent = {
    type: 'error',
    http_error_code: PROBLEMS[code][0],
    error_description: detail,
    code,
  };
  stream.send(jsonLine(event), 0);
  stream.end();
}
