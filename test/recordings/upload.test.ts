import { env } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../src/problems.ts';
import { HeldMemory } from '../../src/recordings/held-memory.ts';
import { PART_BYTES, RecordingUpload, type UploadShape } from '../../src/recordings/upload.ts';
import { concat, noise } from '../support/recordings.ts';

const bucket = (env as unknown as { AUDIO: R2Bucket }).AUDIO;
const WAV: UploadShape = { headerBytes: 44, content_type: 'audio/wav' };
const WEBM: UploadShape = { headerBytes: 0, content_type: 'audio/webm' };

async function store(key: string, bytes: Uint8Array, shape: UploadShape, memory = new HeldMemory()) {
  const uploads: string[] = [];
  let most = 0;
  const upload = new RecordingUpload(
    bucket,
    key,
    async (id) => {
      uploads.push(id);
      await Promise.resolve();
    },
    memory,
  );
  for (let at = 0; at < bytes.length; at += 100_000) {
    const chunk = bytes.slice(at, at + 100_000);
    await upload.write(chunk, shape);
    // A chunk's memory is its sender's again afterwards.
    chunk.fill(0);
    most = Math.max(most, memory.bytes);
  }
  await upload.finish(new Uint8Array(shape.headerBytes).fill(7), shape.content_type ?? 'audio/wav');
  return { most, uploads, left: memory.bytes };
}

async function stored(key: string): Promise<{ bytes: Uint8Array; type: string | undefined }> {
  const object = await bucket.get(key);
  if (object === null) throw new Error('It is not there.');
  return { bytes: new Uint8Array(await object.arrayBuffer()), type: object.httpMetadata?.contentType };
}

describe('a recording is stored whole, with its header and its type', () => {
  it.each([
    ['nothing', 0],
    ['a little', 1_000],
    ['a part less its header', PART_BYTES - 44],
    ['a part', PART_BYTES],
    ['two parts less the header', 2 * PART_BYTES - 44],
    ['two parts and more', 2 * PART_BYTES + 12_345],
    ['the largest', 25 * 1024 * 1024],
  ])(
    'with the length: %s',
    async (name, length) => {
      const bytes = noise(length);
      for (const shape of length === 0 ? [WEBM] : [WAV, WEBM]) {
        const key = `whole/${name}/${shape.headerBytes}`;
        const { most, uploads, left } = await store(key, bytes, shape);
        const found = await stored(key);
        expect(found.type).toBe(shape.content_type);
        const expected = concat(new Uint8Array(shape.headerBytes).fill(7), bytes);
        expect(found.bytes.length).toBe(expected.length);
        expect(found.bytes.every((byte, at) => byte === expected[at])).toBe(true);
        expect(most).toBeLessThanOrEqual((shape.headerBytes > 0 ? 2 : 1) * PART_BYTES);
        expect(uploads.length).toBeLessThanOrEqual(expected.length < PART_BYTES ? 0 : 1);
        expect(left).toBe(0);
      }
    },
    60_000,
  );
});

describe('recordings that arrive at the same time', () => {
  it('hold at most the maximum together, and the next one is refused with Retry-After', async () => {
    const memory = new HeldMemory(3 * PART_BYTES);
    const uploads = Array.from(
      { length: 4 },
      (_, index) => new RecordingUpload(bucket, `many/${index}`, () => Promise.resolve(), memory),
    );
    const half = noise(PART_BYTES - 100);
    for (const upload of uploads.slice(0, 3)) await upload.write(half, WAV);
    const refused = await uploads[3]?.write(half, WAV).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ProblemError);
    expect((refused as ProblemError).problem.code).toBe('service_overloaded');
    await uploads[3]?.abort();
    // One that ends makes room for another.
    await uploads[0]?.finish(new Uint8Array(44), 'audio/wav');
    const next = new RecordingUpload(bucket, 'many/next', () => Promise.resolve(), memory);
    await next.write(half, WAV);
    await Promise.all([next, ...uploads].map((upload) => upload.abort()));
    expect(memory.bytes).toBe(0);
  });

  it('hold only as much memory as their length needs, as a hundred short ones', async () => {
    const memory = new HeldMemory();
    const uploads = Array.from(
      { length: 100 },
      (_, index) => new RecordingUpload(bucket, `short/${index}`, () => Promise.resolve(), memory),
    );
    for (const upload of uploads) await upload.write(noise(100_000), WAV);
    expect(memory.bytes).toBeLessThan(100 * 200_000);
    await Promise.all(uploads.map((upload) => upload.abort()));
  });

  it('are counted only as long as a request can last, if they end without a call of release', () => {
    const memory = new HeldMemory(100);
    const clock = { now: 1_000_000 };
    const real = Date.now;
    Date.now = () => clock.now;
    try {
      memory.hold({}, 100);
      expect(() => memory.hold({}, 1)).toThrow('Too many recordings');
      clock.now += 10 * 60_000 + 1;
      memory.hold({}, 100);
      expect(memory.bytes).toBe(100);
    } finally {
      Date.now = real;
    }
  });

  it('leave nothing stored after an abort', async () => {
    let id = '';
    const upload = new RecordingUpload(
      bucket,
      'given-up',
      (uploadId) => {
        id = uploadId;
        return Promise.resolve();
      },
      new HeldMemory(),
    );
    await upload.write(noise(3 * PART_BYTES), WEBM);
    expect(id).not.toBe('');
    await upload.abort();
    expect(await bucket.head('given-up')).toBeNull();
    await expect(bucket.resumeMultipartUpload('given-up', id).complete([])).rejects.toThrow();
  });
});
