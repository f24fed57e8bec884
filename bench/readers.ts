/**
 * Measures what further readers of one turn cost: the CPU time of a turn's events for 20 readers against that for one.
 * `node bench/readers.ts` prints both, for a turn whose own work is as much as the embedded agent's (about 10 ms).
 */
import { ReaderStream } from '../src/conversation/turns/reader-stream.ts';
import { Readers } from '../src/conversation/turns/readers.ts';
import { Transcript } from '../src/conversation/turns/transcript.ts';

const PIECES = 40;
const TURNS = 200;
const MESSAGE = '6a2500000000000000000002';

/** Tells one turn to `count` readers, each of which reads all of it. Pieces come a tick apart, as a model's do. */
async function turn(count: number): Promise<number> {
  const transcript = new Transcript({
    conversation_id: '6a0800000000000000000001',
    interaction_id: '6a2500000000000000000001',
  });
  const readers = new Readers(transcript);
  const read = Array.from({ length: count }, () => {
    const stream = new ReaderStream();
    readers.attach(
      {
        after: null,
        shape: 'interact',
        sight: { actions: true, thoughts: true },
        filter: () => true,
        own: 'all',
        live: true,
      },
      stream,
    );
    return new Response(stream.readable as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer();
  });
  for (let piece = 1; piece <= PIECES; piece += 1) {
    transcript.say(MESSAGE, 'a few words and ', piece === PIECES);
    if (piece % 4 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  transcript.end({
    type: 'interaction-complete',
    message_id: MESSAGE,
    interaction_id: '6a2500000000000000000001',
    full_message: 'a few words and '.repeat(PIECES),
    conversation_completed: false,
  });
  const bytes = await Promise.all(read);
  return bytes.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** Returns the CPU time of a turn with `count` readers, in milliseconds. */
async function cpuMs(count: number): Promise<number> {
  for (let warm = 0; warm < 20; warm += 1) await turn(count);
  const before = process.cpuUsage();
  for (let index = 0; index < TURNS; index += 1) await turn(count);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / TURNS;
}

const one = await cpuMs(1);
const twenty = await cpuMs(20);
console.log(`one reader: ${one.toFixed(3)} ms; 20 readers: ${twenty.toFixed(3)} ms of CPU a turn`);
console.log(`each further reader: ${((twenty - one) / 19).toFixed(3)} ms`);
