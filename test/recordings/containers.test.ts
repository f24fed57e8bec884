/** Recordings of phones and browsers: Ogg, WebM and MP4 with sound are stored unchanged. */
import { describe, expect, it } from 'vitest';
import { RecordingIntake } from '../../src/recordings/intake.ts';
import { MAX_MP4_BOXES } from '../../src/recordings/mp4.ts';
import { MAX_OGG_PAGES } from '../../src/recordings/ogg.ts';
import { MAX_WEBM_ELEMENTS } from '../../src/recordings/webm.ts';
import * as recorded from '../fixtures/containers.ts';
import { ascii, concat, CONFIGS, noise, take } from '../support/recordings.ts';

const unsupported = (what: string) => ({
  ok: false,
  code: 'recording_unsupported',
  detail: `This is ${what}. Send WAV, MP3, FLAC or PCM samples.`,
});
const soundless = (why: string) => ({
  ok: false,
  code: 'message_empty',
  detail: `There is no sound in the recording: ${why}.`,
});

/** A copy with other bytes at the places where a text stands. */
function replaced(file: Uint8Array, text: string, other: string): Uint8Array {
  const made = file.slice();
  const wanted = ascii(text);
  for (let at = 0; at + wanted.length <= made.length; at += 1) {
    if (wanted.every((byte, index) => made[at + index] === byte)) made.set(ascii(other), at);
  }
  expect(made).not.toEqual(file);
  return made;
}

describe('a recording in a container', () => {
  it.each([
    ['Ogg with Opus', recorded.OGG_OPUS, 'audio/ogg'],
    ['Ogg with Vorbis', recorded.OGG_VORBIS, 'audio/ogg'],
    ['WebM of a browser', recorded.WEBM_CHROMIUM, 'audio/webm'],
    ['WebM in slices', recorded.WEBM_STREAMED, 'audio/webm'],
    ['WebM of ffmpeg', recorded.WEBM_OPUS, 'audio/webm'],
    ['MP4 of a browser', recorded.MP4_CHROMIUM, 'audio/mp4'],
    ['M4A of a phone, described at its end', recorded.M4A, 'audio/mp4'],
    ['MP4, described in front', recorded.MP4_FAST, 'audio/mp4'],
    ['MP4 in fragments', recorded.MP4_FRAGMENTED, 'audio/mp4'],
  ])(
    '%s is stored unchanged with any label and for any division into chunks',
    (_, recording, content_type) => {
      for (const config of CONFIGS) {
        const expected = { ok: true, content_type, stored: recording };
        expect(take(config, recording)).toEqual(expected);
        expect(take(config, recording, [1])).toEqual(expected);
      }
    },
  );

  it('is passed on and not held once its format is known', () => {
    const long = concat(recorded.OGG_OPUS, ...Array.from({ length: 500 }, () => recorded.OGG_OPUS));
    const intake = new RecordingIntake(null);
    let passed = 0;
    for (let at = 0; at < long.length; at += 4_096)
      passed += intake.push(long.subarray(at, at + 4_096)).length;
    expect(long.length - passed).toBeLessThan(4_096);
    expect(intake.shape).toEqual({ headerBytes: 0, content_type: 'audio/ogg' });
  });

  it.each([
    ['Ogg', recorded.OGG_OPUS_SHORT, 'the Ogg file is shorter than 50 ms'],
    ['WebM', recorded.WEBM_OPUS_SHORT, 'the WebM file is shorter than 50 ms'],
    ['MP4', recorded.M4A_SHORT, 'the MP4 file is shorter than 50 ms'],
    ['WebM of a button that was only touched', recorded.WEBM_TOUCHED, 'the WebM file is shorter than 50 ms'],
    ['Ogg without its sound', recorded.OGG_OPUS.subarray(0, 140), 'the Ogg file is shorter than 50 ms'],
    [
      'WebM without its sound',
      recorded.WEBM_CHROMIUM.subarray(0, 270),
      'the WebM file is shorter than 50 ms',
    ],
    ['MP4 without its sound', recorded.MP4_CHROMIUM.subarray(0, 660), 'the MP4 file ends before its sound'],
    ['Ogg cut in its first page', recorded.OGG_OPUS.subarray(0, 40), 'the Ogg file ends within its header'],
  ])('%s of less than 50 ms is an empty message', (_, recording, why) => {
    for (const config of CONFIGS) expect(take(config, recording)).toEqual(soundless(why));
  });
});

