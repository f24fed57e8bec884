/** MP3 and FLAC are stored as they came; what else people send is refused by its name. */
import { describe, expect, it } from 'vitest';
import { RecordingIntake } from '../../src/recordings/intake.ts';
import { MAX_METADATA_BLOCKS } from '../../src/recordings/flac.ts';
import { MAX_BEFORE_FRAME_BYTES } from '../../src/recordings/mpeg-file.ts';
import { MAX_TAG_BYTES, MAX_TAGS } from '../../src/recordings/sniff.ts';
import { FLAC, MP3_MPEG1, MP3_MPEG2, MP3_MPEG25 } from '../fixtures/recordings.ts';
import {
  adtsFrames,
  ape,
  ascii,
  concat,
  CONFIGS,
  id3,
  MP3_CONFIG,
  mp3Frames,
  noise,
  PCM16,
  take,
} from '../support/recordings.ts';

const mpeg = (stored: Uint8Array) => ({ ok: true, content_type: 'audio/mpeg', stored });
const flac = (stored: Uint8Array) => ({ ok: true, content_type: 'audio/flac', stored });
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
const UNKNOWN = {
  ok: false,
  code: 'recording_unsupported',
  detail: expect.stringMatching(/^The recording is (?:in none of the accepted formats|not WAV)/),
};
const UNLABELLED = [null, MP3_CONFIG];

