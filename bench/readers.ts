/**
 * Measures what further readers of one turn cost in JavaScript: the CPU time of a turn's events for 20 readers against that
 * for one, medians of alternating rounds. `node bench/readers.ts` prints both, and the part of a plain turn that they are.
 * It measures the object's work alone: requests and connections cost the platform more.
 */
import { ReaderStream } from '../src/conversation/turns/reader-stream.ts';
import { Readers } from '../src/conversation/turns/readers.ts';
import { Transcript } from '../src/conversation/turns/transcript.ts';
import { median } from './statistics.ts';

const PIECES = 40;
const TURNS = 100;
const ROUNDS = 9;
/** CPU of plain turns in milliseconds, with the embedded agent and with a language model (docs/performance.md). */
const PLAIN_TURNS_MS = { 'embedded agent': 1.5, 'language model': 2.8 };
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
    readers.hold();
    transcript.say(MESSAGE, 'a few words and ', piece === PIECES);
    if (piece % 4 !== 0) continue;
    readers.flush();
    await new Promise((resolve) => setImmediate(resolve));
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
  const before = process.cpuUsage();
  for (let index = 0; index < TURNS; index += 1) await turn(count);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / TURNS;
}

const measured = { one: [] as number[], twenty: [] as number[] };
for (let round = 0; round <= ROUNDS; round += 1) {
  const [one, twenty] = [await cpuMs(1), await cpuMs(20)];
  // The first round warms up.
  if (round === 0) continue;
  measured.one.push(one);
  measured.twenty.push(twenty);
}
const [one, twenty] = [median(measured.one), median(measured.twenty)];
console.log(`one reader: ${one.toFixed(3)} ms; 20 readers: ${twenty.toFixed(3)} ms of CPU a turn`);
console.log(`each further reader: ${((twenty - one) / 19).toFixed(3)} ms`);
for (const [agent, ms] of Object.entries(PLAIN_TURNS_MS)) {
  const ratio = (ms + twenty - one) / ms;
  console.log(`20 readers of a turn with the ${agent} (${ms} ms) against one: ${ratio.toFixed(2)}`);
}