describe('a container is refused by its name', () => {
  const damagedOgg = concat(recorded.OGG_OPUS.subarray(0, 47), noise(900));
  const withTrack = (file: Uint8Array, from: string, to: string) => replaced(file, from, to);

  it.each([
    ['a WebM file with video', recorded.WEBM_VIDEO],
    ['an MP4 or 3GP file with video', recorded.VIDEO_3GP],
    ['an MP4 or 3GP file with video', recorded.MP4_VIDEO],
    ['an MP4 or 3GP file with AMR', recorded.AMR_3GP],
    ['a QuickTime file', recorded.QUICKTIME],
    ['a Matroska file', recorded.MATROSKA],
    ['an EBML file of another kind than WebM', withTrack(recorded.WEBM_OPUS, 'webm', 'else')],
    ['a WebM file with neither Opus nor Vorbis', withTrack(recorded.WEBM_OPUS, 'A_OPUS', 'A_FLAC')],
    ['an Ogg file with Speex', withTrack(recorded.OGG_OPUS, 'OpusHead', 'Speex   ')],
    ['an Ogg file with video', withTrack(recorded.OGG_OPUS, 'OpusHead', '\u0080theora.')],
    ['an Ogg file with neither Opus nor Vorbis', withTrack(recorded.OGG_OPUS, 'OpusHead', 'OpusHund')],
    ['an Ogg file that is damaged', damagedOgg],
    ['an MP4 file with an encoding other than AAC', withTrack(recorded.MP4_FAST, 'mp4a', 'qclp')],
    ['an MP4 file that is encrypted', withTrack(recorded.MP4_FAST, 'mp4a', 'enca')],
    ['an MP4 file without an audio track', withTrack(recorded.MP4_FAST, 'soun', 'text')],
    ['an MP4 file without a description of its tracks', recorded.M4A.subarray(0, 700)],
    ['an image (HEIF)', withTrack(recorded.M4A, 'ftypM4A ', 'ftypheic')],
    [
      'an MP4 file that is damaged',
      concat(ascii('\0\0\0\u0010ftypM4A \0\0\0\0'), Uint8Array.of(0, 0, 0, 4), noise(1_000)),
    ],
    ['a WebM file that is damaged', concat(recorded.WEBM_OPUS.subarray(0, 40), new Uint8Array(99).fill(3))],
  ])('it is %s', (what, recording) => {
    for (const config of CONFIGS) {
      expect(take(config, recording)).toEqual(unsupported(what));
      expect(take(config, recording, [13])).toEqual(unsupported(what));
    }
  });

  it('its head alone is not enough', () => {
    for (const head of ['OggS\0\u0002', '\u001a\u0045\u00df\u00a3', '\0\0\0\u0020ftypM4A ']) {
      for (const config of CONFIGS) {
        expect(take(config, concat(ascii(head), new Uint8Array(1_000)))).toMatchObject({ ok: false });
        expect(take(config, concat(ascii(head), noise(50_000)))).toMatchObject({ ok: false });
      }
    }
  });
});

describe('a container without sound', () => {
  it('is refused after the maximum of pages, elements or boxes', () => {
    const page = recorded.OGG_OPUS.slice(0, 47);
    const empty = page.slice();
    // Neither the beginning of a stream nor the end of a packet.
    empty[5] = 0;
    empty.fill(0xff, 6, 14);
    const pages = (count: number) => concat(page, ...Array.from({ length: count }, () => empty));
    expect(take(null, pages(MAX_OGG_PAGES - 2))).toMatchObject({ code: 'message_empty' });
    expect(take(null, pages(MAX_OGG_PAGES - 1))).toEqual(
      unsupported('an Ogg file without sound on its first 1024 pages'),
    );
    const voids = new Uint8Array(2 * MAX_WEBM_ELEMENTS).map((_, at) => (at % 2 === 0 ? 0xec : 0x80));
    expect(take(null, concat(recorded.WEBM_OPUS.subarray(0, 36), voids))).toEqual(
      unsupported('a WebM file without sound in its first 4096 elements'),
    );
    const free = concat(...Array.from({ length: MAX_MP4_BOXES }, () => ascii('\0\0\0\u0008free')));
    expect(take(null, concat(recorded.M4A.subarray(0, 28), free))).toEqual(
      unsupported('an MP4 file without sound in its first 4096 boxes'),
    );
  });
});