describe('MP3', () => {
  it.each([
    ['MPEG 1', MP3_MPEG1],
    ['MPEG 2', MP3_MPEG2],
    ['MPEG 2.5', MP3_MPEG25],
    ['made by hand', mp3Frames(3)],
  ])('is stored unchanged as %s, with any label', (_, recording) => {
    for (const config of CONFIGS) expect(take(config, recording)).toEqual(mpeg(recording));
  });

  it('is stored unchanged after tags of any version, with and without a footer', () => {
    for (const config of CONFIGS) {
      for (const tag of [
        id3(0),
        id3(300, { footer: true }),
        id3(70_000, { version: 3 }),
        id3(12, { version: 2 }),
      ]) {
        const recording = concat(tag, id3(5), MP3_MPEG2);
        expect(take(config, recording)).toEqual(mpeg(recording));
      }
    }
  });

  it('has a tag of megabytes passed on, and not held', () => {
    const intake = new RecordingIntake(null);
    const tag = id3(3 * 1024 * 1024);
    let passed = 0;
    for (let at = 0; at < tag.length; at += 65_536)
      passed += intake.push(tag.subarray(at, at + 65_536)).length;
    expect(passed).toBe(tag.length);
    expect(concat(intake.push(MP3_MPEG2), intake.end().rest)).toEqual(MP3_MPEG2);
  });

  it('is refused after more tags than the maximum', () => {
    const tags = (count: number) => concat(...Array.from({ length: count }, () => id3(0)));
    const recording = concat(tags(MAX_TAGS), MP3_MPEG2);
    expect(take(PCM16, recording)).toEqual(mpeg(recording));
    expect(take(PCM16, concat(tags(MAX_TAGS + 1), MP3_MPEG2))).toEqual(
      unsupported('a file with more than 16 ID3 tags'),
    );
  });

  it('is stored unchanged after an APE tag with a picture, with any label', () => {
    for (const bytes of [32, 20_000]) {
      for (const recording of [concat(ape(bytes), MP3_MPEG2), concat(id3(7), ape(bytes), MP3_MPEG1)]) {
        for (const config of CONFIGS) expect(take(config, recording)).toEqual(mpeg(recording));
      }
    }
  });

  it('is refused after more bytes of tags than the maximum', () => {
    const of = (bytes: number) => concat(id3(bytes), MP3_MPEG2);
    expect(take(null, of(MAX_TAG_BYTES - 10))).toMatchObject({ content_type: 'audio/mpeg' });
    expect(take(null, of(MAX_TAG_BYTES - 9))).toEqual(
      unsupported('a file with more than 4194304 bytes of tags'),
    );
  });

  it('may have one frame, a frame and a cut one, or a frame and a closing tag', () => {
    for (const recording of [
      mp3Frames(1),
      mp3Frames(2).subarray(0, 111),
      mp3Frames(2).subarray(0, -1),
      concat(mp3Frames(1), ascii('TAG'), new Uint8Array(125)),
      concat(mp3Frames(1), ascii('APETAGEX'), new Uint8Array(24)),
    ]) {
      for (const config of UNLABELLED) expect(take(config, recording)).toEqual(mpeg(recording));
      expect(take(PCM16, recording)).toEqual(soundless('it is shorter than 50 ms'));
    }
  });

  it('is recognized after the rest of a frame or padding, with any label', () => {
    for (const before of [mp3Frames(1).subarray(17), new Uint8Array(MAX_BEFORE_FRAME_BYTES)]) {
      const recording = concat(before, mp3Frames(3));
      for (const config of CONFIGS) expect(take(config, recording)).toEqual(mpeg(recording));
      const tagged = concat(id3(20), recording);
      for (const config of CONFIGS) expect(take(config, tagged)).toEqual(mpeg(tagged));
    }
    expect(take(null, concat(new Uint8Array(MAX_BEFORE_FRAME_BYTES + 1), mp3Frames(3)))).toEqual(UNKNOWN);
    expect(take(null, concat(new Uint8Array(7), mp3Frames(2)))).toEqual(UNKNOWN);
  });

  it('is not recognized if the second frame is not at the position that the first implies', () => {
    const shifted = concat(mp3Frames(1), new Uint8Array(1), mp3Frames(1));
    const otherRate = mp3Frames(2).fill(0x34, 110, 111);
    for (const recording of [shifted, otherRate]) expect(take(null, recording)).toEqual(UNKNOWN);
  });

  it('is not recognized by two frames if samples are announced', () => {
    const recording = concat(mp3Frames(2), noise(5_000));
    expect(take(null, recording)).toEqual(mpeg(recording));
    expect(take(PCM16, recording)).toMatchObject({ content_type: 'audio/wav' });
  });

  it.each([
    ['a reserved version', [0xff, 0xeb, 0x38, 0xc4]],
    ['a forbidden bitrate', [0xff, 0xf3, 0xf8, 0xc4]],
    ['a reserved sample rate', [0xff, 0xf3, 0x3c, 0xc4]],
    ['a reserved emphasis', [0xff, 0xf3, 0x38, 0xc6]],
  ])('is not recognized with %s', (_, header) => {
    expect(take(null, concat(Uint8Array.from(header), new Uint8Array(600)))).toEqual(UNKNOWN);
  });

  it('is refused by name in free format and in other layers', () => {
    const of = (...header: number[]) => concat(Uint8Array.from(header), new Uint8Array(600));
    for (const config of UNLABELLED) {
      expect(take(config, of(0xff, 0xf3, 0x08, 0xc4))).toEqual(unsupported('MP3 of free format'));
      expect(take(config, of(0xff, 0xfd, 0x84, 0xc4))).toEqual(
        unsupported('MPEG audio of another layer than III'),
      );
    }
  });

  it('is an empty message without a frame of sound', () => {
    for (const config of UNLABELLED) {
      for (const recording of [mp3Frames(1).subarray(0, -1), mp3Frames(1).subarray(0, 4)]) {
        expect(take(config, recording)).toEqual(soundless('the MP3 file has no complete audio frame'));
      }
      for (const contents of ['Xing', 'Info']) {
        expect(take(config, mp3Frames(1, contents))).toMatchObject({ code: 'message_empty' });
        expect(take(config, mp3Frames(2, contents))).toEqual(mpeg(mp3Frames(2, contents)));
      }
    }
    for (const config of CONFIGS) {
      expect(take(config, id3(500))).toEqual(soundless('it ends after its ID3 tag'));
      expect(take(config, id3(500).subarray(0, 99))).toEqual(soundless('it ends after its ID3 tag'));
    }
  });

  it('may have a table of contents in its first frame only', () => {
    const recording = concat(...Array.from({ length: 500 }, () => mp3Frames(1, 'Info')));
    for (const config of CONFIGS) expect(take(config, recording)).toEqual(mpeg(recording));
  });

  it('is not recognized if something else follows the tag', () => {
    for (const config of CONFIGS) {
      expect(take(config, concat(id3(50), new Uint8Array(9_000)))).toEqual({
        ok: false,
        code: 'recording_unsupported',
        detail: 'Neither MP3 nor FLAC follows the ID3 tag of the recording.',
      });
    }
  });
});

describe('FLAC', () => {
  /** End of the fixture's second metadata block. */
  const firstFrame = 42 + 4 + (((FLAC[43] ?? 0) << 16) | ((FLAC[44] ?? 0) << 8) | (FLAC[45] ?? 0));

  it('is stored unchanged with any label, also after a tag and large metadata', () => {
    const picture = concat(Uint8Array.of(6, 1, 0, 0), new Uint8Array(65_536));
    for (const config of CONFIGS) {
      for (const recording of [
        FLAC,
        concat(id3(1_000), FLAC),
        concat(FLAC.subarray(0, 42), picture, FLAC.subarray(42)),
      ]) {
        expect(take(config, recording)).toEqual(flac(recording));
      }
    }
  });

  it('needs no metadata but its stream information', () => {
    const recording = concat(FLAC.subarray(0, 42), FLAC.subarray(firstFrame));
    recording[4] = 0x80;
    expect(take(null, recording)).toEqual(flac(recording));
  });

  it('is refused with more metadata blocks than the maximum', () => {
    // The fixture brings two.
    const of = (more: number) => {
      const empty = new Uint8Array(4 * more).map((_, at) => (at % 4 === 0 ? 1 : 0));
      return concat(FLAC.subarray(0, 42), empty, FLAC.subarray(42));
    };
    const most = of(MAX_METADATA_BLOCKS - 2);
    expect(take(null, most)).toEqual(flac(most));
    expect(take(null, of(MAX_METADATA_BLOCKS - 1))).toEqual(
      unsupported('a FLAC file with more than 1024 metadata blocks'),
    );
  });

  const changed = (at: number, ...bytes: number[]) => {
    const recording = FLAC.slice();
    recording.set(bytes, at);
    return recording;
  };

  it.each([
    ['another first block', changed(4, 1), 'that does not begin with its stream information'],
    ['a short block', changed(7, 33), 'that does not begin with its stream information'],
    ['tiny blocks', changed(8, 0, 15), 'with invalid stream information'],
    ['blocks the wrong way', changed(8, 0x10, 1), 'with invalid stream information'],
    ['no sample rate', changed(18, 0, 0, 0), 'with invalid stream information'],
    ['too few bits', changed(20, 0xf0, 0x20), 'with invalid stream information'],
    ['a forbidden block', changed(42, 0xff), 'with a metadata block of a forbidden type'],
    ['no sync code', changed(firstFrame, 0), 'with no audio frame after its metadata'],
    ['a reserved block size', changed(firstFrame + 2, 0x04), 'with no audio frame after its metadata'],
    ['a reserved channel', changed(firstFrame + 3, 0xb8), 'with no audio frame after its metadata'],
  ])('with %s is refused', (_, recording, what) => {
    for (const config of CONFIGS) expect(take(config, recording)).toEqual(unsupported(`a FLAC file ${what}`));
  });

  it('is an empty message without a frame', () => {
    for (const config of CONFIGS) {
      for (const [length, why] of [
        [4, 'the FLAC file ends within its header'],
        [41, 'the FLAC file ends within its header'],
        [44, 'the FLAC file ends within its metadata'],
        [firstFrame - 1, 'the FLAC file has no audio frame'],
        [firstFrame, 'the FLAC file has no audio frame'],
        [firstFrame + 9, 'the FLAC file has no audio frame'],
      ] as const) {
        expect(take(config, FLAC.subarray(0, length))).toEqual(soundless(why));
      }
    }
  });
});

describe('a known format that is not accepted', () => {
  it.each([
    ['FORM\0\0\x10\0AIFF', 'an AIFF file'],
    ['FORM\0\0\x10\0AIFC', 'an AIFF file'],
    ['caff\0\u0001', 'a CAF file'],
    ['#!AMR\n', 'an AMR file'],
    ['#!AMR-WB\n', 'an AMR file'],
    ['.snd\0\0\0\x18', 'an AU file'],
    ['\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9', 'a WMA file'],
    ['riff\x2e\x91\xcf\x11', 'a Wave64 file'],
    ['RF64\xff\xff\xff\xffWAVE', 'an RF64 file'],
    ['BW64\xff\xff\xff\xffWAVE', 'a BW64 file'],
    ['RIFX\0\0\x10\0WAVE', 'a big-endian WAV file (RIFX)'],
  ])('gets its name from its first bytes: %j is %s', (head, what) => {
    const recording = concat(ascii(head), new Uint8Array(1_000));
    for (const config of CONFIGS) expect(take(config, recording)).toEqual(unsupported(what));
  });

  it('is AAC in ADTS, also after a tag', () => {
    for (const config of CONFIGS) {
      expect(take(config, adtsFrames(3))).toEqual(unsupported('an AAC file (ADTS)'));
      expect(take(config, concat(id3(63), adtsFrames(3)))).toEqual(unsupported('an AAC file (ADTS)'));
    }
    expect(take(PCM16, concat(adtsFrames(2), noise(5_000)))).toMatchObject({
      content_type: 'audio/wav',
    });
  });

  it('is refused as soon as it is certain, and at every later call', () => {
    const intake = new RecordingIntake(PCM16);
    const push = (text: string) => () => intake.push(ascii(text));
    expect(push('FORM')).not.toThrow();
    expect(push('\0\0\u0010\0AIFF')).toThrow('an AIFF file');
    expect(push('more')).toThrow('an AIFF file');
    expect(() => intake.end()).toThrow('an AIFF file');
  });
});
